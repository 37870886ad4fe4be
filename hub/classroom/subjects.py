"""The units of the class that a change is about."""

from __future__ import annotations

from collections.abc import Iterable

from checks.classroom.subjects import repositories_of
from checks.unit import Unit
from hub.classroom.course import units


def about(repositories: Iterable[str]) -> tuple[Unit, ...]:
    """The units that ask for something in one of these repositories of the learner's."""
    names = set(repositories)
    return tuple(unit for unit in units() if names & repositories_of(unit))
