"""A grading of the whole class: planned, followed, kept, and gone on with after an interruption."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from checks import budget
from checks.classroom import journal, spread
from checks.classroom.copies import Suspicion, Trace, find_copies
from checks.classroom.dating import questions
from checks.classroom.grading import Graded, Patient, grade
from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.remote import public_forms, remote_forms
from checks.classroom.session import Way, opened
from checks.outcome import Outcome, overall
from checks.report import Report
from checks.unit import Unit, load_course, load_unit
from lab.classroom.store import Store, with_docker_id
from lab.errors import UsageError

_A_DAY = 24 * 60 * 60.0  # seconds: a limit of Docker Hub may hold everybody for hours
_REASONS = 5


@dataclass
class Tally:
    """How far a grading is: units by outcome, why some could not be verified, and how many have points of
    a moment that Docker Hub did not tell."""

    done: int = 0
    before: int = 0  # done by a grading that was interrupted; of them too are the others
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    reasons: dict[str, None] = field(default_factory=dict)
    undated: int = 0

    def add(self, graded: Graded, *, dated: bool) -> None:
        """`dated`: Docker Hub was asked when the work was done."""
        self.done += 1
        self._count(graded.reports, dated=dated)

    def recall(self, plan: Plan) -> None:
        """Who was finished before the interruption, by the last that was noted of each."""
        finished = {(one.key, one.docker_id) for one in plan.people} - {
            (one.key, one.docker_id) for one in plan.waiting
        }
        if not finished:
            return
        last = {
            entry["key"]: entry["reports"]
            for entry in _entries(plan.file)
            if (entry["key"], entry["docker_id"]) in finished
        }
        for reports in last.values():
            self.before += 1
            self._count(map(Report.from_dict, reports), dated=plan.is_real)

    def _count(self, reports: Iterable[Report], *, dated: bool) -> None:
        for report in reports:
            self.outcomes[report.outcome] += 1
            self.undated += dated and report.score > 0 and report.worked_at is None
            for finding in report.checks:
                if not finding.outcome.gradable and len(self.reasons) < _REASONS:
                    self.reasons.setdefault(finding.message)

    @property
    def unseen(self) -> Outcome | None:
        """The worst of what says nothing of a learner: a fault of ours, or what could not be verified."""
        strange = {outcome for outcome in self.outcomes if not outcome.gradable}
        return overall(strange) if strange else None


@dataclass(frozen=True)
class Plan:
    """A grading about to begin."""

    store: Store
    people: tuple[Person, ...]
    units: tuple[Unit, ...]
    models: Models
    way: Way
    left_out: int = 0  # people without a Docker ID
    done: journal.Done | None = None
    dask: str = ""

    @property
    def file(self) -> Path:
        return self.store.journal

    @property
    def is_real(self) -> bool:
        return self.way.told is None

    @property
    def what(self) -> dict[str, Any]:
        """All that makes it another grading than the one a journal tells of."""
        models = hashlib.sha256(self.models.to_json().encode()).hexdigest()
        return {"real": self.is_real, "units": [unit.id for unit in self.units], "models": models}

    @property
    def waiting(self) -> tuple[Person, ...]:
        finished = self.done.finished if self.done else frozenset()
        return tuple(one for one in self.people if (one.key, one.docker_id) not in finished)

    @property
    def cost(self) -> budget.Budget:
        """At most, for everybody who is still waiting; the practice hub tells all it knows in one answer."""
        one, people = budget.of(self.units), len(self.waiting)
        at_hub = one.hub + sum(map(questions, self.units)) if self.is_real else 0
        return budget.Budget(one.registry * people, one.pulls * people, at_hub * people)


def units_of(ids: Sequence[str], models: Models, *, real: bool = False) -> tuple[Unit, ...]:
    """Those chosen, or all, as a class is graded on them; with the real hub, as anyone can see them.

    UsageError for one that nothing remote proves.
    """
    course = [load_unit(one) for one in ids] if ids else load_course()
    forms = public_forms(course, models) if real else remote_forms(course, models)
    known = {form.id for form in forms}
    if left := [unit.id for unit in course if ids and unit.id not in known]:
        raise UsageError(
            f"Da unidade `{left[0]}` nada se vê daqui: o que ela pede acontece no computador do aluno, ou é "
            "privado. Ela não entra na nota da turma."
        )
    return forms


def plan(store: Store, ids: Sequence[str], models: Models, way: Way, *, anew: bool, dask: str = "") -> Plan:
    everybody = store.people()
    people = with_docker_id(everybody)
    if not people:
        raise UsageError(
            "Ninguém da turma tem Docker ID ainda, e sem ele não há o que corrigir. Importe a lista com "
            "`lab turma importar ARQUIVO.csv`, ou peça aos alunos que entrem na turma com o código dela."
        )
    units = units_of(ids, models, real=way.told is None)
    left_out = len(everybody) - len(people)
    found = Plan(store, people, units, models, way, left_out, dask=dask)
    done = None if anew else journal.read(found.file, found.what, datetime.now(UTC))
    return replace(found, done=done)


class Told:
    """Who hears how far it is: nobody, unless somebody looks."""

    def step(self, tally: Tally) -> None:
        """One more learner is done."""

    def pause(self, seconds: float) -> None:
        """Everybody waits, since a service asked for it."""


async def run(plan: Plan, tally: Tally, told: Told) -> None:
    """Grades who is waiting; `tally` and `told` follow it. Each learner is on the disk before the next."""
    tally.recall(plan)
    with journal.go_on(plan.file) if plan.done else journal.begin(plan.file, plan.what) as file:
        async with aclosing(_graded(plan, told)) as going:
            async for graded in going:
                journal.note(file, graded)
                tally.add(graded, dated=plan.is_real)
                told.step(tally)


def moved(plan: Plan) -> Plan | None:
    """A second look at who changed something at the practice hub after it told of the class, and before they
    were graded: what was found of them may be older than what the board knows. None when nobody did."""
    if plan.way.told is None:
        return None
    before, now = plan.way.told, plan.store.facts()
    people = tuple(one for one in plan.waiting if before.get(one.docker_id) != now.get(one.docker_id))
    going_on = journal.Done(datetime.now(UTC))
    return replace(plan, people=people, way=replace(plan.way, told=now), done=going_on) if people else None


async def _graded(plan: Plan, told: Told) -> AsyncGenerator[Graded, None]:
    if plan.dask:
        units = tuple(unit.id for unit in plan.units)
        work = spread.Work(units, plan.models.to_json(), plan.way, is_real=plan.is_real)
        async with aclosing(spread.grade_groups(plan.waiting, work, plan.dask)) as going:
            async for graded in going:
                yield graded
        return
    async with opened(plan.way) as source:
        patient = Patient(source, told.pause)
        async with aclosing(grade(plan.waiting, plan.units, patient, patience=_A_DAY)) as going:
            async for graded in going:
                yield graded


def keep(plan: Plan) -> int:
    """Hands what the journal has to the hub, for the board and the grades; how much it would not take."""
    return plan.store.keep_results(
        {"key": entry["key"], "report": report}
        for entry in _entries(plan.file)
        for report in entry["reports"]
    )


def copies(plan: Plan, codes: Mapping[str, str]) -> tuple[Suspicion, ...]:
    people = {person.key: person for person in plan.people}
    latest = {entry["key"]: entry["traces"] for entry in _entries(plan.file) if entry["key"] in people}
    seen = ((people[key], map(Trace.from_dict, traces)) for key, traces in latest.items())
    return find_copies(seen, plan.models, codes)


def _entries(file: Path) -> Iterator[dict[str, Any]]:
    return (entry for entry in journal.lines(file) if "reports" in entry)


def finish(plan: Plan) -> None:
    """A grading that came to its end is not gone on from: the next one looks at everybody again."""
    plan.file.unlink(missing_ok=True)
