"""Proves a unit: untouched does not pass, solved passes, each case gets the verdict in its name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from nbformat import NotebookNode

from checks import cases
from checks.errors import CourseError
from checks.outcome import Outcome
from checks.report import Report
from checks.runner import verify, verify_case
from checks.unit import Unit
from lab.author import notebook as nb
from lab.author.errors import AuthorError
from lab.author.execute import execute, workplace
from lab.author.source import Kind, read_exercise
from lab.author.steps import Learner, leave


class Stage(StrEnum):
    """When the unit is looked at; the value is what the author reads."""

    CASES = "casos"
    UNTOUCHED = "intocada"
    BY_HAND = "só a parte à mão"
    SOLVED = "resolvida"


@dataclass(frozen=True)
class Proof:
    """One thing that was tried with a unit: whether it went as it should, and what was seen."""

    unit: str
    stage: Stage
    good: bool
    detail: str
    case: str = ""

    @property
    def name(self) -> str:
        """How to speak of it."""
        return ", ".join(part for part in (self.unit, self.stage, self.case) if part)


def prove_cases(unit: Unit) -> tuple[Proof, ...]:
    """Each case gets the verdict its name says; a unit has at least one that passes and one that fails."""
    paths = cases.cases_of(unit.folder)
    proofs = [_prove_case(unit, path) for path in paths]
    prefixes = {path.stem.partition("-")[0] for path in paths}
    absent = [prefix for prefix in ("passa", "falha") if prefix not in prefixes]
    return (
        *proofs,
        *(Proof(unit.id, Stage.CASES, False, _NO_CASE.format(prefix=prefix)) for prefix in absent),
    )


def _prove_case(unit: Unit, path: Path) -> Proof:
    try:
        expected = cases.load(path).expected
        report = verify_case(unit, path)
    except CourseError as error:
        return Proof(unit.id, Stage.CASES, False, str(error), path.stem)
    return _judged(unit, Stage.CASES, report, {expected}, path.stem)


class Walk:
    """A learner nobody knows, who does what comes before a unit, then the unit; checked at each stop.

    Someone who has done exactly what comes before the next unit goes on to it; else somebody new starts over.
    """

    def __init__(self, course: Iterable[Unit]) -> None:
        self._course = tuple(course)
        self._learner: Learner | None = None
        self._done: tuple[Unit, ...] = ()

    def prove(self, unit: Unit) -> tuple[Proof, ...]:
        """What each stop showed; a cell that breaks ends the walk and is a bad proof."""
        proofs: list[Proof] = []
        try:
            proofs.extend(self._stops(unit))
        except AuthorError as error:
            proofs.append(Proof(unit.id, Stage.SOLVED, False, str(error)))
        if all(proof.good for proof in proofs):
            self._done = (*self._done, unit)
        else:
            self._learner = None
        return tuple(proofs)

    def _stops(self, unit: Unit) -> Iterator[Proof]:
        learner = self._arrive(prerequisites(unit, self._course))
        yield _judged(unit, Stage.UNTOUCHED, verify(unit), _NOT_YET)
        learner.do(unit.by_hand)
        has_solution = any(cell.kind is Kind.SOLUTION for cell in read_exercise(unit.folder / "exercise.md"))
        if unit.by_hand and has_solution:
            yield _judged(unit, Stage.BY_HAND, verify(unit), _NOT_YET)
        _solve(unit)
        yield _judged(unit, Stage.SOLVED, verify(unit), {Outcome.PASSED})

    def _arrive(self, before: tuple[Unit, ...]) -> Learner:
        if self._learner is None or before != self._done:
            leave()
            self._learner = Learner.fresh()
            for unit in before:
                self._learner.do(unit.by_hand)
                _solve(unit)
            self._done = before
        return self._learner


def prerequisites(unit: Unit, course: Iterable[Unit]) -> tuple[Unit, ...]:
    """Every unit that `after` asks for, near or far, in course order."""
    units: Mapping[str, Unit] = {one.id: one for one in course}
    wanted, waiting = set[str](), list(unit.after)
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted.add(name)
            waiting.extend(units[name].after)
    return tuple(one for one in units.values() if one.id in wanted)


def _solve(unit: Unit) -> None:
    cells = read_exercise(unit.folder / "exercise.md")
    solved = [(cell, cell.text) for cell in cells if cell.code and cell.kind is not Kind.EXERCISE]
    notebook: NotebookNode = nb.build(unit.folder.name, "solutions", solved, "")
    with workplace(unit.folder) as where:
        execute(notebook, str(unit.folder / "exercise.md"), where)


def _judged(unit: Unit, stage: Stage, report: Report, accepted: set[Outcome], case: str = "") -> Proof:
    if report.outcome in accepted:
        return Proof(unit.id, stage, True, report.outcome.label, case)
    wanted = " ou ".join(sorted(outcome.label for outcome in accepted))
    lines = [_OTHER.format(seen=report.outcome.label, wanted=wanted)]
    lines += [f"{check.title}: {check.outcome.label}. {check.message}" for check in report.checks]
    return Proof(unit.id, stage, False, "\n".join(lines), case)


_NOT_YET = {Outcome.FAILED, Outcome.NOT_ATTEMPTED}

_OTHER = "O resultado foi “{seen}”, e devia ser “{wanted}”."
_NO_CASE = "Falta um caso cases/{prefix}-….json: toda unidade tem um que passa e um que falha."
