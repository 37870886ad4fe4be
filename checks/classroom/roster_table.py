"""The rows of a CSV as it comes: which character parts its cells, and what each row holds.

Not the standard library's `csv`: there one quote that nobody closed takes every person after it into a single
cell, and a cell over a limit stops the whole file. Here a quote that does not close properly is a letter like
any other, so that a broken row is one row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from checks.classroom.roster_columns import Columns, from_content, from_header
from checks.classroom.roster_text import INVISIBLE, BadRoster, Decoded

MOST_ROWS: Final = 20_000
LONGEST_CELL: Final = 1000
_MOST_CELLS = 2000  # of a row: a gradebook of a whole school year has some hundreds
_DELIMITERS = (",", ";", "\t")  # in this order when nothing tells them apart
_HEADER_WITHIN = 10  # rows: some systems write the name of the class above the header
_NAMES = {",": "vírgula", ";": "ponto e vírgula", "\t": "tabulação"}
_TOLD = re.compile(r'\s*"?sep=([,;\t|])"?[ ]*(?:\n|\Z)', re.IGNORECASE)  # Excel's own first line
_BLANK = re.compile(r"(?:[^\S\n]*+\n)++")
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # how Excel and Canvas keep a text from being a formula
_NO_COLUMN = (
    "não tem, nas primeiras linhas, nenhuma coluna de nome ou de e-mail que eu conheça. Ponha na primeira "
    "linha os nomes das colunas, como `nome;e-mail;matrícula;turma;docker id`."
)
_NOT_TEXT = (
    "não é um texto: tem bytes que só programas entendem. Abra-o no programa que o fez, salve como CSV e "
    "importe esse CSV."
)


@dataclass(frozen=True)
class Row:
    """Cells as they are written, less their quotes; `first` and `last` are lines of the file, from 1."""

    first: int
    last: int
    cells: tuple[str, ...]
    is_endless: bool = False  # more cells than any list has: those past a limit are not here

    @property
    def shown(self) -> str:
        """The row as a person finds it in the file: short, on one line."""
        text = " ".join(INVISIBLE.sub("\ufffd", " | ".join(cell[:100] for cell in self.cells[:20])).split())
        return text if len(text) <= 100 else f"{text[:97]}…"


@dataclass(frozen=True)
class Table:
    """`before` is what stands above the header; `rows` has no blank one."""

    columns: Columns
    before: tuple[Row, ...]
    rows: tuple[Row, ...]
    delimiter: str
    notes: tuple[str, ...]


def read_table(decoded: Decoded, name: str = "") -> Table:
    """BadRoster when no row says what the columns are, when there is nobody in it, or far too many."""
    text, number = decoded.text.replace("\r\n", "\n").replace("\r", "\n"), 1
    choices: tuple[str, ...] = _DELIMITERS
    if told := _TOLD.match(text):
        text, choices = text[told.end() :], (told[1],)
        number += told[0].count("\n")
    found = _best([_understood(text, number, delimiter) for delimiter in choices])
    if found is None:
        raise BadRoster(_NOT_TEXT if decoded.looks_binary else _NO_COLUMN, name)
    at, columns, delimiter = found
    everything = tuple(islice(rows_of(text, delimiter, number), at + 1 + MOST_ROWS + 1))
    rows = everything[at + 1 :] if columns.has_header else everything
    if len(rows) > MOST_ROWS:
        raise BadRoster(
            f"tem mais de {MOST_ROWS} linhas. Divida a lista em turmas menores e importe uma de cada vez.",
            name,
        )
    if not rows:
        raise BadRoster("tem só os nomes das colunas, e ninguém abaixo deles. Exporte a lista de novo.", name)
    before = everything[:at] if columns.has_header else ()
    said = f"As células são separadas por {_NAMES[delimiter]}." if delimiter in _NAMES else ""
    return Table(columns, before, rows, delimiter, (said,) if said and len(rows[0].cells) > 1 else ())


_Choice = tuple[int, Columns, str]


def _understood(text: str, number: int, delimiter: str) -> _Choice | None:
    """The row that best names its columns, when the cells are parted so; else one with an e-mail in it."""
    head = list(islice(rows_of(text, delimiter, number), _HEADER_WITHIN))
    named = [(at, from_header(row.cells), delimiter) for at, row in enumerate(head)]
    found = _best([choice for choice in named if choice[1].is_enough])
    if found is None and head and (guessed := from_content(head[0].cells)):
        return 0, guessed, delimiter
    return found


def _best(choices: Sequence[_Choice | None]) -> _Choice | None:
    """The most columns that are understood, then the most columns; the first of equals."""
    found = [choice for choice in choices if choice is not None]
    best = max(found, key=lambda one: (one[1].has_header, len(one[1].places), one[1].width), default=None)
    if best and best[1].width == 1 and len(found) > 1:
        return best[0], best[1], "\t"  # one column alone: a comma in it parts nothing
    return best


def rows_of(text: str, delimiter: str, number: int = 1) -> Iterator[Row]:
    """Every row with something in it; lines end with "\\n", and the first of them has that number."""
    at = 0
    while at < len(text):
        if blank := _BLANK.match(text, at):
            number, at = number + text.count("\n", at, blank.end()), blank.end()
            continue
        cells, after, is_endless = _row(text, at, delimiter)
        lines = text.count("\n", at, after)
        if is_endless or any(cell.strip() for cell in cells):
            last = number + lines - text.endswith("\n", at, after)
            yield Row(number, last, tuple(cells), is_endless)
        number, at = number + lines, after


def _row(text: str, at: int, delimiter: str) -> tuple[list[str], int, bool]:
    """The cells of the row that begins at `at`, where the next one begins, and whether it was cut."""
    cell, cells = _cell(delimiter), list[str]()
    while len(cells) < _MOST_CELLS and (found := cell.match(text, at)):  # it matches anything
        quoted, plain = found.groups()
        cells.append(_plain(plain if quoted is None else quoted.replace('""', '"')))
        at = found.end() + 1
        if at > len(text) or text[at - 1] == "\n":
            return cells, min(at, len(text)), False
    end = text.find("\n", at)
    return cells, len(text) if end < 0 else end + 1, True


@cache
def _cell(delimiter: str) -> re.Pattern[str]:
    """A quoted cell that closes just before a delimiter or the end of a line, or anything up to one."""
    stop = re.escape(delimiter)
    space = "[ ]*+" if delimiter == "\t" else r"[ \t]*+"
    return re.compile(rf'{space}"((?:[^"]++|"")*+)"{space}(?=[{stop}\n]|\Z)|([^{stop}\n]*+)')


def _plain(cell: str) -> str:
    """A text that was kept from being a formula, as `="007"` or `'=x`, without what kept it."""
    if cell.startswith('="') and (found := _FORMULA_TEXT.fullmatch(cell)):
        return found[1].replace('""', '"')
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell
