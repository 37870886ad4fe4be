"""`lab turma corrigir`: grades the whole class, shows how far it is, and goes on where it was interrupted."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks import budget
from checks.classroom import journal, spread
from checks.classroom.copies import Suspicion, Trace, find_copies
from checks.classroom.grading import Graded, Patient, grade
from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.remote import remote_forms
from checks.classroom.session import Way, opened
from checks.outcome import Outcome
from checks.unit import Unit, load_course, load_unit
from lab.classroom.store import Store, with_docker_id
from lab.errors import UsageError

_A_DAY = 24 * 60 * 60.0  # seconds: a limit of Docker Hub may hold everybody for hours


@dataclass
class Tally:
    """How far a grading is; units by outcome."""

    people: int
    done: int = 0
    before: int = 0  # of those, done by the run that this one goes on from
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def add(self, graded: Graded) -> None:
        self.done += 1
        self.outcomes.update(report.outcome for report in graded.reports)

    @property
    def unseen(self) -> int:
        return sum(count for outcome, count in self.outcomes.items() if not outcome.gradable)


@dataclass(frozen=True)
class Plan:
    """A grading about to begin."""

    store: Store
    people: tuple[Person, ...]
    units: tuple[Unit, ...]
    models: Models
    way: Way
    done: journal.Done | None
    dask: str = ""

    @property
    def file(self) -> Path:
        return self.store.journal

    @property
    def waiting(self) -> tuple[Person, ...]:
        finished = self.done.finished if self.done else frozenset()
        return tuple(person for person in self.people if person.key not in finished)

    @property
    def cost(self) -> budget.Budget:
        """At most, for everybody who is still waiting; the practice hub tells all it knows in one answer."""
        one = budget.of(self.units)
        each = budget.Budget(one.registry, one.pulls, 0 if self.way.told is not None else one.hub)
        return sum((each for _ in self.waiting), budget.Budget())


def units_of(ids: Sequence[str], models: Models) -> tuple[Unit, ...]:
    """Those chosen, or all, as a class is graded on them. UsageError for one that nothing remote proves."""
    course = [load_unit(one) for one in ids] if ids else load_course()
    forms = remote_forms(course, models)
    if left := [unit.id for unit in course if ids and unit.id not in {form.id for form in forms}]:
        raise UsageError(
            f"A unidade `{left[0]}` só existe no computador do aluno, e nada dela se vê daqui: "
            "ela não entra na nota da turma."
        )
    return forms


def plan(store: Store, ids: Sequence[str], models: Models, way: Way, *, anew: bool, dask: str = "") -> Plan:
    units = units_of(ids, models)
    people = with_docker_id(store.people())
    if not people:
        raise UsageError(
            "Ninguém da turma tem Docker ID ainda, e sem ele não há o que corrigir. Importe a lista com "
            "`lab turma importar ARQUIVO.csv`, ou peça aos alunos que entrem na turma com o código dela."
        )
    found = Plan(store, people, units, models, way, None, dask)
    if anew:
        return found
    done = journal.read(found.file, [unit.id for unit in units], datetime.now(UTC))
    return Plan(store, people, units, models, way, done, dask)


class Told:
    """Who hears how far it is: nobody, unless somebody looks."""

    def step(self, tally: Tally) -> None:
        """One more learner is done."""

    def pause(self, seconds: float) -> None:
        """Everybody waits, since a service asked for it."""


async def run(plan: Plan, tally: Tally, told: Told) -> None:
    """Grades who is waiting; `tally` and `told` follow it. Each learner is on the disk before the next."""
    if plan.done is None:
        journal.begin(plan.file, [unit.id for unit in plan.units])
    with plan.file.open("a", encoding="utf-8") as file:
        async for graded in _graded(plan, told):
            journal.note(file, graded)
            tally.add(graded)
            told.step(tally)


async def _graded(plan: Plan, told: Told) -> AsyncIterator[Graded]:
    if plan.dask:
        work = spread.Work(tuple(unit.id for unit in plan.units), plan.models.to_json(), plan.way)
        async for graded in spread.grade_groups(plan.waiting, work, plan.dask):
            yield graded
        return
    async with opened(plan.way) as source:
        patient = Patient(source, told.pause)
        async for graded in grade(plan.waiting, plan.units, patient, patience=_A_DAY):
            yield graded


def keep(plan: Plan) -> None:
    """Hands what the journal has to the hub, for the board and the grades."""
    plan.store.keep_results(
        {"key": entry["key"], "report": report}
        for entry in _entries(plan.file)
        for report in entry["reports"]
    )


def copies(plan: Plan, codes: Mapping[str, str]) -> tuple[Suspicion, ...]:
    people = {person.key: person for person in plan.people}
    latest = {entry["key"]: entry["traces"] for entry in _entries(plan.file) if entry["key"] in people}
    seen = ((people[key], map(Trace.from_dict, traces)) for key, traces in latest.items())
    return find_copies(seen, plan.models, codes)


def _entries(file: Path) -> list[dict[str, Any]]:
    return [entry for entry in journal.lines(file) if "reports" in entry]


def finish(plan: Plan) -> None:
    """A grading that came to its end is not gone on from: the next one looks at everybody again."""
    plan.file.unlink(missing_ok=True)
