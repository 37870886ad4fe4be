"""Finds secrets in what an image or a notebook holds: tokens, private keys, passwords; pure, no I/O.

Here by their form, in any bytes: dckr_pat_…, a PEM private key, AKIA…. What is a secret only because
of the name or the place it is given is told in checks.secret_names.

What is returned says the kind and the public beginning that all secrets of the kind share; the
secret itself goes nowhere. The lengths are those that the services document or that their public
examples have (Docker Hub's are in the description of its API).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    DOCKER_TOKEN = "docker_token"  # noqa: S105
    PRIVATE_KEY = "private_key"
    AWS_KEY = "aws_key"
    GITHUB_TOKEN = "github_token"  # noqa: S105
    SERVICE_TOKEN = "service_token"  # noqa: S105
    REGISTRY_LOGIN = "registry_login"
    PASSWORD = "password"  # noqa: S105


@dataclass(frozen=True, order=True)
class Secret:
    """That there is one, and of which kind; `prefix` is the beginning that all of the kind share."""

    kind: Kind
    prefix: str = ""


@dataclass(frozen=True)
class _Form:
    """Where `anchor` is, `expression` has to match: group 1 is the public prefix, group 2 the secret part."""

    kind: Kind
    anchor: bytes
    expression: re.Pattern[bytes]


def _form(kind: Kind, anchor: str, expression: str) -> _Form:
    return _Form(kind, anchor.encode(), re.compile(expression.encode()))


# A line of base64 has to follow: programs that read keys hold the words alone.
_PEM = (
    r"()PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:\s|\\[rn]){0,8}"
    r"(?:[A-Za-z-]{1,40}: [^\r\n\\]{0,200}(?:\s|\\[rn]){1,8}){0,5}([A-Za-z0-9+/]{40})"
)
# Few, for every one costs a pass over every byte of every layer. After a letter or a digit, the short
# ones are the middle of something else.
_FORMS: Final = (
    _form(Kind.DOCKER_TOKEN, "dckr_", "(dckr_[po]at_)([A-Za-z0-9_-]{15,60})"),
    _form(Kind.PRIVATE_KEY, "PRIVATE KEY", _PEM),
    _form(Kind.AWS_KEY, "AKIA", "(?<![A-Za-z0-9])(AKIA)([A-Z2-7]{16})(?![A-Za-z0-9])"),
    _form(Kind.GITHUB_TOKEN, "ghp_", "(?<![A-Za-z0-9])(ghp_)([A-Za-z0-9]{36,255})"),
    _form(Kind.GITHUB_TOKEN, "github_pat_", "(github_pat_)([A-Za-z0-9_]{60,255})"),
    _form(Kind.SERVICE_TOKEN, "glpat-", "(glpat-)([A-Za-z0-9_-]{20,100})"),
    _form(Kind.SERVICE_TOKEN, "xoxb-", "(?<![A-Za-z0-9])(xoxb-)([A-Za-z0-9-]{20,200})"),
    _form(Kind.SERVICE_TOKEN, "npm_", "(?<![A-Za-z0-9])(npm_)([A-Za-z0-9]{36})(?![A-Za-z0-9])"),
    _form(Kind.SERVICE_TOKEN, "sk-proj-", "(sk-proj-)([A-Za-z0-9_-]{40,200})"),
    _form(Kind.SERVICE_TOKEN, "sk-ant-", "(sk-ant-)([A-Za-z0-9_-]{40,200})"),
)
# No form needs more bytes than this to be told, from the character before it to the one after it.
_REACH: Final = 2048

_ZEROS: Final = bytes(1024 * 1024)
_EXAMPLE = re.compile(rb"example|exemplo|123456|abcdef|xxxx", re.IGNORECASE)
_VARIED: Final = 8  # fewer different characters than this were typed to fill a space

Span = tuple[Secret, int, int]


def find(content: bytes) -> frozenset[Secret]:
    """The secrets that can be told by their form alone."""
    return frozenset(secret for secret, _, _ in spans(content))


class Scanner:
    """`find` over bytes that come in chunks: what is split over their borders is found too."""

    def __init__(self) -> None:
        self._found: set[Secret] = set()
        self._window = b""
        self._judged = (
            0  # of the window: 1 when it begins with a character kept only to be seen before the next
        )

    def feed(self, chunk: bytes) -> None:
        if not self._window and chunk == _ZEROS[: len(chunk)]:
            return  # the quickest way to fill a layer
        self._window += chunk
        # What begins too near the end is judged with the next chunk, when all of it can be seen.
        end = len(self._window) - _REACH
        if end > self._judged:
            self._judge(end)
            self._window, self._judged = self._window[end - 1 :], 1

    def finish(self) -> frozenset[Secret]:
        self._judge(len(self._window))
        self._window, self._judged = b"", 0
        return frozenset(self._found)

    def _judge(self, end: int) -> None:
        self._found |= {secret for secret, start, _ in spans(self._window) if self._judged <= start < end}


def spans(content: bytes) -> Iterator[Span]:
    """Each secret told by its form, with the offsets of its beginning and its end."""
    for form in _FORMS:
        at = content.find(form.anchor)
        while at >= 0:
            match = form.expression.match(content, at)
            if match and not _is_example(match[2]):
                yield Secret(form.kind, match[1].decode()), *match.span()
            at = content.find(form.anchor, at + 1)


def _is_example(body: bytes) -> bool:
    return len(set(body)) < _VARIED or _EXAMPLE.search(body) is not None
