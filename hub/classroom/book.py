"""The grades of the class as a table, for the formats of checks.gradebooks and for `results --dump`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checks.classroom import book
from checks.classroom.grade import Gradebook
from checks.classroom.policy import Policy, Reached
from checks.report import SCHEMA
from hub.classroom.course import title_of, units
from hub.classroom.models import Attempt, Result
from hub.classroom.roster import people

_Pair = tuple[int, str]
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def gradebook(policy: Policy | None = None, *, zero: bool = False) -> Gradebook:
    """Of every member and every unit: the best that was reached, by the policy; without one, whenever.

    `zero`: what was not attempted is worth 0.
    """
    return book.gradebook(people(), units(), reports(), policy or Policy(), zero=zero)


def reports() -> Iterator[dict[str, Any]]:
    """For each result the member's key, the report, and the scores that were reached with their moments.

    With `"unseen": True` where somebody looked later and could not tell: what is missing may be there.
    """
    reached = _reached()
    rows = Result.objects.select_related("member").order_by("member__order", "member", "unit")
    for row in rows.iterator(chunk_size=500):
        history = [
            {"score": one.score, "at": one.at.strftime(_MOMENT)}
            for one in [*reached.get((row.member_id, row.unit), []), *_now(row)]
        ]
        unseen = {"unseen": True} if row.unseen_at else {}
        yield {"key": row.member.key, "report": report_of(row), "reached": history, **unseen}


def report_of(row: Result) -> dict[str, Any]:
    """As checks.report.Report.to_dict writes it."""
    return {
        "schema": SCHEMA,
        "unit": row.unit,
        "title": title_of(row.unit),
        "learner": row.member.docker_id or None,
        "outcome": row.outcome,
        "score": row.score,
        "max_score": row.max_score,
        "checks": row.checks,
        "checked_at": row.checked_at.strftime(_MOMENT),
    }


def _reached() -> dict[_Pair, list[Reached]]:
    """From the attempts that are kept, oldest first."""
    found: dict[_Pair, list[Reached]] = {}
    rows = Attempt.objects.order_by("at", "pk").values_list("member", "unit", "score", "at")
    for member, unit, score, at in rows:
        found.setdefault((member, unit), []).append(Reached(score, at))
    return found


def _now(row: Result) -> list[Reached]:
    """What a unit that nobody tried yet is worth is in no attempt."""
    return [Reached(row.score, row.since)] if row.is_gradable and row.attempt_id is None else []
