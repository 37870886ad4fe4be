"""What a grading does when the class goes on working while it is graded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pytest

from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.session import Way
from lab.classroom import correct
from lab.classroom.store import Store

ANA, BIA = (Person(f"{name}@escola.br", name.title(), docker_id=name) for name in ("ana", "bia"))
BEFORE = {"ana": {"exists": True, "repositories": []}, "bia": {"exists": True, "repositories": []}}


@dataclass(frozen=True)
class Hub:
    """A store that tells this of the class."""

    told: dict[str, Any]

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
