"""What the teacher sees in the terminal: the list as it was understood, a grading as it goes, copies."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from checks.budget import Budget
from checks.classroom.copies import Suspicion
from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.roster import Roster
from checks.outcome import Outcome
from lab.classroom.correct import Plan, Tally, Told
from lab.screen import complain, err, out, say

_SHOWN = 8  # people of a preview
_FEW = 20  # rows of what went wrong


def preview(roster: Roster) -> None:
    """What was understood of a list, before anything is kept."""
    for note in roster.notes:
        say(note)
    _table(roster.people[:_SHOWN])
    if len(roster.people) > _SHOWN:
        say(f"… e mais {len(roster.people) - _SHOWN}.")
    for one in roster.left_out[:_FEW]:
        say(f"Linha {one.line} ficou de fora: {one.reason}")
    if len(roster.left_out) > _FEW:
        say(f"Outras linhas de fora: {len(roster.left_out) - _FEW}.")


def people(found: Sequence[Person]) -> None:
    _table(found)
    without = sum(not person.docker_id for person in found)
    say(f"Pessoas na turma: {len(found)}. Sem Docker ID: {without}.")


def _table(people: Sequence[Person]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("Nome", "E-mail", "Turma", "Docker ID"):
        table.add_column(heading)
    for person in people:
        table.add_row(person.name, person.email, person.section, person.docker_id or "—")
    out.print(table)


def models(found: Models) -> None:
    """By name, for which platforms."""
    if not found.images:
        say("A turma não tem nenhuma imagem modelo. A do laboratório entra sozinha quando ele está ligado.")
    for name, images in found.images.items():
        say(f"A turma tem o modelo de `{name}` para: {', '.join(str(image.platform) for image in images)}.")


def cost(plan: Plan) -> None:
    """The budget, told before the first request."""
    told: Budget = plan.cost
    say(
        f"Pessoas: {len(plan.waiting)}. Unidades: {len(plan.units)}. "
        f"Consultas ao registry, no máximo: {told.registry}; delas, contam como download no Docker Hub: "
        f"{told.pulls}. Consultas à API do Docker Hub: {told.hub}."
    )
    if plan.left_out:
        say(f"Sem Docker ID, e por isso fora da correção: {plan.left_out}.")
    if plan.way.told is None and told.pulls > 0:
        say(
            "O Docker Hub real deixa baixar 100 manifestos a cada 6 horas sem login, e 200 com uma conta "
            "gratuita. Se o limite chegar, a correção espera e continua sozinha; repetir sem novidades não "
            "conta nenhum."
        )
    if plan.done and plan.done.finished:
        when = plan.done.started_at.astimezone()
        say(
            f"Continuando a correção das {when:%H:%M} de {when:%d/%m}. Pessoas que já estavam prontas: "
            f"{len(plan.done.finished)}. Para começar de novo, use --do-comeco."
        )


class _Live(Told):
    """A bar, the time left and a tally by outcome."""

    def __init__(self, progress: Progress, people: int) -> None:
        self._progress = progress
        self._task = progress.add_task("Corrigindo", total=people, tally="")

    def step(self, tally: Tally) -> None:
        self._progress.update(self._task, completed=tally.done, tally=line(tally))

    def pause(self, seconds: float) -> None:
        until = time.strftime("%H:%M:%S", time.localtime(time.time() + seconds))
        self._progress.console.print(
            f"O hub pediu uma pausa. A correção continua sozinha às {until}.", markup=False
        )


class _Lines(Told):
    """Without a terminal: a pause is told, and nothing else."""

    def pause(self, seconds: float) -> None:
        complain(f"O hub pediu uma pausa de {seconds:.0f} s. A correção continua sozinha depois.")


@contextmanager
def following(plan: Plan) -> Iterator[Told]:
    if not sys.stderr.isatty():
        yield _Lines()
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        TextColumn("{task.fields[tally]}"),
    )  # fmt: skip
    with Progress(*columns, console=err, transient=True) as progress:
        yield _Live(progress, len(plan.waiting))


def line(tally: Tally) -> str:
    return "  ".join(
        f"{outcome.icon} {tally.outcomes[outcome]}" for outcome in Outcome if tally.outcomes[outcome]
    )


def ended(tally: Tally, seconds: float, refused: int) -> None:
    """`refused`: results that the hub would not keep."""
    rate = f" ({tally.done / seconds:.0f} por segundo)" if seconds and tally.done else ""
    say(f"Pessoas corrigidas: {tally.done}, em {seconds:.1f} s{rate}.")
    if tally.before:
        say(f"Com as que já estavam prontas: {tally.before + tally.done}.")
    say("Unidades de todos, por resultado:")
    for outcome in Outcome:
        if tally.outcomes[outcome]:
            say(f"  {outcome.icon} {outcome.label}: {tally.outcomes[outcome]}")
    if tally.reasons:
        say("O que não deu para verificar não tirou pontos de ninguém. O motivo:")
        for reason in tally.reasons:
            say(f"  • {reason}")
        say("Resolva-o, ou espere um pouco, e repita o comando.")
    if tally.undated:
        say(
            f"Casos em que o Docker Hub não disse de quando são os pontos: {tally.undated}. Para o prazo, "
            "neles vale a hora desta correção."
        )
    if refused:
        complain(f"Resultados que o hub não guardou: {refused}. Veja se alguém mudou de Docker ID, e repita.")


def copies(found: Iterable[Suspicion]) -> None:
    suspicions = tuple(found)
    if not suspicions:
        say("Nenhuma imagem repetida entre os alunos.")
        return
    say(f"Imagens repetidas, para você olhar (não mudam nenhuma nota): {len(suspicions)}.")
    for one in suspicions[:_FEW]:
        say(f"  • {one.sentence}")
        say(f"    {', '.join(person.name for person in one.people[:_SHOWN])}")
        say(f"    {', '.join(one.digests)}")
    if len(suspicions) > _FEW:
        say(f"… e mais {len(suspicions) - _FEW}.")
