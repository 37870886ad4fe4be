"""Beside the board: who is stuck, on what, since when; and what the class fails most."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import caches

from hub.classroom.course import units
from hub.classroom.models import Result
from hub.classroom.results import Hard, hardest, stuck

MOST = 8  # of each
_REMEMBERED = 60  # seconds


@dataclass(frozen=True)
class Panels:
    stuck: tuple[Result, ...]
    stuck_count: int
    hard: tuple[Hard, ...]


def panels(version: int) -> Panels:
    found = stuck().filter(unit__in=[unit.id for unit in units()])
    return Panels(tuple(found[:MOST]), found.count(), _hard(version))


def _hard(version: int) -> tuple[Hard, ...]:
    """Counted once for all who look: it goes through every failure of the class."""
    key = f"classroom-hard-{version}"
    found: tuple[Hard, ...] | None = caches["process"].get(key)
    if found is None:
        found = tuple(hardest(MOST))
        caches["process"].set(key, found, _REMEMBERED)
    return found
