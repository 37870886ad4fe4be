"""The grammar of repository names and tags, as the registry itself reads them."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

LONGEST_PATH = 255
SHORTEST_NEW_NAME = 2
_LONGEST_SUGGESTION = 60
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"({_COMPONENT})/({_COMPONENT})", re.ASCII)
_NEW_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.ASCII)
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


def problem_with_new_name(namespace: str, name: str) -> str | None:
    """Why nobody can create a repository of that name by hand, with one that would do; None for a good one.

    Stricter than what a push may bring: 2 to 255 characters, and one separator at a time
    (`repo_creation_request` of Docker Hub's API).
    """
    if _NEW_NAME.fullmatch(name) and len(name) >= SHORTEST_NEW_NAME:
        longest = LONGEST_PATH - len(namespace) - 1
        return None if len(name) <= longest else f"O nome é longo demais: são no máximo {longest} caracteres."
    if not name:
        return "Dê um nome ao repositório, por exemplo docker-is-cool."
    suggested = suggest_name(name)
    such_as = f"Que tal «{suggested}»?" if suggested else "Por exemplo: «docker-is-cool»."
    if "/" in name:
        return f"Aqui vai só o que vem depois da barra: o namespace já está escolhido, {namespace}. {such_as}"
    if len(name) < SHORTEST_NEW_NAME:
        return f"O nome é curto demais: são pelo menos {SHORTEST_NEW_NAME} caracteres. {such_as}"
    return (
        "O nome só tem letras minúsculas sem acento, números e, entre eles, um hífen, ponto ou sublinhado. "
        f"{such_as}"
    )


def suggest_name(typed: str) -> str | None:
    """The nearest good name: no capitals, accents, spaces or namespace; None when nothing is left."""
    last = typed.rpartition("/")[2]
    plain = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode("ascii").lower()
    name = re.sub(r"[^a-z0-9]*([._-])[^a-z0-9]*|[^a-z0-9]+", lambda found: found[1] or "-", plain)
    name = name[:_LONGEST_SUGGESTION].strip("._-")
    return name if len(name) >= SHORTEST_NEW_NAME else None
