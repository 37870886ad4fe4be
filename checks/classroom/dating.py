"""When the work that a report tells of was done, as Docker Hub shows it: what it is about last changed then.

The practice hub knows that by itself, from its own tables. Of the real one it is asked here, so that a class
graded a week after the due date is not a week late. Only a report that earned something is dated.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, runtime_checkable

from checks.classroom.subjects import (
    asks_for_account,
    asks_for_image,
    asks_for_repository,
    repositories_of,
)
from checks.errors import OutOfReach
from checks.image import Account, Fact, Repository
from checks.reference import Reference, parse
from checks.report import Report
from checks.unit import Unit


@runtime_checkable
class Dated(Protocol):
    """A source that may know when something was last pushed to a repository."""

    async def last_push(self, reference: Reference) -> datetime | None:
        """None when nothing tells. Raises OutOfReach."""


def questions(unit: Unit) -> int:
    """To Docker Hub, at most, to date a report of this unit."""
    return len(_pushed_to(unit))


async def dated(
    docker_id: str, units: Sequence[Unit], reports: Sequence[Report], facts: Iterable[Fact], source: Dated
) -> tuple[Report, ...]:
    """The reports, with the moment of the work where that is known: `facts` are what they were made of, and
    each repository is asked about once."""
    earned = [unit for unit, report in zip(units, reports, strict=True) if report.score]
    pushes = await _pushes(docker_id, {name for unit in earned for name in _pushed_to(unit)}, source)
    changes, joined = _told(facts)

    def moment(unit: Unit) -> datetime | None:
        moments = [pushes.get(name) for name in _pushed_to(unit)]
        moments += [changes.get(name) for name in repositories_of(unit) if asks_for_repository(unit)]
        moments += [joined if asks_for_account(unit) else None]
        return max(filter(None, moments), default=None)

    return tuple(
        replace(report, worked_at=moment(unit)) if report.score else report
        for unit, report in zip(units, reports, strict=True)
    )


def _pushed_to(unit: Unit) -> frozenset[str]:
    return repositories_of(unit) if asks_for_image(unit) else frozenset()


async def _pushes(docker_id: str, names: Collection[str], source: Dated) -> dict[str, datetime | None]:
    asked = (_last_push(parse(f"{docker_id}/{name}"), source) for name in names)
    return dict(zip(names, await asyncio.gather(*asked), strict=True))


async def _last_push(reference: Reference, source: Dated) -> datetime | None:
    try:
        return await source.last_push(reference)
    except OutOfReach:  # the grade does not hang on it: the moment of the look counts
        return None


def _told(facts: Iterable[Fact]) -> tuple[dict[str, datetime | None], datetime | None]:
    """When each repository was last changed, by its name, and when the account was made."""
    changes, joined = {}, None
    for fact in facts:
        if isinstance(fact, Repository):
            changes[fact.reference.repository.partition("/")[2]] = fact.changed
        elif isinstance(fact, Account):
            joined = fact.joined
    return changes, joined
