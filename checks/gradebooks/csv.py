"""A plain table for any spreadsheet: who, a column of grades for each unit, the total, then the comments."""

from __future__ import annotations

from collections.abc import Sequence

from checks.classroom.grade import Gradebook
from checks.classroom.person import Person
from checks.gradebooks.cells import line, number, table, text, titles, total
from checks.gradebooks.options import Options

TITLE = "Tabela em CSV, para qualquer planilha"
SUFFIX = ".csv"
# The headers are some that `checks.classroom.roster` reads: the file can be imported as a list again.
_WHO = (
    ("nome", "name"),
    ("e-mail", "email"),
    ("matrícula", "id_number"),
    ("usuário", "username"),
    ("turma", "section"),
    ("conta do GitHub", "github"),
    ("docker id", "docker_id"),
)
_ALWAYS = ("name", "email")


def write(book: Gradebook, options: Options) -> bytes:
    named = titles(book)
    header = [
        *(header for header, _ in columns_of(book)),
        *named.values(),
        "total",
        *(f"{title} (comentário)" for title in named.values()),
    ]
    return table([header, *_rows(book, options)], options)


def columns_of(book: Gradebook) -> Sequence[tuple[str, str]]:
    """Header and field of Person for what is known of anybody."""
    return [
        (header, field)
        for header, field in _WHO
        if field in _ALWAYS or any(getattr(row.person, field) for row in book.rows)
    ]


def who(person: Person, columns: Sequence[tuple[str, str]]) -> list[str]:
    return [line(getattr(person, field)) for _, field in columns]


def _rows(book: Gradebook, options: Options) -> list[list[str]]:
    columns = columns_of(book)
    rows = []
    for row in book.rows:
        grades = [row.grade(column.unit) for column in book.columns]
        scores = [*(grade.score for grade in grades), total(book, row)]
        shown = [number(score, decimal_comma=options.decimal_comma) for score in scores]
        rows.append([*who(row.person, columns), *shown, *(text(grade.comment) for grade in grades)])
    return rows
