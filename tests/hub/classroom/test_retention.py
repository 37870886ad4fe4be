"""For how long the class keeps anything of anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from hub import upkeep
from hub.accounts.models import User
from hub.audit.actions import Action
from hub.audit.models import Entry
from hub.classroom.models import Attempt, Member, Result
from tests.hub.classroom.klass import FAILED, PASSED, UNSEEN, add, did, person

DAYS = 400
OLD, NEW = timedelta(days=DAYS + 1), timedelta(days=DAYS - 1)


@pytest.fixture
def ana(ana: User) -> Member:
    member = add(person("a", "Ana", docker_id=ana.username), person("b"))[0]
    did(member, FAILED, checked_at=timezone.now() - 2 * OLD)
    Entry.objects.create(person=ana, action=Action.CLASS_ENTERED)
    Member.objects.filter(pk=member.pk).update(added_at=ago(OLD), claimed_at=ago(OLD))
    return member


def ago(age: timedelta) -> Any:
    return timezone.now() - age


def left() -> set[str]:
    upkeep.tidy()
    return set(Member.objects.values_list("key", flat=True))


def test_who_was_long_in_no_class_is_erased_with_all_of_it(ana: Member) -> None:
    assert left() == {"b"}
    assert not any(model.objects.exists() for model in (Result, Attempt, Entry))
    assert User.objects.filter(username="ana2026").exists()


@pytest.mark.parametrize(("field", "is_kept"), [("added_at", True), ("claimed_at", True), (None, False)])
def test_who_came_lately_stays(ana: Member, field: str | None, is_kept: bool) -> None:
    if field:
        Member.objects.filter(pk=ana.pk).update(**{field: ago(NEW)})
    assert ("a" in left()) is is_kept


@pytest.mark.parametrize(
    ("outcome", "unit", "age", "is_kept"),
    [
        (PASSED, "push", NEW, True),
        (FAILED, "push", NEW, True),  # nothing new, but somebody graded them
        (PASSED, "push", OLD, False),
        (UNSEEN, "push", NEW, False),
        (UNSEEN, "pull", NEW, True),
    ],
)
def test_who_was_graded_lately_stays(
    ana: Member, outcome: Any, unit: str, age: timedelta, is_kept: bool
) -> None:
    did(ana, outcome, unit=unit, checked_at=ago(age))
    assert ("a" in left()) is is_kept


def test_looking_in_vain_is_no_news_of_anybody(ana: Member) -> None:
    for age in (2 * OLD, NEW):
        did(ana, UNSEEN, unit="pull", checked_at=ago(age))
    assert left() == {"b"}


def test_whoever_runs_the_hub_says_for_how_long(ana: Member, settings: Settings) -> None:
    settings.HUB_CLASS_DAYS = 5 * DAYS
    assert left() == {"a", "b"}
