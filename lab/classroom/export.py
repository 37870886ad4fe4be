"""`lab turma exportar`: the grades of the class in a file that another system imports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from checks.classroom.book import gradebook
from checks.classroom.policy import Policy
from checks.gradebooks import FORMATS, BadBase, Options
from lab.classroom import correct, models
from lab.classroom.store import opened
from lab.errors import UsageError
from lab.paths import Home
from lab.screen import say

_FORMS = ("%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_LAST_MOMENT = timedelta(days=1) - timedelta(seconds=1)


@dataclass(frozen=True)
class Rules:
    """What was typed about time; parts from 0 to 1."""

    due: datetime | None
    off_each_day: float
    second_chance: datetime | None
    second_worth: float
    zero: bool

    def policy(self) -> Policy:
        if self.second_chance is None:
            return Policy(self.due, self.off_each_day)
        try:
            return Policy(self.due, self.off_each_day, self.second_chance, self.second_worth)
        except ValueError:
            raise UsageError("A segunda chance vem depois do prazo: diga os dois, nessa ordem.") from None


@dataclass(frozen=True)
class Paper:
    """What to write, and where."""

    form: str
    target: Path | None
    base: Path | None
    delimiter: str
    bom: bool


def write(home: Home, ids: list[str], rules: Rules, paper: Paper) -> None:
    if paper.form not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError(f"Não conheço o formato «{paper.form}». As opções são: {known}.")
    form = FORMATS[paper.form]
    store = opened(home)
    units = correct.units_of(ids, models.present(home))
    book = gradebook(store.people(), units, store.results(), rules.policy(), zero=rules.zero)
    options = Options(delimiter=paper.delimiter, bom=paper.bom, base=_base(paper.base))
    target = paper.target or Path(f"notas-{paper.form}{form.suffix}")
    try:
        target.write_bytes(form.write(book, options))
    except BadBase as error:
        raise UsageError(str(error)) from None
    left = form.left_out(book, options)
    say(f"Pessoas com notas em {target}: {len(book.rows) - len(left)}.")
    for note in form.notes(book, options):
        say(f"  • {note}")
    if left:
        say("Ficaram de fora, porque nada nelas diz ao outro sistema quem são:")
        say("\n".join(f"  • {person.name}" for person in left))
    without = sum(all(grade.score is None for grade in row.grades.values()) for row in book.rows)
    if without:
        say(f"Pessoas ainda sem nota nenhuma: {without}. A nota delas fica vazia, e não zero.")


def _base(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"Não consegui ler {path}: {error.strerror}. Confira o nome do arquivo.") from None


def moment(typed: str) -> datetime | None:
    """In this machine's time zone; a day without an hour lasts until its end. UsageError for no day."""
    if not typed:
        return None
    for form in _FORMS:
        try:
            found = datetime.strptime(typed.strip(), form)
        except ValueError:
            continue
        return (found if "%H" in form else found + _LAST_MOMENT).astimezone()
    raise UsageError(f'Não entendi o dia «{typed}». Escreva como 10/12/2026, ou "10/12/2026 18:00".')
