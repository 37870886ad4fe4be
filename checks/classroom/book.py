"""From what the class reached to its grades: due dates, comments, and who has no grade."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from checks.classroom.comments import DONE, comment_of
from checks.classroom.grade import NO_GRADE, Column, Grade, Gradebook, Row
from checks.classroom.person import Person
from checks.classroom.policy import Policy, Reached, count
from checks.outcome import Outcome
from checks.report import Report
from checks.unit import Unit

TITLE = "Dockerhub na Prática"
LATE = "Parte dos pontos veio depois do prazo."
ALL_LATE = "Tudo veio depois do prazo."


def gradebook(
    people: Iterable[Person],
    units: Sequence[Unit],
    results: Iterable[Mapping[str, Any]],
    policy: Policy,
    *,
    zero: bool = False,
) -> Gradebook:
    """`results` are {"key", "report", "reached": [{"score", "at"}]}, one for each person and unit.

    `zero`: what was not attempted is worth 0, instead of no grade, unless the line says "unseen": somebody
    looked since, and could not see.
    """
    worth = {unit.id: unit.points for unit in units}
    graded: dict[tuple[str, str], Grade] = {}
    for line in results:
        report = Report.from_dict(line["report"])
        worth[report.unit] = report.max_score  # what it was graded by: less, where less can be seen
        is_zero = zero and not line.get("unseen")
        grade = _grade(report, _history(line, report), policy, zero=is_zero)
        graded[str(line["key"]), report.unit] = grade
    rows = tuple(
        Row(person, {unit.id: graded.get((person.key, unit.id), NO_GRADE) for unit in units})
        for person in people
    )
    columns = tuple(Column(unit.id, unit.title, worth[unit.id]) for unit in units)
    return Gradebook(TITLE, columns, rows)


def _grade(report: Report, history: Sequence[Reached], policy: Policy, *, zero: bool) -> Grade:
    comment, counted = comment_of(report), count(history, policy)
    was_tried = report.outcome is not Outcome.NOT_ATTEMPTED or any(one.score for one in history)
    if counted is None or not was_tried:
        untried = 0 if zero and report.outcome is Outcome.NOT_ATTEMPTED else None
        return Grade(untried, comment, report.checked_at)
    if not any(policy.worth(one.at) for one in history):  # as good as not done, and that is no zero either
        return Grade(0 if zero else None, f"{comment} {ALL_LATE}", report.checked_at)
    if counted.score >= report.max_score:  # what came after takes nothing away
        comment = DONE
    return Grade(counted.score, f"{comment} {LATE}" if counted.is_late else comment, report.checked_at)


def _history(line: Mapping[str, Any], report: Report) -> list[Reached]:
    """What was reached and when; the report itself too, as long as it says anything of the learner."""
    reached = [Reached(float(one["score"]), datetime.fromisoformat(one["at"])) for one in line["reached"]]
    return reached or ([Reached(report.score, report.checked_at)] if report.gradable else [])
