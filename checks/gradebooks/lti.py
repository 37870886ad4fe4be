"""Scores for LTI's Assignment and Grade Services 2.0, a line of JSON for each learner and unit.

Each line has the `lineItem` to find or make, by its `resourceId`, and the `score` to POST to its /scores as
it is (https://www.imsglobal.org/spec/lti-ags/v2p0#score-service-media-type-and-schema). Without a grade there
is no `scoreGiven` and it is Pending, which platforms do not take for a zero; what was never checked has no
line, since a score says when it was given. `userId` is the LMS's own number of the person where the list told
it, and else their key in the class, which whoever posts it has to exchange for the launch's `sub`.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from checks.classroom.grade import Column, Grade, Gradebook
from checks.classroom.person import Person
from checks.gradebooks.cells import points
from checks.gradebooks.options import Options

TITLE = "LTI (AGS): notas que um programa envia ao ambiente da escola"
SUFFIX = ".jsonl"
_WHO = (
    "A lista da turma não diz o número que o ambiente da escola dá a todas as pessoas. Onde ele falta, "
    "`userId` é a identificação da pessoa nesta turma, e o programa que envia as notas precisa trocá-la."
)


def write(book: Gradebook, options: Options) -> bytes:
    lines = [
        {"lineItem": _line_item(column), "score": _score(row.person, column, row.grade(column.unit), checked)}
        for row in book.rows
        for column in book.columns
        if (checked := row.grade(column.unit).checked_at)
    ]
    shown = (json.dumps(line, ensure_ascii=False, allow_nan=False) for line in lines)
    return "".join(f"{line}\n" for line in shown).encode("utf-8", "replace")


def notes(book: Gradebook, options: Options) -> tuple[str, ...]:
    return () if all(row.person.lms_id for row in book.rows) else (_WHO,)


def _line_item(column: Column) -> dict[str, Any]:
    return {"resourceId": column.unit, "label": column.title, "scoreMaximum": column.max_score}


def _score(person: Person, column: Column, grade: Grade, checked: datetime) -> dict[str, Any]:
    given: dict[str, Any] = {"gradingProgress": "Pending"}
    if grade.score is not None:
        given = {
            "scoreGiven": points(grade.score),
            "scoreMaximum": column.max_score,
            "gradingProgress": "FullyGraded",
        }
    return {
        "userId": person.lms_id or person.key,
        "timestamp": checked.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "activityProgress": "Completed" if grade.score is not None else "Submitted",
        "comment": grade.comment,
        **given,
    }
