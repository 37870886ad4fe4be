"""A spreadsheet for Excel and LibreOffice: grades that are numbers, comments on a sheet of their own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from checks.classroom.grade import Gradebook
from checks.gradebooks.cells import line, number, points, text, titles, total
from checks.gradebooks.csv import columns_of, who
from checks.gradebooks.options import Options

TITLE = "Planilha do Excel ou do LibreOffice, com os comentários em outra folha"
SUFFIX = ".xlsx"
_NARROWEST, _WIDEST = 8, 40  # columns, in letters
_OF_COMMENTS = 50
_MADE: Final = datetime(2026, 1, 1)  # the same book gives the same file, whenever it is written

Cell = str | float | None


def write(book: Gradebook, options: Options) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": line(book.title), "created": _MADE})
        kinds = {"text_wrap": True, "valign": "top"}
        formats = workbook.add_format(kinds | {"bold": True}), workbook.add_format(kinds)
        _lay(workbook.add_worksheet("Notas"), _grades(book), formats, _WIDEST)
        _lay(workbook.add_worksheet("Comentários"), _comments(book), formats, _OF_COMMENTS)
    return file.getvalue()


def _grades(book: Gradebook) -> list[list[Cell]]:
    columns, named = columns_of(book), titles(book)
    worths = (f"{named[one.unit]} (até {number(one.max_score, decimal_comma=True)})" for one in book.columns)
    rows: list[list[Cell]] = [[*(header for header, _ in columns), *worths, "total"]]
    for row in book.rows:
        scores = [*(row.grade(one.unit).score for one in book.columns), total(book, row)]
        given: list[Cell] = [None if score is None else _number(score) for score in scores]
        rows.append([*who(row.person, columns), *given])
    return rows


def _comments(book: Gradebook) -> list[list[Cell]]:
    rows: list[list[Cell]] = [["nome", "e-mail", *titles(book).values()]]
    for row in book.rows:
        said = (text(row.grade(one.unit).comment) for one in book.columns)
        rows.append([line(row.person.name), line(row.person.email), *said])
    return rows


def _number(score: float) -> float:
    value = points(score)
    return int(value) if value == int(value) else value


def _lay(
    sheet: Worksheet, rows: Sequence[Sequence[Cell]], formats: tuple[Format, Format], widest: int
) -> None:
    """The rows, under a header that stays in sight, in columns as wide as what is in them."""
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is None or value == "":
                continue  # no grade is no cell at all
            if isinstance(value, str):
                sheet.write_string(at, place, value, formats[at > 0])  # whatever it looks like
            else:
                sheet.write_number(at, place, value, formats[at > 0])
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(zip(*rows, strict=True)):
        longest = max(len(part) for value in column for part in str(value or "").split("\n"))
        sheet.set_column(place, place, min(max(longest + 2, _NARROWEST), widest))
