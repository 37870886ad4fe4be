"""Proves a unit: untouched does not pass, solved passes, each case gets the verdict in its name."""

from collections.abc import Callable, Iterable, Mapping
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
from lab.author.execute import execute, workplace
from lab.author.source import Cell, Kind, read_exercise
from lab.author.steps import STEPS, Learner, leave


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


def prove_walk(unit: Unit, course: Iterable[Unit]) -> tuple[Proof, ...]:
    """A learner nobody knows does what comes before the unit, then the unit; checked at each stop."""
    unknown = [step for step in unit.by_hand if step not in STEPS]
    if unknown:
        return (Proof(unit.id, Stage.UNTOUCHED, False, _NO_STEP.format(step=unknown[0])),)
    leave()
    learner = Learner.fresh()
    for before in prerequisites(unit, course):
        learner.do(before.by_hand)
        _solve(before, lambda cell: cell.kind is not Kind.CHECK)
    proofs = [_judged(unit, Stage.UNTOUCHED, verify(unit), _NOT_YET)]
    learner.do(unit.by_hand)
    has_solution = any(cell.kind is Kind.SOLUTION for cell in read_exercise(unit.folder / "exercise.md"))
    if unit.by_hand and has_solution:
        proofs.append(_judged(unit, Stage.BY_HAND, verify(unit), _NOT_YET))
    _solve(unit, lambda _: True)
    return (*proofs, _judged(unit, Stage.SOLVED, verify(unit), {Outcome.PASSED}))


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


def _solve(unit: Unit, wanted: Callable[[Cell], bool]) -> None:
    cells = (cell for cell in read_exercise(unit.folder / "exercise.md") if cell.kind is not Kind.EXERCISE)
    chosen = [(cell, cell.text) for cell in cells if cell.code and wanted(cell)]
    notebook: NotebookNode = nb.build(unit.folder.name, "solutions", chosen, "")
    with workplace(unit.folder) as where:
        execute(notebook, f"{unit.folder / 'exercise.md'}", where)


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
_NO_STEP = "`by_hand` cita “{step}”, e os passos conhecidos são: " + ", ".join(STEPS) + "."
