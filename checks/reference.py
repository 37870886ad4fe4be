"""Names of images: parse once by Docker's own grammar, normalize, and say what is wrong with a bad one.

`parse` gives what the engine itself understands by a name: `ana/app` is docker.io/ana/app:latest.
The grammar is that of github.com/distribution/reference; its test tables are ours too.
"""

import re
from dataclasses import dataclass
from typing import Final

from checks import place
from checks.errors import BadReference
from checks.grammar import (
    DOMAIN_MARK,
    ENGINE_DIGEST,
    IDENTIFIER,
    PATH_LIMIT,
    REFERENCE,
    SHA256,
    TAG,
    TEXT_LIMIT,
)
from checks.misnamed import (
    DIGEST_RULE,
    IDENTIFIER_RULE,
    REGISTRY_RULE,
    UPPERCASE_RULE,
    guess,
    is_web,
    wrong_part,
)

DOCKER_HUB: Final = "docker.io"
_LEGACY_HUB = "index.docker.io"
OFFICIAL: Final = "library"  # the namespace of what is named without one
# Addresses of Docker Hub that people copy into a name, and that Docker takes for other registries.
_SITES = ("hub.docker.com", "www.docker.com", "docker.com", "registry-1.docker.io")


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
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    @property
    def target(self) -> str:
        """What a registry is asked for: the digest, else the tag."""
        return self.digest or self.tag or "latest"

    @property
    def familiar_name(self) -> str:
        """The repository as people type it, without tag and digest: the shortest that means the same."""
        short = self.repository.removeprefix(f"{OFFICIAL}/")
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


def is_tag(text: str) -> bool:
    return TAG.fullmatch(text) is not None


def normalize(text: str) -> Reference:
    """The full name of what was written, adding no tag."""
    try:
        return _understood(text)
    except BadReference as error:
        raise BadReference(text, error.part, error.reason, _nearest(text)) from None


def parse_typed(text: str) -> Reference:
    """`parse` for what a learner typed: also refuses what Docker takes for an image of an unmeant registry.

    Docker accepts `hub.docker.com/ana/app` and `Ana/app`: registries called hub.docker.com and Ana. And in
    `a_b.c/app` it finds no registry at all: no address has `_`, but no owner on Docker Hub has a dot.
    """
    try:
        found = parse(text)
        _refuse_unmeant(text, found)
    except BadReference as error:
        raise BadReference(text, error.part, error.reason, _nearest(text)) from None
    return found


def _refuse_unmeant(text: str, found: Reference) -> None:
    if not found.registry:
        raise BadReference(text, "registry", REGISTRY_RULE)
    if found.registry.lower() in (*_SITES, place.hub_host()):
        reason = f"{found.registry} é um endereço do Docker Hub que não entra no nome da imagem"
        raise BadReference(text, "registry", reason)
    if found.registry != "localhost" and not DOMAIN_MARK.search(found.registry):
        raise BadReference(text, "repository", UPPERCASE_RULE)


def split(text: str, digests: re.Pattern[str] = SHA256) -> Reference:
    """The parts exactly as written; `registry` is empty when none was."""
    match = REFERENCE.fullmatch(text) if len(text) <= TEXT_LIMIT else None
    if match is None:
        raise BadReference(text, *wrong_part(text))
    if len(match["path"]) > PATH_LIMIT:
        raise BadReference(text, "repository", f"o nome do repositório passa de {PATH_LIMIT} caracteres")
    if match["digest"] and not digests.fullmatch(match["digest"]):
        raise BadReference(text, "digest", DIGEST_RULE)
    return Reference(match["domain"] or "", match["path"], match["tag"], match["digest"])


def _understood(text: str) -> Reference:
    """As the engine normalizes; the error says which part is wrong and why, not yet what to write."""
    if IDENTIFIER.fullmatch(text):
        raise BadReference(text, "name", IDENTIFIER_RULE)
    registry, remainder = _split_registry(text)
    whole = f"{registry}/{remainder}"
    capital = _has_capital(remainder.partition(":")[0])
    if not text or capital or is_web(text) or not REFERENCE.fullmatch(whole[: TEXT_LIMIT + 1]):
        raise BadReference(text, *wrong_part(text))
    return split(whole, ENGINE_DIGEST)


def _nearest(text: str) -> str | None:
    """A name close to `text` that works and means what it says."""
    candidate = guess(text)
    if candidate is None or candidate == text:
        return None
    try:
        _refuse_unmeant(candidate, _understood(candidate))
    except BadReference:
        return None
    return candidate


def _split_registry(text: str) -> tuple[str, str]:
    """Docker's rule: the first part is a registry if it has `.`, `:` or a capital, or is localhost."""
    first, slash, rest = text.partition("/")
    is_registry = first == "localhost" or DOMAIN_MARK.search(first) or _has_capital(first)
    registry, remainder = (first, rest) if slash and is_registry else (DOCKER_HUB, text)
    if registry == _LEGACY_HUB:
        registry = DOCKER_HUB
    if registry == DOCKER_HUB and "/" not in remainder:
        remainder = f"{OFFICIAL}/{remainder}"
    return registry, remainder


def _has_capital(text: str) -> bool:
    return text.lower() != text
