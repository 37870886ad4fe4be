"""A sheet to copy grades from: Google Classroom imports no file, and its API asks for a project of one's own.

https://developers.google.com/classroom/guides/classroom-api/manage-grades tells what a program does with it:
`draftGrade`, by e-mail, for each course work.
"""

from __future__ import annotations

from checks.classroom.grade import Gradebook
from checks.gradebooks.cells import line, number, table, text, titles
from checks.gradebooks.options import Options

TITLE = "Google Classroom: e-mail, nome, nota e comentário de cada unidade, para copiar"
SUFFIX = ".csv"
_HOW = (
    "O Google Classroom não importa notas de um arquivo. Abra este no Planilhas Google, na ordem em que o "
    "Classroom mostra a turma, e copie a coluna de cada atividade.",
    "Célula vazia é de quem ainda não tem nota naquela unidade, e não de quem tirou zero.",
)


def write(book: Gradebook, options: Options) -> bytes:
    header = ["e-mail", "nome"]
    for title in titles(book).values():
        header += [f"{title} (nota)", f"{title} (comentário)"]
    rows = [header]
    for row in book.rows:
        cells = [line(row.person.email), line(row.person.name)]
        for column in book.columns:
            grade = row.grade(column.unit)
            cells += [number(grade.score, decimal_comma=options.decimal_comma), text(grade.comment)]
        rows.append(cells)
    return table(rows, options)


def notes(book: Gradebook, options: Options) -> tuple[str, ...]:
    return _HOW
