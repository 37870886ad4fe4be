"""Finds secrets by the name they are given (`ENV DB_PASSWORD=…`, `docker login -p …`) or by their file.

Most of the work is to leave alone what only stands for a secret: an empty value, `changeme`, `$TOKEN`,
`/run/secrets/token`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from checks.secrets import Kind, Secret, Span, find, spans

_NAME = rb"[A-Za-z_][A-Za-z0-9_.-]{0,80}"
_VALUE = rb"\"[^\"\r\n]{0,400}\"|'[^'\r\n]{0,400}'|[^\s\"';&|,)]{1,400}"
_WORD = re.compile(rb"[\w.+/=~-]*")
# What a name has to end with for its value to be a secret.
_SECRET_NAME = re.compile(
    rb"(?:PASSWORD|PASSWD|PASSPHRASE|SENHA|(?:^|[_.-])(?:PASS|PWD)|"
    rb"(?:^|[_.-]|AUTH|ACCESS|API|BEARER)TOKEN|(?:^|[_.-]|CLIENT|APP)SECRET|SECRET[_-]?KEY(?:[_-]?BASE)?|"
    rb"(?:API|ACCESS|PRIVATE)[_-]?KEY|(?:^|[_.-])CREDENTIALS?)$",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    rb"(?<![\w$.{%-])(?:--)?(" + _NAME + rb")[\"']?(?:=|\s{0,4}[:=]\s{0,4}(?=[\"']))(" + _VALUE + rb")"
)
_OPTION = re.compile(rb"(?<!\S)--(" + _NAME + rb")\s{1,4}(?!-)(" + _VALUE + rb")")
_SHORT_WORD = re.compile(rb"[a-z]{1,5}")
_COMMANDS: Final = (
    re.compile(rb"docker\s+login\b[^\n|;&]{0,200}\s-p[ =]?(" + _VALUE + rb")"),
    re.compile(rb"echo\s+(?:-n\s+)?(" + _VALUE + rb")\s*\|\s*docker\s+login"),
    re.compile(rb"curl\b[^\n|;&]{0,300}\s(?:-u|--user)[ =]?[\"']?[^\s:\"']{1,100}:([^\s\"']{1,200})"),
    re.compile(rb"Authorization:\s{0,4}(?:Bearer|Basic|token)\s{1,4}([\w.~+/=$<{*-]{8,400})", re.IGNORECASE),
    re.compile(rb"[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"']{0,100}:([^\s:/@\"']{1,200})@"),
)

# What is no secret in spite of its name: `--disabled-password`, ALLOW_EMPTY_PASSWORD.
_SWITCH = re.compile(rb"(?:^|[_-])(?:disabled?|no|allow|without|random|ask|skip|require)[_-]", re.IGNORECASE)
# What people write in a secret's place.
_STANDS_FOR = re.compile(
    rb"[$`].*|<.*>?|\{.*|%.*%|\[.*\]|\(.*\)"  # filled in later
    rb"|(?:\.{0,2}/|file:)[\w./-]+"  # where it is kept
    rb"|[\W_]*|(.)\1*|true|false|yes|no|on|off|sim|nao|none|null|nil|undefined|todo|redacted"
    rb"|secret|segredo|token|password|passwd|senha|pass"
    rb"|(?:change|troque|mude)(?:[ _-]?(?:me|it|this|isto|aqui|agora))?"
    rb"|(?:your|my|seu|sua|meu|minha)[ _-].*"
    rb"|.*(?:example|exemplo|placeholder|dummy|fake|xxxx|\.\.\.|\xe2\x80\xa6).*",  # the last one is …
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class _Keeper:
    """A file that exists to keep a secret; `expression` has it in group 1, none means `NAME=value` lines."""

    place: re.Pattern[str]
    kind: Kind
    expression: re.Pattern[bytes] | None = None


def _keeper(place: str, kind: Kind, expression: bytes) -> _Keeper:
    return _Keeper(re.compile(rf"(?:^|/){place}$"), kind, re.compile(expression, re.MULTILINE))


_KEEPERS: Final = (
    _Keeper(
        re.compile(r"(?:^|/)(?:[^/]*\.env|\.env\.(?!example|exemplo|sample|template|dist)[^/]+)$"),
        Kind.PASSWORD,
    ),
    _keeper(
        r"(?:\.docker/config\.json|\.dockercfg|\.dockerconfigjson)",
        Kind.REGISTRY_LOGIN,
        rb"\"(?:auth|identitytoken|password)\"\s{0,20}:\s{0,20}\"([^\"]{8,2000})\"",
    ),
    _keeper(r"\.npmrc", Kind.SERVICE_TOKEN, rb"_(?:authToken|auth|password)\s{0,4}=\s{0,4}(\S{8,})"),
    _keeper(r"[._]netrc", Kind.PASSWORD, rb"\bpassword\s{1,20}(\S+)"),
    _keeper(r"\.pgpass", Kind.PASSWORD, rb"^[^#:\n]*:[^:\n]*:[^:\n]*:[^:\n]*:([^\n]+)$"),
    _keeper(r"\.git-credentials", Kind.PASSWORD, rb"://[^\s:/@]+:([^\s@]+)@"),
    _keeper(r"\.pypirc", Kind.PASSWORD, rb"^password\s{0,4}[:=]\s{0,4}(\S+)"),
)
# Distributions and libraries ship keys to test with and to show; they are nobody's.
_SAMPLES = re.compile(
    r"^(?:usr/share|usr/lib|usr/local/lib|usr/local/share|usr/local/go|lib)/(?:.*/)?"
    r"(?:docs?|man|examples?|tests?|testdata|fixtures)/"
    r"|(?:^|/)(?:node_modules|site-packages|dist-packages|gems)/.*/(?:examples?|tests?|testdata|fixtures)/"
    r"|(?:^|/)ssl-cert-snakeoil\.key$"
)


def in_variable(name: str, value: str) -> frozenset[Secret]:
    """The secrets of a variable or a label: by its form, else by the name it is given."""
    content = _bytes(value)
    found = find(content) | {secret for secret, _, _ in _in_commands(content)}
    if not found and _is_kept_secret(_bytes(name), content):
        return frozenset((Secret(Kind.PASSWORD),))
    return frozenset(found)


def in_command(text: str) -> frozenset[Secret]:
    """The secrets of a command, an instruction of a Dockerfile, a cell of a notebook."""
    return frozenset(secret for secret, _, _ in _spans(_bytes(text)))


def masked(text: str) -> str:
    """The text with `…` in the place of every secret that `in_command` finds in it."""
    content, kept, at = _bytes(text), bytearray(), 0
    for secret, start, end in sorted(_spans(content), key=lambda span: span[1:]):
        if end > at:
            kept += content[at : max(at, start)] + "…".encode()
            at = len(content) if secret.kind is Kind.PRIVATE_KEY else _end_of_word(content, end)
    return (bytes(kept) + content[at:]).decode(errors="replace")


def is_keeper(path: str) -> bool:
    """Whether a file is one that `in_keeper` reads; `path` has no slash in front."""
    return any(keeper.place.search(path) for keeper in _KEEPERS)


def in_keeper(path: str, content: bytes) -> frozenset[Secret]:
    """The secrets of a file that exists to keep some, such as .env or ~/.docker/config.json."""
    keepers = [keeper for keeper in _KEEPERS if keeper.place.search(path)]
    return frozenset(Secret(keeper.kind) for keeper in keepers if any(_kept(keeper, content)))


def _kept(keeper: _Keeper, content: bytes) -> Iterator[bytes]:
    if keeper.expression is None:
        yield from (match[2] for match in _assigned(content))
    else:
        found = (match[1] for match in keeper.expression.finditer(content))
        yield from (value for value in found if not _stands_for_one(value))


def is_sample(path: str, secret: Secret) -> bool:
    """Whether it is a key that a distribution or a library ships for tests or as an example."""
    return secret.kind is not Kind.DOCKER_TOKEN and _SAMPLES.search(path) is not None


def _spans(content: bytes) -> Iterator[Span]:
    yield from spans(content)
    for match in _assigned(content):
        yield Secret(Kind.PASSWORD), *match.span(2)
    yield from _in_commands(content)


def _assigned(content: bytes) -> Iterator[re.Match[bytes]]:
    """Each value with a name that makes it a secret: group 1 is the name, group 2 the value."""
    found = chain(
        _ASSIGNED.finditer(content),
        # "…`--password` by the…" is prose.
        (match for match in _OPTION.finditer(content) if not _SHORT_WORD.fullmatch(match[2])),
    )
    yield from (match for match in found if _is_kept_secret(match[1], match[2]))


def _in_commands(content: bytes) -> Iterator[Span]:
    for expression in _COMMANDS:
        for match in expression.finditer(content):
            if not _stands_for_one(match[1]):
                yield Secret(Kind.PASSWORD), *match.span(1)


def _end_of_word(content: bytes, at: int) -> int:
    """A secret may be longer than what is needed to know it."""
    rest = _WORD.match(content, at)
    return rest.end() if rest else at


def _is_kept_secret(name: bytes, value: bytes) -> bool:
    if not _SECRET_NAME.search(name) or _SWITCH.search(name) or _stands_for_one(value):
        return False
    # A count of tokens is no token; a password of digits is a password.
    return not (name.upper().endswith(b"TOKEN") and _bare(value).isdigit())


def _stands_for_one(value: bytes) -> bool:
    return _STANDS_FOR.fullmatch(_bare(value)) is not None


def _bare(value: bytes) -> bytes:
    return value.strip().strip(b"\"'").strip()


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
