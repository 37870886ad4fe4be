"""The grammar of repository names and tags, as the registry itself reads them."""

from __future__ import annotations

import re
from typing import NamedTuple

LONGEST_PATH = 255
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"({_COMPONENT})/({_COMPONENT})", re.ASCII)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}", re.ASCII)


class RepositoryName(NamedTuple):
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


def parse_repository(path: str) -> RepositoryName | None:
    """`ana/app` in its two parts; None for anything that can't be a repository of Docker Hub."""
    if len(path) > LONGEST_PATH:
        return None
    found = _PATH.fullmatch(path)
    return RepositoryName(*found.groups()) if found else None


def is_tag(text: str) -> bool:
    return _TAG.fullmatch(text) is not None
