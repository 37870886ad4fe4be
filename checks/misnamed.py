"""A name that Docker refuses: which part is wrong, why, and what was probably meant."""

import re
import unicodedata
from typing import Final

from checks import place
from checks.grammar import DOMAIN, DOMAIN_MARK, NAME, REFERENCE, SEPARATOR, TAG, TEXT_LIMIT

UPPERCASE_RULE: Final = "o nome do repositório só aceita minúsculas"
DIGEST_RULE: Final = "o digest é `sha256:` seguido de 64 algarismos hexadecimais em minúsculas"
REGISTRY_RULE: Final = "o endereço do registry antes da primeira `/` não é válido"
IDENTIFIER_RULE: Final = "isto é o identificador de uma imagem, não o nome dela"
_TAG_RULE = (
    "a tag só aceita letras sem acento, números, `_`, `.` e `-`, não começa por `.` nem `-` "
    "e tem no máximo 128 caracteres"
)
_NAME_RULE = (
    "o nome do repositório só aceita letras minúsculas sem acento, números e, entre eles, "
    "`.`, `_`, `__` ou `-`, com partes separadas por uma só `/`"
)
_AT_RULE = (
    "o `@` só serve para o digest, no fim do nome; a tag vem depois de `:`, e o e-mail não entra no nome"
)
_WEB_RULE = "isto é um endereço da web, não o nome de uma imagem"

_PLACEHOLDER = re.compile(r"SEU_DOCKER_ID|\{docker_id\}")
_SPACE = re.compile(r"\s")
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_UNSEEN = "há um caractere invisível no nome; digite-o de novo, em vez de colar"

Reasons = tuple[tuple[re.Pattern[str], str], ...]
_TAG_REASONS: Reasons = (
    (re.compile(r"^$"), "falta a tag depois de `:`"),
    (_SPACE, "a tag não pode ter espaços nem quebras de linha"),
    (_INVISIBLE, _UNSEEN),
    (_FOREIGN, "a tag só aceita letras de `a` a `z`, sem acento nem cedilha"),
    (re.compile(r":"), "só pode haver uma tag, e há mais de um `:`"),
    (re.compile(r"^[.-]"), "a tag não começa por `.` nem `-`"),
    (re.compile(r"^[\w.-]{129}", re.ASCII), "a tag tem no máximo 128 caracteres"),
)
_NAME_REASONS: Reasons = (
    (re.compile(r"^$"), "falta o nome do repositório no começo"),
    (_SPACE, "o nome do repositório não pode ter espaços nem quebras de linha"),
    (_INVISIBLE, _UNSEEN),
    (_FOREIGN, "o nome do repositório só aceita letras de `a` a `z`, sem acento nem cedilha"),
    (re.compile(r"[A-Z]"), UPPERCASE_RULE),
    (
        re.compile(r"//"),
        "o nome do repositório tem duas `/` seguidas, e as partes dele se separam por uma só",
    ),
    (re.compile(r"^/|/$"), "o nome do repositório não começa nem termina por `/`"),
    (
        re.compile(r"(?:^|/)[._-]|[._-](?:/|$)"),
        "cada parte do nome do repositório começa e termina por letra ou número, nunca por `.`, `_` ou `-`",
    ),
)


def wrong_part(text: str) -> tuple[str, str]:
    """Which part of a name that Docker refuses is wrong, and why."""
    if not text:
        return "name", "Falta o nome da imagem"
    if len(text) > TEXT_LIMIT:
        return "name", f"o nome passa de {TEXT_LIMIT} caracteres"
    if is_web(text):
        return "name", _WEB_RULE
    if stands := _PLACEHOLDER.search(text):
        return "repository", f"troque `{stands[0]}` pelo seu Docker ID"
    named, at, digest = text.partition("@")
    if at and (REFERENCE.fullmatch(named) or "/" in digest):
        return "digest", DIGEST_RULE if ":" in digest else _AT_RULE
    return _wrong_name(named)


