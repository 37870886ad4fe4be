"""Who is called, on which units they are judged, and what a sweep finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.utils import timezone

from checks.report import Report
from hub.accounts.models import User
from hub.classroom import calls, judge, results
from hub.classroom.models import Member
from hub.repositories.models import Repository
from tests.hub.classroom.klass import add, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_waits() -> Iterator[None]:
    calls.take(1000, 0)
    yield
    calls.take(1000, 0)


@pytest.fixture
def ana() -> Member:
    User.objects.create_user("ana", "ana@exemplo.com")
    return add(person("ana", docker_id="ana"))[0]


def ids(repositories: frozenset[str] | None) -> set[str]:
    return {unit.id for unit in judge.about(repositories)}


def test_a_push_is_judged_on_the_units_that_it_is_about() -> None:
    assert ids(frozenset({"docker-is-cool"})) == {"repositorio", "push", "pull"}
    assert ids(frozenset({"convite"})) == {"versoes"}
    assert ids(frozenset({"outra"})) == set()
    assert ids(None) >= {"conta", "push", "publique-a-sua"}


def test_who_is_called_twice_waits_once_and_for_both() -> None:
    calls.call("ana", "convite")
    calls.call("bia")
    calls.call("ana", "diario")
    assert calls.take(1, 0) == {"ana": frozenset({"convite", "diario"})}
    assert calls.take(9, 0) == {"bia": None}
    assert calls.take(9, 0) == {}


def test_a_change_of_anything_is_more_than_one_of_something() -> None:
    calls.call("ana", "convite")
    calls.call("ana")
    calls.call("ana", "diario")
    assert calls.take(9, 0) == {"ana": None}


def test_a_sweep_calls_who_has_an_account_and_was_never_judged(ana: Member) -> None:
    add(person("bia", docker_id="bia1234"), person("caio"))  # nobody's account, and none
    judge.sweep()
    assert calls.take(9, 0) == {"ana": None}


def test_a_sweep_calls_who_has_something_newer_than_what_was_said(ana: Member) -> None:
    now = timezone.now()
    results.record(ana, Report("push", "Envie", "ana", (), checked_at=now))
    judge.sweep()
    assert calls.take(9, 0) == {}
    Repository.objects.create(namespace="ana", name="convite", last_updated=now + timedelta(seconds=1))
    judge.sweep()
    assert calls.take(9, 0) == {"ana": None}


def test_a_confirmed_account_is_called_at_once(ana: Member) -> None:
    address = EmailAddress(user=User.objects.get(username="ana"), email="ana@exemplo.com", verified=True)
    email_confirmed.send(EmailAddress, request=None, email_address=address)
    assert calls.take(9, 0) == {"ana": None}
