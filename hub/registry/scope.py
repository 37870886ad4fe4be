"""What a client asks the token service for: `repository:ana/app:pull,push`, read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hub.repositories.names import RepositoryName, parse_repository

# One docker command asks for two or three; the rest of a longer list is not looked at.
MOST_SCOPES = 32
_LONGEST_ACTIONS = 100


@dataclass(frozen=True)
class Scope:
    """Actions wanted on one repository."""

    repository: RepositoryName
    actions: frozenset[str]


def parse_scope(text: str) -> Scope | None:
    """None for what grants nothing here: another type of resource, or a name that can't exist."""
    kind, _, rest = text.partition(":")
    path, colon, actions = rest.rpartition(":")
    if kind != "repository" or not colon or len(actions) > _LONGEST_ACTIONS:
        return None
    repository = parse_repository(path)
    return Scope(repository, frozenset(actions.split(","))) if repository else None


def parse_scopes(fields: Iterable[str]) -> tuple[Scope, ...]:
    """Every scope of a request: GET repeats the parameter, the POST form has one field with spaces."""
    texts = [text for field in fields for text in field.split()][:MOST_SCOPES]
    return tuple(scope for text in texts if (scope := parse_scope(text)) is not None)