def _wrong_name(named: str) -> tuple[str, str]:
    registry, path, colon, tag = _parts(named)
    if registry and not DOMAIN.fullmatch(registry):
        return "registry", REGISTRY_RULE
    if colon and NAME.fullmatch(path):
        return "tag", _first(_TAG_REASONS, tag, _TAG_RULE)
    return "repository", _first(_NAME_REASONS, path, _NAME_RULE)


def _parts(named: str) -> tuple[str, str, str, str]:
    """Registry, path, `:` and tag, as far as a wrong name has them."""
    first, slash, rest = named.partition("/")
    has_registry = slash and first and DOMAIN_MARK.search(first) and not rest.startswith("/")
    registry, rest = (first, rest) if has_registry else ("", named)
    head, slash, last = rest.rpartition("/")
    last, colon, tag = last.partition(":")
    return registry, head + slash + last, colon, tag


def _first(reasons: Reasons, text: str, otherwise: str) -> str:
    return next((reason for pattern, reason in reasons if pattern.search(text)), otherwise)


# What was meant.

_WEB = re.compile(r"[a-z]+://", re.ASCII | re.IGNORECASE)
_PAGE = re.compile(  # an address of the site, up to where the name of the image begins
    r"(?:https?://)?(?:(?:hub|www)\.)?docker\.com/(?:r/|_/|repository/docker/|repositories/|layers/)?",
    re.ASCII | re.IGNORECASE,
)
_PAGE_TAIL = re.compile(
    r"[?#].*|/(?:tags|general|builds|settings|collaborators|webhooks|configuracoes|visao-geral)/?$", re.ASCII
)
_REGISTRY = re.compile(r"registry-1\.docker\.io/(?:v2/)?", re.ASCII)
_COMMAND = re.compile(r"[$#]?\s*docker\s+(?:image\s+)?(?:push|pull|run|tag|rmi|rm)\s+", re.ASCII)


def is_web(text: str) -> bool:
    return _WEB.match(text) is not None


def guess(text: str) -> str | None:
    """A name close to `text`, which may still be one that Docker refuses; None when it would be wild."""
    if _PLACEHOLDER.search(text):
        return None
    head, slash, last = _unwrapped(text).rpartition("/")
    last, colon, tag = last.partition(":")
    path = re.sub(r"/{2,}", "/", f"{head}{slash}{last}".replace("\\", "/").casefold()).strip("/")
    parts = [_plain_part(part) for part in path.split("/")]
    tag = re.sub(r"[^\w.-]+", "-", tag.strip(), flags=re.ASCII).rstrip("-").lstrip(".-")[:128]
    return "/".join(parts) + (f":{tag}" if colon and tag else "") if all(parts) else None


def _unwrapped(text: str) -> str:
    """Without accents and what comes along when a name is copied from a page, a command or an e-mail."""
    letters = unicodedata.normalize("NFKD", text.strip()[:TEXT_LIMIT])
    plain = "".join(each for each in letters if unicodedata.category(each) not in {"Mn", "Cf"})
    plain = _REGISTRY.sub("", _COMMAND.sub("", plain, count=1), count=1)
    plain = re.sub(rf"^(https?://)?{re.escape(place.hub_host())}/", "hub.docker.com/", plain)
    if page := _PAGE.match(plain):
        plain = _PAGE_TAIL.sub("", plain[page.end() :])
    plain = _WEB.sub("", plain).strip("/ ")
    named, at, digest = plain.partition("@")
    if "/" in digest:  # ana@example.com/app
        return named + "/" + digest.partition("/")[2]
    return f"{named}:{digest}" if at and ":" not in plain and TAG.fullmatch(digest) else named


def _plain_part(part: str) -> str:
    kept = re.sub(r"[^a-z0-9._:-]+", "-", part).strip("._-")
    return re.sub(r"[._-]+", lambda run: run[0] if SEPARATOR.fullmatch(run[0]) else "-", kept)
