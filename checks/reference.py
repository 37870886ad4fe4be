"""Names of images: parse once by Docker's own grammar, normalize, and say what is wrong with a bad one.

`parse` gives what the engine itself understands by a name: `ana/app` is docker.io/ana/app:latest.
The grammar is that of github.com/distribution/reference; its test tables are ours too.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from checks.errors import BadReference

DOCKER_HUB: Final = "docker.io"
_LEGACY_HUB = "index.docker.io"
_OFFICIAL = "library/"
_PATH_LIMIT = 255
# Nothing that Docker accepts is longer; it also keeps the regular expressions fast.
_TEXT_LIMIT = 2048

_JOINT = r"(?:[._]|__|-+)"
_COMPONENT = rf"[a-z0-9]+(?:{_JOINT}[a-z0-9]+)*"
_PATH = rf"{_COMPONENT}(?:/{_COMPONENT})*"
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_DOMAIN = rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_TAG = r"\w[\w.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_NAME = rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_PATH})"

DOMAIN = re.compile(_DOMAIN, re.ASCII)
NAME = re.compile(_NAME, re.ASCII)
REFERENCE = re.compile(rf"(?P<name>{_NAME})(?::(?P<tag>{_TAG}))?(?:@(?P<digest>{_DIGEST}))?", re.ASCII)
IDENTIFIER = re.compile(r"[a-f0-9]{64}", re.ASCII)
_SHA256 = re.compile(r"sha256:[a-f0-9]{64}", re.ASCII)
_PATH_ONLY = re.compile(_PATH, re.ASCII)
_SEPARATOR = re.compile(_JOINT, re.ASCII)


@dataclass(frozen=True)
class Reference:
    """The name of an image, normalized; a digest, when there is one, decides which content is meant."""

    registry: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @property
    def namespace(self) -> str:
        """`ana` of ana/app; `library` of alpine; empty where a registry has no namespaces."""
        return self.repository.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Registry and repository, without tag and digest."""
        return f"{self.registry}/{self.repository}"

    @property
    def target(self) -> str:
        """What a registry is asked for: the digest, else the tag."""
        return self.digest or self.tag or "latest"

    @property
    def familiar_name(self) -> str:
        """The repository as people type it, without tag and digest: the shortest that means the same."""
        short = self.repository.removeprefix(_OFFICIAL)
        meant = (self.registry, self.repository)
        names = (name for name in (short, self.repository) if _split_registry(name) == meant)
        return next(names, self.name)

    @property
    def familiar(self) -> str:
        """The whole name as people type it: `ana/app:latest`."""
        return self.familiar_name + self._suffix

    @property
    def on_docker_hub(self) -> bool:
        return self.registry == DOCKER_HUB

    def scope(self, action: str = "pull") -> str:
        """The right to ask a token service for; to push means to read too."""
        actions = "pull,push" if action == "push" else action
        return f"repository:{self.repository}:{actions}"

    def __str__(self) -> str:
        return self.name + self._suffix

    @property
    def _suffix(self) -> str:
        return (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse(text: str) -> Reference:
    """What the engine understands by a name: `:latest` when nothing is said, the digest alone when it is."""
    named = normalize(text)
    if named.digest:
        return Reference(named.registry, named.repository, None, named.digest)
    return Reference(named.registry, named.repository, named.tag or "latest")


def normalize(text: str) -> Reference:
    """The full name of what was written, adding no tag."""
    if not text:
        raise BadReference(text, "name", "Falta o nome da imagem")
    if IDENTIFIER.fullmatch(text):
        raise BadReference(text, "name", "isto é o identificador de uma imagem, não o nome dela")
    registry, remainder = _split_registry(text)
    path = remainder.partition(":")[0]
    if path.lower() != path:
        raise _uppercase(text)
    try:
        found = split(f"{registry}/{remainder}")
    except BadReference as error:
        raise BadReference(text, error.part, error.reason, _nearest(text)) from None
    if not found.registry:  # `a_b.c/x`: a dot makes it a registry, `_` is in no registry's address
        raise BadReference(text, "registry", _REGISTRY_RULE)
    return found


def split(text: str) -> Reference:
    """The parts exactly as written; `registry` is empty when none was."""
    match = REFERENCE.fullmatch(text) if len(text) <= _TEXT_LIMIT else None
    if match is None:
        raise _diagnose(text)
    if len(match["path"]) > _PATH_LIMIT:
        raise BadReference(text, "repository", f"o nome do repositório passa de {_PATH_LIMIT} caracteres")
    if match["digest"] and not _SHA256.fullmatch(match["digest"]):
        raise BadReference(text, "digest", _DIGEST_RULE)
    return Reference(match["domain"] or "", match["path"], match["tag"], match["digest"])


def _split_registry(text: str) -> tuple[str, str]:
    """Docker's rule: the first part is a registry if it has `.`, `:` or a capital, or is localhost."""
    first, slash, rest = text.partition("/")
    is_registry = first == "localhost" or "." in first or ":" in first or first.lower() != first
    registry, remainder = (first, rest) if slash and is_registry else (DOCKER_HUB, text)
    if registry == _LEGACY_HUB:
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in remainder:
        remainder = _OFFICIAL + remainder
    return registry, remainder


# What is wrong with a name, and the nearest one that works.

_UPPERCASE_RULE = "o nome do repositório só aceita minúsculas"
_TAG_RULE = (
    "a tag só aceita letras sem acento, números, `_`, `.` e `-`, não começa por `.` nem `-` "
    "e tem no máximo 128 caracteres"
)
_DIGEST_RULE = "o digest é `sha256:` seguido de 64 algarismos hexadecimais em minúsculas"
_NAME_RULE = (
    "o nome do repositório só aceita letras minúsculas sem acento, números e, entre eles, "
    "`.`, `_`, `__` ou `-`, com partes separadas por uma só `/`"
)
_WEB_RULE = "isto é um endereço da web, não o nome de uma imagem"
_REGISTRY_RULE = "o endereço do registry antes da primeira `/` não é válido"
_WEB_PREFIX = re.compile(r"https?://(?:hub\.docker\.com/(?:r/|_/|repository/docker/)?)?", re.ASCII)


def _uppercase(text: str) -> BadReference:
    return BadReference(text, "repository", _UPPERCASE_RULE, _nearest(text))


def _diagnose(text: str) -> BadReference:
    """Which part of a name that does not match is wrong."""
    if not text:
        return BadReference(text, "name", "Falta o nome da imagem")
    if len(text) > _TEXT_LIMIT:
        return BadReference(text, "name", f"o nome passa de {_TEXT_LIMIT} caracteres")
    if _WEB_PREFIX.match(text):
        return BadReference(text, "name", _WEB_RULE, _nearest(text))
    if REFERENCE.fullmatch(text.lower()):
        return _uppercase(text)
    return BadReference(text, *_wrong_part(text), _nearest(text))


def _wrong_part(text: str) -> tuple[str, str]:
    named, at, _ = text.partition("@")
    if at and REFERENCE.fullmatch(named):
        return "digest", _DIGEST_RULE
    head, slash, last = named.rpartition("/")
    last, colon, _ = last.partition(":")
    if colon and NAME.fullmatch(head + slash + last):
        return "tag", _TAG_RULE
    first, slash, rest = named.partition("/")
    if slash and _PATH_ONLY.fullmatch(rest.partition(":")[0]) and not DOMAIN.fullmatch(first):
        return "registry", _REGISTRY_RULE
    return "repository", _NAME_RULE


def _nearest(text: str) -> str | None:
    """A name close to `text` that Docker accepts, or nothing when a guess would be wild."""
    plain = unicodedata.normalize("NFKD", text.strip()[:_TEXT_LIMIT])
    plain = _WEB_PREFIX.sub("", plain.encode("ascii", "ignore").decode("ascii")).partition("@")[0]
    head, slash, last = plain.strip("/").rpartition("/")
    last, colon, tag = last.partition(":")
    path = re.sub(r"[^a-z0-9._:/-]+", "-", f"{head}{slash}{last}".lower())
    path = re.sub(r"/{2,}", "/", path)
    path = "/".join(part.strip("._-") for part in path.split("/"))
    path = re.sub(r"[._-]+", lambda run: run[0] if _SEPARATOR.fullmatch(run[0]) else "-", path)
    tag = re.sub(r"[^\w.-]+", "-", tag, flags=re.ASCII).lstrip(".-")[:128]
    candidate = path + (f":{tag}" if colon and tag else "")
    return candidate if candidate != text and _accepted(candidate) else None


def _accepted(candidate: str) -> bool:
    match = REFERENCE.fullmatch(candidate)
    return bool(match and len(match["path"]) <= _PATH_LIMIT and not IDENTIFIER.fullmatch(candidate))
