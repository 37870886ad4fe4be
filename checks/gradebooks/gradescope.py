"""A results.json of Gradescope for each learner, in one JSON object, by their key in the class.

An autograder of Gradescope finds in submission_metadata.json who handed in, and prints the results of that
e-mail, which is the key of whoever has one. The fields are those of Gradescope's docs/specs.md: a test for
each unit. As in `checks.render.gradescope`, where a unit has no grade no score is written at all: Gradescope
would take a part for the whole.
"""

from __future__ import annotations

from typing import Any

from checks.classroom.grade import Column, Grade, Gradebook, Row
from checks.gradebooks.cells import points, titles
from checks.gradebooks.options import Options
from checks.render.json import dump

TITLE = "Gradescope: o results.json de cada pessoa"
SUFFIX = ".json"
SCHEMA = 1
_MISSING = "Nem todas as unidades têm nota por enquanto, e por isso ainda não há um total."


def write(book: Gradebook, options: Options) -> bytes:
    learners = {row.person.key: _results(book, row) for row in book.rows}
    return f"{dump({'schema': SCHEMA, 'learners': learners})}\n".encode("utf-8", "replace")


def _results(book: Gradebook, row: Row) -> dict[str, Any]:
    named = titles(book)
    graded = [(column, row.grade(column.unit)) for column in book.columns]
    tests = [
        {"number": str(at), "name": named[column.unit], **_test(column, grade)}
        for at, (column, grade) in enumerate(graded, start=1)
    ]
    if any(grade.score is None for _, grade in graded):
        for test in tests:
            test.pop("score", None)
        return {"output": _MISSING, "tests": tests}
    return {"score": points(sum(grade.score or 0 for _, grade in graded)), "output": "", "tests": tests}


def _test(column: Column, grade: Grade) -> dict[str, Any]:
    test: dict[str, Any] = {
        "max_score": column.max_score,
        "output": grade.comment,
        "visibility": "visible",
        "tags": [column.unit],
    }
    if grade.score is None:
        return test
    status = "passed" if grade.score >= column.max_score else "failed"
    return {"score": points(grade.score), "status": status, **test}
