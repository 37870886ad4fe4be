"""Who is called, on which units they are judged, and what a sweep finds."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import Settings

from checks.cache import Cache
from checks.outcome import Outcome
from hub.accounts.models import User
from hub.classroom import calls, judge
from hub.classroom.calls import Call
from hub.classroom.models import Member, Result
from hub.classroom.subjects import about
from hub.classroom.sweep import AGAIN_AFTER, MOST_AGAIN, sweep
from hub.repositories.models import Repository
from tests.hub.classroom.klass import FAILED, PASSED, UNSEEN, add, did, many, person

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


def ids(*repositories: str) -> set[str]:
    return {unit.id for unit in about(repositories)}


def test_a_push_is_judged_on_the_units_that_it_is_about() -> None:
    assert ids("docker-is-cool") == {"repositorio", "push", "pull"}
    assert ids("convite") == {"versoes"}
    assert ids("outra") == ids() == set()


def test_who_is_called_twice_waits_once_and_for_both() -> None:
    calls.call("ana", "convite")
    calls.call("bia")
    calls.call("ana", "diario")
    assert calls.take(1, 0) == {"ana": Call(pushed=frozenset({"convite", "diario"}))}
    assert calls.take(9, 0) == {"bia": Call(is_whole=True)}
    assert calls.take(9, 0) == {}


def test_what_was_pushed_and_what_is_looked_at_again_stay_apart() -> None:
    calls.call("ana", "convite")
    calls.call("ana")
    calls.look_again("ana", {"diario"})
    assert calls.take(9, 0) == {"ana": Call(frozenset({"convite"}), frozenset({"diario"}), is_whole=True)}


def test_who_is_put_back_comes_last_and_loses_nothing() -> None:
    calls.call("ana", "convite")
    taken = calls.take(9, 0)
    calls.call("bia")
    calls.call("ana", "diario")
    calls.put_back(taken)
    assert list(calls.take(9, 0).items()) == [
        ("bia", Call(is_whole=True)),
        ("ana", Call(pushed=frozenset({"convite", "diario"}))),
    ]


# --- what a sweep finds ----------------------------------------------------------------------------------

WHOLE = Call(is_whole=True)
LONG = 2 * AGAIN_AFTER


def again(*repositories: str) -> Call:
    return Call(again=frozenset(repositories))


def swept() -> dict[str, Call]:
    sweep()
    return calls.take(99, 0)


def said(member: Member, unit: str, outcome: Outcome, ago: timedelta = timedelta(0)) -> None:
    did(member, outcome, unit=unit, checked_at=timezone.now() - ago)


def changed(name: str, ago: timedelta = timedelta(0)) -> None:
    Repository.objects.update_or_create(
        namespace="ana", name=name, defaults={"last_updated": timezone.now() - ago}
    )


def test_a_sweep_calls_who_has_an_account_and_was_never_judged(ana: Member) -> None:
    add(person("bia", docker_id="bia1234"), person("caio"))  # nobody's account, and none
    assert swept() == {"ana": WHOLE}


def test_a_sweep_calls_for_what_is_newer_than_what_was_said(ana: Member) -> None:
    said(ana, "push", PASSED)
    assert swept() == {}
    changed("convite", -timedelta(seconds=1))
    changed("outra", -timedelta(seconds=1))
    assert swept() == {"ana": again("convite")}


def test_another_unit_that_was_looked_at_hides_nothing(ana: Member) -> None:
    """The registry was away at the push: one unit could not be told, the other could."""
    changed("docker-is-cool", LONG)
    for unit in ("push", "pull"):
        said(ana, unit, UNSEEN, LONG)
    said(ana, "repositorio", PASSED)
    assert swept() == {"ana": again("docker-is-cool")}


@pytest.mark.parametrize("before", [None, FAILED])
@pytest.mark.parametrize(("ago", "expected"), [(LONG, {"ana": again("diario")}), (LONG / 4, {})])
def test_an_outage_is_looked_at_again_and_is_no_storm(
    ana: Member, before: Outcome | None, ago: timedelta, expected: dict[str, Call]
) -> None:
    changed("diario", LONG * 2)
    if before:
        said(ana, "acesso", before, LONG * 3)
    said(ana, "acesso", UNSEEN, ago)
    assert swept() == expected


def test_few_look_again_at_once_and_who_waits_longest_first(db: None) -> None:
    members = many(MOST_AGAIN + 5)
    for place, member in enumerate(reversed(members)):
        User.objects.create_user(member.docker_id, f"{member.key}@exemplo.com")
        said(member, "push", UNSEEN, LONG * (place + 2))
    assert list(swept()) == [member.docker_id for member in members[:MOST_AGAIN]]


def test_a_confirmed_account_is_looked_at_though_nobody_told(ana: Member) -> None:
    said(ana, "conta", FAILED, LONG)
    assert swept() == {}
    user = User.objects.get(username="ana")
    EmailAddress.objects.create(user=user, email="ana@exemplo.com", verified=True)
    assert swept() == {"ana": WHOLE}
    said(ana, "conta", FAILED)
    assert swept() == {}
    said(ana, "conta", PASSED)
    assert swept() == {}


def test_who_was_taken_waits_again_when_judging_stumbles(
    ana: Member, settings: Settings, tmp_path: Path
) -> None:
    """The tables are away for a moment, as a locked database is."""
    settings.HUB_DATA_DIR = tmp_path
    calls.call("ana", "convite")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE classroom_member RENAME TO elsewhere")
        with pytest.raises(DatabaseError), transaction.atomic():
            judge.next_round(Cache(tmp_path), most=9)
        cursor.execute("ALTER TABLE elsewhere RENAME TO classroom_member")
    assert calls.take(9, 0) == {"ana": Call(pushed=frozenset({"convite"}))}


def test_a_confirmed_account_is_called_at_once(ana: Member) -> None:
    address = EmailAddress(user=User.objects.get(username="ana"), email="ana@exemplo.com", verified=True)
    email_confirmed.send(EmailAddress, request=None, email_address=address)
    assert calls.take(9, 0) == {"ana": WHOLE}


# --- a round ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_what_an_outage_hid_is_found_though_other_units_were_seen(
    ana: Member, token_key: None, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A push while the registry is away: the tables tell of the repository, and nobody of the image."""
    settings.HUB_REGISTRY_URL = "http://127.0.0.1:9"
    cache = Cache(tmp_path / "judge")
    changed("docker-is-cool", 3 * LONG)
    for _ in range(2):  # the first look at somebody is at all units
        calls.call("ana", "docker-is-cool")
        judge.next_round(cache, judge.AT_ONCE)
        Result.objects.update(checked_at=timezone.now() - LONG)
    assert outcomes(ana) >= {"repositorio": "failed", "push": "unverifiable"}.items()
    assert "ainda não está no Docker Hub" not in Result.objects.get(unit="push").message
    request.getfixturevalue("empty_registry")
    sweep()
    judge.next_round(cache, judge.AT_ONCE)
    assert "ainda não está no Docker Hub" in Result.objects.get(unit="push").message
    assert Result.objects.get(unit="repositorio").times == 2  # looking again is not another try
    cache.close()


def outcomes(member: Member) -> ItemsView[str, str]:
    return dict(member.results.values_list("unit", "outcome")).items()
