"""What a person earned in a unit, and the table of a class that every format of grades is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checks.classroom.person import Person


@dataclass(frozen=True)
class Column:
    """A unit of the course, as a column of grades."""

    unit: str  # its id, for ever the same
    title: str
    max_score: float


@dataclass(frozen=True)
class Grade:
    """`score` is None when nothing was checked, or it could not be: no grade, and never a zero."""

    score: float | None
    comment: str = ""  # Portuguese, for the learner
    checked_at: datetime | None = None  # with a time zone


NO_GRADE = Grade(None)


@dataclass(frozen=True)
class Row:
    person: Person
    grades: Mapping[str, Grade] = field(default_factory=dict)  # by unit id

    def grade(self, unit: str) -> Grade:
        return self.grades.get(unit, NO_GRADE)


@dataclass(frozen=True)
class Gradebook:
    """Rows in the order of the roster; columns in course order."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
