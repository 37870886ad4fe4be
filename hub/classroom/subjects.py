"""What the units of the class are about: repositories of the learner's, and their account."""

from __future__ import annotations

from collections.abc import Iterable

from checks.entry import DOCKER_ID
from checks.image import Account
from checks.unit import Unit
from hub.classroom.course import units

_OWN = f"{DOCKER_ID}/"


def about(repositories: Iterable[str]) -> tuple[Unit, ...]:
    """The units that ask for something in one of these repositories of the learner's."""
    names = set(repositories)
    return tuple(unit for unit in units() if names & repositories_of(unit))


def repositories_of(unit: Unit) -> frozenset[str]:
    """Their names, without the namespace, which is the learner's."""
    texts = {text for check in unit.checks for text in check.texts if text.startswith(_OWN)}
    return frozenset(text.removeprefix(_OWN).partition(":")[0] for text in texts)


def asks_for_account(unit: Unit) -> bool:
    return any(parameter.kind is Account for check in unit.checks for parameter in check.rule.parameters)
