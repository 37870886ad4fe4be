"""Grades a class: every learner and unit, many at a time, by evidence in registry and hub alone.

What goes wrong with one never stops the others: a report is made for everybody, and a fault in making it is
one of its outcomes. Nothing is kept in memory but what is being looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from checks import runner
from checks.classroom.copies import Trace, traces_of
from checks.classroom.dating import Dated, dated
from checks.classroom.person import Person
from checks.classroom.source import Once
from checks.errors import RateLimited
from checks.image import Fact, Request, Source
from checks.reference import Reference
from checks.report import Report
from checks.runner import PATIENCE
from checks.unit import Unit

AT_ONCE = 24  # learners; each asks for several things, and checks.web bounds those
_WAIT_UNTOLD = 60.0  # seconds, when a service asks for a pause and does not say for how long
Told = TypeVar("Told")
LONGEST_WAIT = 6.5 * 60 * 60  # seconds: Docker Hub counts pulls by six hours


@dataclass(frozen=True)
class Graded:
    """What came of one learner: a report for each unit, and the traces by which copies are found."""

    person: Person
    reports: tuple[Report, ...]
    traces: tuple[Trace, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "key": self.person.key,
            "docker_id": self.person.docker_id,
            "reports": [report.to_dict() for report in self.reports],
            "traces": [trace.to_dict() for trace in self.traces],
        }

    @classmethod
    def from_dict(cls, person: Person, data: Mapping[str, Any]) -> Graded:
        """Reads what `to_dict` wrote of `person`."""
        reports = tuple(map(Report.from_dict, data["reports"]))
        return cls(person, reports, tuple(map(Trace.from_dict, data["traces"])))


async def grade(
    people: Iterable[Person],
    units: Sequence[Unit],
    source: Source,
    *,
    at_once: int = AT_ONCE,
    patience: float = PATIENCE,
) -> AsyncGenerator[Graded, None]:
    """Each learner as they are done, in no order; `people` is read as it is needed. All have a Docker ID."""
    waiting = iter(people)
    running: set[asyncio.Task[Graded]] = set()
    try:
        while True:
            while len(running) < at_once and (person := next(waiting, None)) is not None:
                running.add(asyncio.create_task(grade_one(person, units, source, patience)))
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()
    finally:
        for task in running:
            task.cancel()


async def grade_one(person: Person, units: Sequence[Unit], source: Source, patience: float) -> Graded:
    once = Once(source)
    # All units at once: the tokens of all their repositories are asked for in one question.
    runs = (runner.run(unit, person.docker_id, once, patience) for unit in units)
    reports: Sequence[Report] = await asyncio.gather(*runs)
    if isinstance(source, Dated):
        reports = await dated(person.docker_id, units, reports, once.facts, source)
    return Graded(person, tuple(map(_writable, reports)), traces_of(once.facts))


def _writable(report: Report) -> Report:
    """An image may say anything of itself, also half a letter (a surrogate), which no file takes."""
    findings = (
        replace(
            one,
            message=_plain(one.message),
            facts={_plain(key): _plain(value) for key, value in one.facts.items()},
        )
        for one in report.checks
    )
    return replace(report, checks=tuple(findings))


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class Patient:
    """A source that waits as long as a service asks it to, all learners together, and then goes on."""

    def __init__(self, source: Source, tell: Callable[[float], None] = lambda seconds: None) -> None:
        """`tell` hears for how many seconds everybody waits."""
        self._source = source
        self._tell = tell
        self._pause: asyncio.Task[None] | None = None

    async def fetch(self, request: Request) -> Fact:
        return await self._patiently(lambda: self._source.fetch(request))

    async def last_push(self, reference: Reference) -> datetime | None:
        source = self._source
        if not isinstance(source, Dated):
            return None
        return await self._patiently(lambda: source.last_push(reference))

    async def _patiently(self, ask: Callable[[], Awaitable[Told]]) -> Told:
        while True:
            if self._pause is not None and not self._pause.done():
                await asyncio.shield(self._pause)
            try:
                return await ask()
            except RateLimited as limited:
                if self._pause is None or self._pause.done():
                    seconds = min(limited.wait or _WAIT_UNTOLD, LONGEST_WAIT)
                    self._tell(seconds)
                    self._pause = asyncio.create_task(asyncio.sleep(seconds))
