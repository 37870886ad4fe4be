"""What a unit is about: repositories of the learner's, and their account. Pure."""

from __future__ import annotations

from checks.entry import DOCKER_ID
from checks.image import Account, PublicImage, RemoteImage, RemoteLeaks, RemoteTags, Repository
from checks.unit import Unit

_PUSHED = (RemoteImage, PublicImage, RemoteTags, RemoteLeaks)
_OWN = f"{DOCKER_ID}/"


def repositories_of(unit: Unit) -> frozenset[str]:
    """Their names, without the namespace, which is the learner's."""
    texts = {text for check in unit.checks for text in check.texts if text.startswith(_OWN)}
    return frozenset(text.removeprefix(_OWN).partition(":")[0] for text in texts)


def asks_for_account(unit: Unit) -> bool:
    return Account in _kinds(unit)


def asks_for_repository(unit: Unit) -> bool:
    """Whether it looks at what was said of one, as its description."""
    return Repository in _kinds(unit)


def asks_for_image(unit: Unit) -> bool:
    """Whether it looks at what was pushed."""
    return not _kinds(unit).isdisjoint(_PUSHED)


def _kinds(unit: Unit) -> set[type]:
    return {parameter.kind for check in unit.checks for parameter in check.rule.parameters}
