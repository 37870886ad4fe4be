"""Something small that imports a gradebook as Canvas does: the rules of its lib/gradebook_importer.rb."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field


class Malformed(Exception):  # noqa: N818
    """What Ruby's CSV raises."""


def ruby_csv(content: str, separator: str) -> list[list[str | None]]:
    """Strict: a quote only where a cell begins, and nothing between its end and the separator."""
    cell = re.compile(rf'"((?:[^"]|"")*)"|([^"{separator}\r\n]*)')
    rows: list[list[str | None]] = [[]]
    at = 0
    while True:
        found = cell.match(content, at)
        assert found
        quoted, plain = found.groups()
        rows[-1].append(plain or None if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        end = re.compile(r"\r?\n|\Z").match(content, at)
        if end and end.end() == len(content):
            return [row for row in rows if row != [None]]
        if end:
            rows.append([])
        elif content[at] != separator:
            raise Malformed(content[at : at + 20])
        at = end.end() if end else at + 1


def number_of(cell: str | None) -> str | None:
    """`decimal_comma_to_period`: of a number's marks only the last is kept."""
    if cell is None or not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *parts, last = re.split("[.,]", cell)
    return f"{''.join(parts)}.{last}" if parts else last


@dataclass
class Student:
    id: int
    sortable: str
    sis: str
    login: str

    @property
    def names(self) -> set[str]:
        last, _, first = self.sortable.partition(", ")
        return {self.sortable, f"{first} {last}".strip()}


@dataclass
class Assignment:
    title: str
    points: str | None = None


@dataclass
class Canvas:
    """A course of lib/gradebook_importer.rb, before and after an import."""

    students: list[Student]
    assignments: dict[int, Assignment] = field(default_factory=dict)
    grades: dict[tuple[int, str], str] = field(default_factory=dict)
    strangers: list[str] = field(default_factory=list)  # whom it asks the teacher about

    def take(self, data: bytes) -> None:
        content = data.decode("utf-8")
        delimiter = self.delimiter(content)
        rows = [[number_of(cell) for cell in row] for row in ruby_csv(content, delimiter)]
        header = [cell or "" for cell in rows[0]]
        columns = self.columns(header)
        for row in rows[1:]:
            if "Points Possible" in (row[0] or ""):
                for at, assignment in columns:
                    assignment.points = row[at] or assignment.points
            elif not all(re.fullmatch(r"\s*(Manual Posting.*)?\s*", cell or "") for cell in row):
                self.grade(header, row, columns)

    def delimiter(self, content: str) -> str:
        first = io.StringIO(content, newline="").readlines()[:3]
        counts = {}
        for one in (";", ","):
            try:
                sizes = {len(row) for line in first for row in ruby_csv(line, one)}
            except Malformed:
                sizes = set()
            counts[one] = sizes.pop() if len(sizes) == 1 else 0
        return ";" if counts[";"] > counts[","] else ","

    def columns(self, header: list[str]) -> list[tuple[int, Assignment]]:
        names = 2 if header[:2] == ["LastName", "FirstName"] else 1
        assert names == 2 or ("Student" in header[0] and "ID" in header[1])
        section = header.index("Section")
        assert set(header[names:section]) <= {"ID", "SIS User ID", "SIS Login ID"}
        found = []
        for at, title in enumerate(header):
            if (
                at > section
                and title != "Observações"
                and not re.search("(Current|Final) (Score|Grade)", title)
            ):
                found.append((at, self.assignment(title)))
        return found

    def assignment(self, header: str) -> Assignment:
        match = re.fullmatch(r"(.*)\s\((\d+)\)", header, re.DOTALL)
        if match and int(match[2]) in self.assignments:
            return self.assignments[int(match[2])]
        same = [one for one in self.assignments.values() if one.title == header]
        if not same:
            self.assignments[-1 - len(self.assignments)] = made = Assignment(match[1] if match else header)
            return made
        return same[0]

    def grade(
        self, header: list[str], row: Sequence[str | None], columns: list[tuple[int, Assignment]]
    ) -> None:
        told = dict(zip(header, row, strict=True))
        name = f"{row[1]} {row[0] or ''}".strip() if "FirstName" in told else row[0] or ""
        student = self.student(told, name)
        if student is None:
            self.strangers.append(name)
            return
        for at, assignment in columns:
            if (score := (row[at] or "").strip()) not in ("", "-", "N/A"):
                self.grades[student.id, assignment.title] = score

    def student(self, told: dict[str, str | None], name: str) -> Student | None:
        ways = [
            [one for one in self.students if str(one.id) == told["ID"]],
            [one for one in self.students if one.sis and one.sis == told.get("SIS User ID")],
            [one for one in self.students if one.login and one.login == told.get("SIS Login ID")],
            [one for one in self.students if name in one.names],
        ]
        return next((way[0] for way in ways if way), None)
