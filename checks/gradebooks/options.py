"""How the teacher's spreadsheet wants a file written."""

from __future__ import annotations

from dataclasses import dataclass

from checks.errors import CourseError


class BadBase(CourseError):  # noqa: N818
    """A file that was to be filled with grades, and is not the export that it should be."""


@dataclass(frozen=True)
class Options:
    """A format follows what its importer understands, and passes over the rest."""

    delimiter: str = ","  # of CSV
    bom: bool = False  # what Excel needs to see that a CSV is in UTF-8
    decimal_comma: bool = False
    base: bytes | None = None  # Canvas: the teacher's own export, to be filled
