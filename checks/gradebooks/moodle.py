"""What Moodle's "Importar notas: CSV" takes without a change.

The importer's rules are those of Moodle's grade/import/csv/classes/load_data.php:

- One column tells who each row is of, and one that finds nobody undoes the whole import. A row whose cell is
  empty there is worse: its grades go to the person of the row above. So every row has all that identifies in
  the file, and a kind of identifier that somebody lacks is not in it.
- An empty cell is no grade for an item that exists, but a zero for a new one (normalise_value in lib/dml:
  "prevent '' problems in numeric fields"). `-` is no grade for both, and that is what is written.
- A new item keeps the number as it is written, so decimals come after a point, whatever the language.
- Comments go only to items that exist; a new one is always out of 100.
- PHP's fgetcsv takes a quote after a backslash for a letter: no quoted cell has one there.
"""

from __future__ import annotations

from checks.classroom.grade import Gradebook, Row
from checks.classroom.person import Person
from checks.gradebooks.cells import is_formula, line, number, table, text, titles
from checks.gradebooks.options import Options

TITLE = "Moodle: importação de notas por CSV, com comentários"
SUFFIX = ".csv"
_NO_GRADE = "-"
_LARGEST = 100  # that a site takes unless it has unlimited grades on
_WHO = (("email", "email"), ("username", "username"), ("idnumber", "id_number"))
_NAMES = {"email": "o e-mail", "username": "o nome de usuário", "idnumber": "o número de identificação"}
_HOW = (
    "Antes de importar, crie no Moodle um item de nota para cada unidade, com o valor dela: um item que "
    "nasce na importação vale sempre 100 e não recebe comentários.",
    "Na tela de importação, ligue cada coluna de notas ao seu item e cada coluna de comentários ao "
    "feedback dele.",
    "O traço quer dizer que ainda não há nota, o que não é um zero.",
)
_MAP = "Na tela de importação, diga que a coluna `{}` é {} de cada pessoa."
_TOO_MUCH = (
    "A unidade “{}” vale mais de 100 pontos, e o Moodle só aceita isso com as notas ilimitadas ligadas."
)
_NOBODY = "Ninguém da turma tem algo por que o Moodle reconheça as pessoas: importe a lista com os e-mails."


def write(book: Gradebook, options: Options) -> bytes:
    rows, columns = _identified(book)
    header = [name for name, _ in columns]
    for title in titles(book).values():
        header += [_cell(f"{title} (nota)"), _cell(f"{title} (comentário)")]
    table_rows = [header]
    for row in rows:
        cells = [line(getattr(row.person, field)) for _, field in columns]
        for column in book.columns:
            grade = row.grade(column.unit)
            cells += [number(grade.score) or _NO_GRADE, _cell(text(grade.comment))]
        table_rows.append(cells)
    return table(table_rows, options)


def left_out(book: Gradebook, options: Options) -> tuple[Person, ...]:
    """Those whom the importer could not find, and would stop at."""
    kept = {row.person.key for row in _identified(book)[0]}
    return tuple(row.person for row in book.rows if row.person.key not in kept)


def notes(book: Gradebook, options: Options) -> tuple[str, ...]:
    rows, columns = _identified(book)
    if not rows:
        return (_NOBODY,)
    by = columns[0][0]
    large = [_TOO_MUCH.format(line(one.title)) for one in book.columns if one.max_score > _LARGEST]
    return (*large, *_HOW[:1], _MAP.format(by, _NAMES[by]), *_HOW[1:])


def _identified(book: Gradebook) -> tuple[list[Row], list[tuple[str, str]]]:
    """The rows of whom most can be found by one kind of identifier, and the kinds that all of those have."""
    best = max(_WHO, key=lambda one: sum(_finds(row.person, one[1]) for row in book.rows))
    rows = [row for row in book.rows if _finds(row.person, best[1])]
    return rows, [one for one in _WHO if all(_finds(row.person, one[1]) for row in rows)]


def _finds(person: Person, field: str) -> bool:
    """Whether a value is there and is the same after a spreadsheet was kept from running it."""
    value: str = getattr(person, field)
    return bool(value) and not is_formula(value) and line(value) == value


def _cell(value: str) -> str:
    """A space parts a backslash from a quote; the importer takes off the one at the end."""
    value = value.replace('\\"', '\\ "')
    return f"{value} " if value.endswith("\\") else value
