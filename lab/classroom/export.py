"""`lab turma exportar`: the grades of the class in a file that another system imports."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from checks import time_zone
from checks.classroom.book import gradebook
from checks.classroom.policy import HALF, LEFT_OUT, Policy
from checks.gradebooks import FORMATS, BadBase, Options
from checks.os_trouble import why
from lab.classroom import correct, models
from lab.classroom.store import opened
from lab.errors import UsageError
from lab.paths import Home
from lab.screen import say

_FORMS = ("%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_LAST_MOMENT = timedelta(days=1) - timedelta(seconds=1)
_FIRST_YEAR = 2000  # an older one is a slip


@dataclass(frozen=True)
class Rules:
    """What was typed about time: "" where nothing was; parts in %."""

    due: str = ""
    off_each_day: str = ""
    second_chance: str = ""
    second_worth: str = ""
    zero: bool = False

    def policy(self) -> Policy:
        """UsageError for what makes no sense, and for a rule that would count for nothing."""
        due, chance = moment(self.due), moment(self.second_chance)
        if self.second_worth and not chance:
            raise UsageError("--segunda-vale só conta com uma segunda chance: diga --segunda-chance também.")
        if self.off_each_day and not due:
            raise UsageError("--desconto-por-dia só conta com um prazo: diga --prazo também.")
        off = _part("--desconto-por-dia", self.off_each_day, LEFT_OUT)
        worth = _part("--segunda-vale", self.second_worth, HALF)
        try:
            return Policy(due, off, chance, worth)
        except ValueError:
            raise UsageError("A segunda chance vem depois do prazo: diga os dois, nessa ordem.") from None


def _part(name: str, typed: str, otherwise: float) -> float:
    """From 0 to 1."""
    if not typed:
        return otherwise
    try:
        found = float(typed.strip().removesuffix("%").replace(",", "."))
    except ValueError:
        found = -1
    if not 0 <= found <= 100:  # which is not so for what is no number, as nan, either
        raise UsageError(f"{name} precisa ser um número de 0 a 100, e vale «{typed}».")
    return found / 100


@dataclass(frozen=True)
class Paper:
    """What to write, and where."""

    form: str
    target: Path | None
    base: Path | None
    delimiter: str
    bom: bool
    decimal_comma: bool


def write(home: Home, ids: list[str], rules: Rules, paper: Paper) -> None:
    if paper.form not in FORMATS:
        known = ", ".join(FORMATS)
        raise UsageError(f"Não conheço o formato «{paper.form}». As opções são: {known}.")
    form, policy = FORMATS[paper.form], rules.policy()
    store = opened(home)
    units = correct.units_of(ids, models.present(home))
    book = gradebook(store.people(), units, store.results(), policy, zero=rules.zero)
    options = Options(paper.delimiter, paper.bom, paper.decimal_comma, _base(paper.base))
    target = paper.target or Path(f"notas-{paper.form}{form.suffix}")
    try:
        content = form.write(book, options)
    except BadBase as error:
        raise UsageError(str(error)) from None
    _keep(target, content)
    left = form.left_out(book, options)
    say(f"Pessoas no arquivo {target}: {len(book.rows) - len(left)}.")
    _tell_days(policy)
    for note in form.notes(book, options):
        say(f"  • {note}")
    if left:
        say("Ficaram de fora, porque nada nelas diz ao outro sistema quem são:")
        say("\n".join(f"  • {person.name}" for person in left))
    without = sum(all(grade.score is None for grade in row.grades.values()) for row in book.rows)
    if without:
        say(f"Pessoas ainda sem nota nenhuma: {without}. A nota delas fica vazia, e não zero.")


def _keep(target: Path, content: bytes) -> None:
    try:
        target.write_bytes(content)
    except OSError as error:
        trouble = "essa pasta não existe." if isinstance(error, FileNotFoundError) else why(error)
        raise UsageError(f"Não consegui gravar {target}: {trouble}") from None


def _tell_days(policy: Policy) -> None:
    """By whose clock they count: on the teacher's own it may be another hour."""
    for label, day in (("Prazo", policy.due), ("Segunda chance até", policy.second_chance)):
        if day:
            say(f"{label}: {day:%d/%m/%Y %H:%M}, no horário de {day.tzinfo}.")


def _base(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"Não consegui ler {path}: {why(error)}") from None


def moment(typed: str) -> datetime | None:
    """By the clock of the pages; a day without an hour lasts until its end. UsageError for no day."""
    if not typed:
        return None
    day = _day(typed).replace(tzinfo=_zone())
    if day.utcoffset() != day.replace(fold=1).utcoffset():
        raise UsageError(
            f"A hora de «{typed}» não existe, ou existe duas vezes, por causa do horário de verão. "
            "Escolha outra."
        )
    return day


def _zone() -> ZoneInfo:
    try:
        return time_zone.zone(os.environ.get(time_zone.VARIABLE, "").strip() or time_zone.DEFAULT)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _day(typed: str) -> datetime:
    for form in _FORMS:
        try:
            found = datetime.strptime(typed.strip(), form)
        except ValueError:
            continue
        if found.year >= _FIRST_YEAR:
            return found if "%H" in form else found + _LAST_MOMENT
    raise UsageError(f'Não entendi o dia «{typed}». Escreva como 10/12/2026, ou "10/12/2026 18:00".')
