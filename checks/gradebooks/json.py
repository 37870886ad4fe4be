"""The whole gradebook for programs, with a schema number; `score` is null where there is no grade."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from checks.classroom.grade import Grade, Gradebook, Row
from checks.gradebooks.options import Options
from checks.render.json import dump

TITLE = "JSON, para programas"
SUFFIX = ".json"
SCHEMA = 1


def write(book: Gradebook, options: Options) -> bytes:
    document = {
        "kind": "gradebook",
        "schema": SCHEMA,
        "title": book.title,
        "units": [
            {"unit": column.unit, "title": column.title, "max_score": column.max_score}
            for column in book.columns
        ],
        "learners": [_learner(book, row) for row in book.rows],
    }
    return f"{dump(document)}\n".encode("utf-8", "replace")


def _learner(book: Gradebook, row: Row) -> dict[str, Any]:
    grades = {column.unit: _grade(row.grade(column.unit)) for column in book.columns}
    return {**row.person.to_dict(), "grades": grades}


def _grade(grade: Grade) -> dict[str, Any]:
    checked = grade.checked_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if grade.checked_at else None
    return {"score": grade.score, "comment": grade.comment, "checked_at": checked}
