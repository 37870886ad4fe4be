"""What a grading does when the class goes on working while it is graded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from checks.classroom import journal
from checks.classroom.grading import Graded
from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.session import Way
from checks.outcome import Outcome
from checks.report import Finding, Report
from lab.classroom import correct, show
from lab.classroom.store import Store

ANA, BIA = (Person(f"{name}@escola.br", name.title(), docker_id=name) for name in ("ana", "bia"))
BEFORE = {"ana": {"exists": True, "repositories": []}, "bia": {"exists": True, "repositories": []}}


@dataclass(frozen=True)
class Hub:
    """A store that tells this of the class."""

    told: dict[str, Any]
    journal: Path = Path("/nada")

    def facts(self) -> dict[str, Any]:
        return self.told


def plan(now: dict[str, Any], told: dict[str, Any] | None = BEFORE) -> correct.Plan:
    return correct.Plan(cast(Store, Hub(now)), (ANA, BIA), (), Models({}), Way(told=told))


def test_who_changed_something_meanwhile_is_looked_at_again() -> None:
    now = {**BEFORE, "bia": {"exists": True, "repositories": [{"name": "cartao", "description": "Olá"}]}}
    again = correct.moved(plan(now))
    assert again is not None
    assert (again.waiting, again.way.told) == ((BIA,), now)
    assert correct.moved(again) is None, "and then nothing moved any more"


@pytest.mark.parametrize("told", [BEFORE, None], ids=["nothing changed", "the real hub is asked of each"])
def test_else_once_is_enough(told: dict[str, Any] | None) -> None:
    assert correct.moved(plan(BEFORE if told else {}, told)) is None


def graded(person: Person, outcome: Outcome) -> Graded:
    finding = Finding("pushed", "A imagem está lá.", outcome, 8, "Está.")
    return Graded(person, (Report("push", "Envie", person.docker_id, (finding,)),))


def test_going_on_counts_everybody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And each of them once, as they were seen last."""
    store = cast(Store, Hub(BEFORE, tmp_path / "corrigir.jsonl"))
    first = correct.Plan(store, (ANA, BIA), (), Models({}), Way(told=BEFORE), left_out=3)
    with journal.begin(first.file, first.what) as file:
        for outcome in (Outcome.UNVERIFIABLE, Outcome.PASSED):
            journal.note(file, graded(ANA, outcome))
    going_on = replace(first, done=journal.read(first.file, first.what, datetime.now(UTC)))
    tally = correct.Tally()
    tally.recall(going_on)
    tally.add(graded(BIA, Outcome.FAILED), dated=False)
    assert (tally.before, tally.done, tally.unseen) == (1, 1, None)
    assert tally.outcomes == {Outcome.PASSED: 1, Outcome.FAILED: 1}
    show.cost(going_on)
    show.ended(tally, 2.0, 0)
    said = capsys.readouterr().out
    assert "Sem Docker ID, e por isso fora da correção: 3." in said
    assert "Pessoas corrigidas: 1, em 2.0 s" in said
    assert "Com as que já estavam prontas: 2." in said
