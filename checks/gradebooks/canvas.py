"""What Canvas's gradebook imports: best, the teacher's own export with the grades filled in.

The importer's rules are those of Canvas's lib/gradebook_importer.rb:

- It finds people by Canvas's id, SIS user id, SIS login id, then by name, where namesakes are one person.
- `Title (123)` is the assignment 123; another title makes a new one, worth what `Points Possible` says. A row
  whose first cell has those words is that one, whoever it is of.
- An empty cell changes nothing. Comments are not imported: other formats have them.
- It guesses `,` or `;` from the first three lines, as they are before any quote is understood: no cell of
  ours has a line in it, and what could be taken for a delimiter is quoted.
- It does not know a byte order mark, behind which a quoted cell is malformed: the first cell has no quotes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from checks.classroom.grade import Column, Gradebook, Row
from checks.classroom.person import Person
from checks.classroom.roster_columns import plain
from checks.gradebooks.canvas_base import POINTS_POSSIBLE, Base, column_of, read, rows_of, worth
from checks.gradebooks.cells import line, number, titles
from checks.gradebooks.options import Options

TITLE = "Canvas: CSV para importar no livro de notas"
SUFFIX = ".csv"
_WHO = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_LEFT_AS_THEY_ARE = ("EX", "N/A")  # excused, or not given to this person: the teacher decided it in Canvas
_LIKE_AN_ID = re.compile(r"(?<=\s)\((\d+)\)$")
_TO_QUOTE = re.compile(r'[,;\t"\r\n]')
_WITHOUT_BASE = (
    "O melhor caminho no Canvas: exporte as notas, dê esse CSV como base na exportação daqui e importe no "
    "Canvas o arquivo preenchido. Sem a base, o Canvas cria uma tarefa nova para cada unidade."
)
_NO_COMMENTS = "O Canvas não importa comentários por CSV; eles estão nos outros formatos."
_NEW = "A unidade “{}” não está entre as tarefas da base: o Canvas vai criar uma tarefa nova para ela."
_SCALED = "A unidade “{}” vale {} aqui e {} no Canvas: as notas foram convertidas para o valor do Canvas."

Table = list[list[str]]


def write(book: Gradebook, options: Options) -> bytes:
    if options.base is None:
        return _encode(_fresh(book, options), ";" if options.delimiter == ";" else ",", options)
    base = read(options.base)
    return _encode(_filled(base, book, options), base.delimiter, options)


def left_out(book: Gradebook, options: Options) -> tuple[Person, ...]:
    """Who is not in the base; without one, those whom Canvas could take for another."""
    people = [row.person for row in book.rows]
    if options.base is not None:
        known = rows_of(read(options.base), people)
        return tuple(person for person in people if person.key not in known)
    names = Counter(plain(person.name) for person in people)
    return tuple(one for one in people if not _is_sure(one, alone=names[plain(one.name)] == 1))


def notes(book: Gradebook, options: Options) -> tuple[str, ...]:
    if options.base is None:
        return (_WITHOUT_BASE, _NO_COMMENTS)
    base, told = read(options.base), []
    for column, title in zip(book.columns, titles(book).values(), strict=True):
        at = column_of(base, title, column.unit)
        if at is None:
            told.append(_NEW.format(title))
        elif (there := worth(base, at)) and _scale(base, column, at) != 1:
            told.append(_SCALED.format(title, number(column.max_score), number(there)))
    return (*told, _NO_COMMENTS)


def _fresh(book: Gradebook, options: Options) -> Table:
    out = {person.key for person in left_out(book, options)}
    named = [_LIKE_AN_ID.sub(r"[\1]", title) for title in titles(book).values()]
    worths = [_score(column.max_score, options) for column in book.columns]
    rows = [[*_WHO, *named], [f"    {POINTS_POSSIBLE}", "", "", "", "", *worths]]
    for row in book.rows:
        if row.person.key not in out:
            scores = (row.grade(column.unit).score for column in book.columns)
            rows.append([*_about(row.person), *(_score(score, options) for score in scores)])
    return rows


def _about(person: Person) -> list[str]:
    login = person.username or person.email
    numbered = person.lms_id if person.lms_id.isdecimal() else ""
    return [line(person.name), numbered, line(person.id_number), line(login), line(person.section)]


def _is_sure(person: Person, *, alone: bool) -> bool:
    """Whether Canvas finds the person by what is written, which for a formula is not what it is."""
    name, *sure = (cell for cell in _about(person)[:4])
    if POINTS_POSSIBLE in name:
        return False
    return any(cell and not cell.startswith("'") for cell in sure) or (alone and not name.startswith("'"))


def _filled(base: Base, book: Gradebook, options: Options) -> Table:
    table = [list(row) for row in base.rows]
    places = rows_of(base, [row.person for row in book.rows])
    known = [(row, places[row.person.key]) for row in book.rows if row.person.key in places]
    for column, title in zip(book.columns, titles(book).values(), strict=True):
        at = column_of(base, title, column.unit)
        if at is None:
            at = _added(table, base, title, _score(column.max_score, options))
        _fill(table, at, column, known, (_scale(base, column, at), options))
    return table


def _added(table: Table, base: Base, title: str, worth: str) -> int:
    """A new column at the end, where the importer reads it as well as anywhere."""
    for at, row in enumerate(table):
        row.append({0: _LIKE_AN_ID.sub(r"[\1]", title), base.points: worth}.get(at, ""))
    return len(table[0]) - 1


def _fill(
    table: Table, at: int, column: Column, known: Sequence[tuple[Row, int]], how: tuple[float, Options]
) -> None:
    scale, options = how
    for row, place in known:
        score = row.grade(column.unit).score
        if score is not None and table[place][at].strip().upper() not in _LEFT_AS_THEY_ARE:
            table[place][at] = _score(score * scale, options)


def _scale(base: Base, column: Column, at: int) -> float:
    """What our points are multiplied by to be the assignment's, which may be worth something else."""
    there = worth(base, at) if at < len(base.header) else None
    return there / column.max_score if there and column.max_score else 1


def _score(score: float | None, options: Options) -> str:
    return number(score, decimal_comma=options.decimal_comma, decimals=2)


def _encode(rows: Table, delimiter: str, options: Options) -> bytes:
    if any("\n" in cell for row in rows[:3] for cell in row):
        delimiter = ","  # which is what the importer takes when its first lines tell it nothing
    lines = (delimiter.join(map(_quoted, row)) for row in rows)
    mark = options.bom and rows[0][0] == "Student"
    return "".join(f"{one}\r\n" for one in lines).encode("utf-8-sig" if mark else "utf-8", "replace")


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""')) if _TO_QUOTE.search(cell) else cell
