"""A class for tests: people as a roster tells of them, and reports as the checks write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from checks.outcome import Outcome
from checks.report import Finding, Report
from hub.classroom import roster
from hub.classroom.models import Member
from hub.classroom.results import record

SECRET = "segredo-da-turma"
KEY = "chave-de-quem-da-aula-2026"
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)  # long ago: the hub takes no report from the future
PASSED, FAILED, NOTHING = Outcome.PASSED, Outcome.FAILED, Outcome.NOT_ATTEMPTED
UNSEEN, BROKEN = Outcome.UNVERIFIABLE, Outcome.ERROR
NAMES = ("Ana Álvares", "Bia Brito", "Caio Cunha")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def person(key: str, name: str = "", **told: str) -> dict[str, str]:
    return {"key": key, "name": name or f"Pessoa {key}", **told}


def add(*people: dict[str, str]) -> list[Member]:
    """They come into the class, in this order."""
    told = roster.load(people)
    assert not told.refused, told.refused
    by_key = {member.key: member for member in Member.objects.all()}
    return [by_key[one["key"]] for one in people]


def many(number: int) -> list[Member]:
    return add(
        *(
            person(f"k{one}", f"Pessoa {one:03}", email=f"p{one}@escola.br", docker_id=f"conta{one}")
            for one in range(number)
        )
    )


def finding(outcome: Outcome, rule: str = "pushed", points: int = 5, **told: Any) -> Finding:
    fields = {"title": f"A regra {rule}", "message": f"{rule}: {outcome.label}.", **told}
    return Finding(rule, outcome=outcome, max_score=points, **fields)


def report(*outcomes: Outcome | Finding, unit: str = "push", minutes: float = 0, **told: Any) -> Report:
    """A check for each outcome."""
    rules = ("pushed", "public", "marked", "tags")
    checks = tuple(
        one if isinstance(one, Finding) else finding(one, rule)
        for one, rule in zip(outcomes, rules, strict=False)
    )
    fields = {"learner": None, "title": f"Unidade {unit}", "checked_at": at(minutes), **told}
    return Report(unit, checks=checks, **fields)


def did(member: Member, *outcomes: Outcome | Finding, tried: bool = True, **told: Any) -> None:
    record(member, report(*outcomes, **told), tried=tried)
