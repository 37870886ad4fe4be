"""One member's units, for the pages that tell all of a single person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.outcome import Outcome
from checks.unit import Unit
from hub.classroom.course import units
from hub.classroom.models import Member, Result

SHOWN = 40  # attempts


@dataclass(frozen=True)
class Check:
    """One check of a result, as its report has it."""

    outcome: Outcome
    title: str
    message: str
    score: int
    max_score: int


@dataclass(frozen=True)
class UnitOf:
    unit: Unit
    result: Result | None

    @property
    def checks(self) -> list[Check]:
        return [_check(told) for told in self.result.checks] if self.result else []


def page_of(member: Member) -> dict[str, Any]:
    """What the templates of such a page need."""
    results = {row.unit: row for row in member.results.all()}
    found = [UnitOf(unit, results.get(unit.id)) for unit in units()]
    history = list(member.attempts.order_by("-last_at", "-pk")[:SHOWN])
    return {"member": member, "units": found, "history": history}


def items_of(page: Mapping[str, Any]) -> list[str]:
    """What makes one such page differ from another."""
    shown: Sequence[UnitOf] = page["units"]
    rows = [one.result for one in shown if one.result]
    return [f"{row.unit} {row.outcome} {row.score} {row.times} {row.message}" for row in rows]


def _check(told: Mapping[str, Any]) -> Check:
    names = ("title", "message", "score", "max_score")
    return Check(Outcome(told["outcome"]), **{name: told[name] for name in names})
