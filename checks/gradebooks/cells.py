"""What may go in a cell: text that no spreadsheet runs, numbers that every importer reads, tables of them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from checks.classroom.grade import Gradebook, Row
from checks.classroom.roster_text import INVISIBLE
from checks.gradebooks.options import Options

LONGEST: Final = 32_767  # letters that a cell of Excel holds
# https://owasp.org/www-community/attacks/CSV_Injection: a cell that begins so may be run as a formula. Spaces
# before it do not count for every spreadsheet, and some take the full-width forms for the same.
_FORMULA = re.compile(r"[\t\n\r]|\s*[=+\-@＝＋－＠]")


def text(value: str) -> str:
    """The value as a cell: without what nobody sees, its lines ended by "\\n", never a formula."""
    clean = INVISIBLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return (f"'{clean}" if is_formula(clean) else clean)[:LONGEST]


def is_formula(value: str) -> bool:
    return _FORMULA.match(value) is not None


def line(value: str) -> str:
    """Like `text`, on one line: what a header or a name is to be."""
    return text(" ".join(value.split()))


def points(score: float) -> float:
    """At two decimals, which is what gradebooks show and compare."""
    return round(score, 2) + 0.0  # and no minus before a zero


def number(score: float | None, *, decimal_comma: bool = False, decimals: int | None = None) -> str:
    """The score as it is typed, "" for no grade: 7.5, 10; with `decimals`, always that many."""
    if score is None:
        return ""
    shown = f"{points(score):.{2 if decimals is None else decimals}f}"
    if decimals is None:
        shown = shown.rstrip("0").rstrip(".")
    return shown.replace(".", ",") if decimal_comma else shown


def titles(book: Gradebook) -> Mapping[str, str]:
    """What the column of each unit is called; two units of one title also have their ids in it."""
    shown = {column.unit: line(column.title) or column.unit for column in book.columns}
    times = Counter(title.casefold() for title in shown.values())
    return {unit: f"{it} [{unit}]" if times[it.casefold()] > 1 else it for unit, it in shown.items()}


def total(book: Gradebook, row: Row) -> float | None:
    """The sum of a row, when every unit in it has a grade: half a sum would look like a bad one."""
    scores = [row.grade(column.unit).score for column in book.columns]
    known = [score for score in scores if score is not None]
    return sum(known) if scores and len(known) == len(scores) else None


def table(rows: Iterable[Sequence[str]], options: Options) -> bytes:
    """A CSV in UTF-8; every text in it has gone through `text` before."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=options.delimiter, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode("utf-8-sig" if options.bom else "utf-8")
