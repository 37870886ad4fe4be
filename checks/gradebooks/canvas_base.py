"""The gradebook that a teacher exported from Canvas: which of its columns and rows are whose.

Its shape is that of Canvas's lib/gradebook_exporter.rb: one or two columns of names, `ID`, those of SIS,
`Section`, the school's own columns, assignments as `Title (123)`, totals; a row `Points Possible` above the
people. It is read whole, and every cell that is not filled goes back as it came.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.classroom.person import Person
from checks.classroom.roster_columns import plain
from checks.classroom.roster_text import BadRoster, decode
from checks.gradebooks.options import BadBase

POINTS_POSSIBLE = "Points Possible"
_WITH_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)  # Assignment.title_and_id
_NUMBER = re.compile(r"-?[0-9.,]+")
_NOT_ONE = (
    "O arquivo dado como base não é o que o Canvas exporta. No Canvas, abra Notas, escolha Exportar e use "
    "esse CSV sem mudar as primeiras colunas."
)
# What the importer finds people by, in its order, and what we know of them.
_FOUND_BY = (
    ("ID", "lms_id"),
    ("SIS User ID", "id_number"),
    ("SIS Login ID", "username"),
    ("SIS Login ID", "email"),
)


@dataclass(frozen=True)
class Base:
    """Rows are all of one length; `people` are the places of those that are of somebody."""

    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    names: int  # columns that the name takes: 1, or 2 with the last name first
    section: int  # the place of `Section`, the last column about the person
    points: int  # the place of the row `Points Possible`
    people: tuple[int, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return self.rows[0]


def read(data: bytes) -> Base:
    """BadBase when it is no export of Canvas."""
    try:
        text = decode(data).text
    except BadRoster as error:
        raise BadBase(_NOT_ONE) from error
    for delimiter in (",", ";"):
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            continue
        if rows and (names := _names(rows[0])) and (found := _base(rows, delimiter, names)):
            return found
    raise BadBase(_NOT_ONE)


def _names(header: Sequence[str]) -> int:
    """How many columns the name takes; 0 when the header is not one of Canvas's."""
    if len(header) > 3 and "Student" in header[0] and "ID" in header[1]:
        return 1
    return 2 if list(header[:3]) == ["LastName", "FirstName", "ID"] else 0


def _base(rows: Sequence[Sequence[str]], delimiter: str, names: int) -> Base | None:
    width = max(map(len, rows))
    even = tuple((*row, *[""] * (width - len(row))) for row in rows)
    section = next((at for at, cell in enumerate(even[0]) if "Section" in cell), None)
    points = next((at for at, row in enumerate(even) if POINTS_POSSIBLE in row[0]), None)
    if section is None or points is None:
        return None
    people = tuple(at for at in range(1, len(even)) if at != points and _is_somebody(even[at], names))
    return Base(even, delimiter, names, section, points, people)


def _is_somebody(row: Sequence[str], names: int) -> bool:
    return any(cell.strip() for cell in row[: names + 1])  # nobody is in the row of "Manual Posting"


def column_of(base: Base, title: str, unit: str) -> int | None:
    """Where the assignment of a unit is: one with its title, or its id; those that Canvas numbered first."""
    wanted = {plain(title), plain(unit)} - {""}
    found = [
        (match is None, at)
        for at, header in enumerate(base.header)
        if at > base.section
        and plain(match[1] if (match := _WITH_ID.fullmatch(header)) else header) in wanted
    ]
    return min(found)[1] if found else None


def worth(base: Base, column: int) -> float | None:
    """What Canvas says that an assignment is worth; of its marks for thousands, only the last is decimal."""
    cell = base.rows[base.points][column].strip()
    if not _NUMBER.fullmatch(cell):
        return None
    *thousands, last = re.split("[.,]", cell)
    value = "".join(thousands) + "." + last if thousands else last
    try:
        return float(value)
    except ValueError:
        return None


def rows_of(base: Base, people: Sequence[Person]) -> Mapping[str, int]:
    """The row of each person, by key, found as the importer would; nobody has the row of another."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for index, field in _indexes(base):
        for person in people:
            row = index.get(getattr(person, field).casefold())
            if row is not None and row not in taken and person.key not in found:
                found[person.key] = row
                taken.add(row)
    by_name = _by_name(base)
    times = Counter(plain(person.name) for person in people)
    for person in people:
        row = by_name.get(plain(person.name)) if times[plain(person.name)] == 1 else None
        if row is not None and row not in taken and person.key not in found:
            found[person.key] = row
            taken.add(row)
    return found


def _indexes(base: Base) -> Iterator[tuple[dict[str, int], str]]:
    for header, field in _FOUND_BY:
        if header in base.header[: base.section]:
            column = base.header.index(header)
            cells = ((base.rows[at][column].strip().casefold(), at) for at in reversed(base.people))
            yield {cell: at for cell, at in cells if cell}, field


def _by_name(base: Base) -> dict[str, int]:
    """Rows by each way to write a name that only one person has."""
    ways = [(way, at) for at in base.people for way in _ways(base.rows[at][: base.names])]
    times = Counter(way for way, _ in ways)
    return {way: at for way, at in ways if way and times[way] == 1}


def _ways(cells: Sequence[str]) -> set[str]:
    """ "Souza, Ana" is also Ana Souza."""
    last, _, first = ", ".join(cells).partition(",")
    return {plain(f"{last} {first}"), plain(f"{first} {last}")}
