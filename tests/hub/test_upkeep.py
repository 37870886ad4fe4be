"""What the hub does by itself: it never stops following the registry, and clears away what is old."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.utils import timezone
from pytest_django import Settings

from hub import upkeep
from hub.accounts.models import User
from hub.inbox.models import Mail
from hub.registry.errors import RegistryUnavailable
from hub.registry.models import CountedPull, ExpectedRepository
from hub.repositories.models import Repository

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

OLD = timezone.now() - timedelta(days=60)


class Turns(threading.Event):
    """A stop that comes after so many turns, and writes down how long each pause would have been."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self.turns, self.pauses = turns, list[float]()

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0)
        return len(self.pauses) > self.turns


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[..., Turns]:
    """Some turns of the loop; each answer of the registry is a sentence, or an error to raise."""
    settings.HUB_RECONCILE_SECONDS = 180

    def turns(*answers: str | Exception, tidy: Callable[[], str] = str) -> Turns:
        left = iter(answers)

        def reconcile(*_: object) -> str:
            answer = next(left)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(upkeep, "reconcile", reconcile)
        monkeypatch.setattr(upkeep, "tidy", tidy)
        monkeypatch.setattr(upkeep, "only_one", lambda _: nullcontext(True))  # the database is not asked here
        monkeypatch.setattr(connections, "close_all", lambda: None)
        stop = Turns(len(answers))
        upkeep.keep_up(stop)
        assert next(left, None) is None
        return stop

    return turns


def test_the_registry_is_looked_at_again_and_again(run: Callable[..., Turns]) -> None:
    assert run("em dia", "em dia", "em dia").pauses == [1, 180, 180, 180]


def test_a_registry_that_is_down_at_start_is_waited_for_without_end(run: Callable[..., Turns]) -> None:
    down = [RegistryUnavailable("sem resposta")] * 20
    pauses = run(*down, "em dia", RegistryUnavailable("caiu"), "em dia").pauses
    assert pauses[:9] == [1, 1, 1, 2, 2, 5, 5, 10, 30]
    assert set(pauses[9:21]) == {30}
    assert pauses[21:] == [180, 1, 180]


@pytest.mark.parametrize(
    "trouble", [OperationalError("banco fora"), ImproperlyConfigured("sem chave"), ZeroDivisionError("bug")]
)
def test_no_trouble_ends_it(run: Callable[..., Turns], trouble: Exception) -> None:
    assert run(trouble, "em dia").pauses == [1, 1, 180]


def test_the_same_news_are_told_once(run: Callable[..., Turns], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "hub.upkeep")
    down = RegistryUnavailable("sem resposta")
    run(down, down, down, "em dia", "em dia", "em dia")
    told = [record.message for record in caplog.records]
    assert told == ["O hub ainda não leu o registry, e tenta de novo sozinho. sem resposta", "em dia"]


def test_tidying_comes_once_a_day_and_again_after_a_failure(
    run: Callable[..., Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[float] = []
    clock = iter(range(0, 10**6, 10_000))  # 10,000 s from one look at the clock to the next

    def tidy() -> str:
        done.append(1)
        if len(done) == 1:
            raise OperationalError
        return ""

    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    run(*["em dia"] * 15, tidy=tidy)
    assert len(done) == 3


@pytest.mark.django_db
def test_tidying_takes_what_is_old_and_nothing_else() -> None:
    for name, moment in (("velho", OLD), ("novo", timezone.now() + timedelta(hours=1))):
        Session.objects.create(session_key=name, session_data="", expire_date=moment)
        Mail.objects.create(recipient="a@b.co", sender="x", subject=name, text="", received_at=moment)
        pull = CountedPull.objects.create(event_id=name)
        CountedPull.objects.filter(pk=pull.pk).update(counted_at=moment)
        expected = ExpectedRepository.objects.create(namespace="ana", name=name, is_private=True)
        ExpectedRepository.objects.filter(pk=expected.pk).update(allowed_at=moment)
    upkeep.tidy()
    assert Session.objects.get().session_key == "novo"
    assert Mail.objects.get().subject == "novo"
    assert CountedPull.objects.get().event_id == "novo"
    assert ExpectedRepository.objects.get().name == "novo"


def test_who_never_confirmed_is_forgotten_after_a_week(learner: Learner, ana: User, bia: User) -> None:
    """All of them joined long ago; only one neither confirmed nor has anything."""
    for name in ("caio2026", "davi2026", "eva2026"):
        User.objects.create_user(name, f"{name}@exemplo.com", "barco-de-papel")
    Repository.objects.create(namespace="davi2026", name="app", owner=User.objects.get(username="davi2026"))
    User.objects.filter(username="eva2026").update(is_active=False)
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))
    User.objects.create_user("nova2026", "nova@exemplo.com", "barco-de-papel")
    upkeep.tidy()
    left = set(User.objects.values_list("username", flat=True))
    assert left == {"ana2026", "bia2026", "davi2026", "eva2026", "nova2026"}
    assert learner.signs_up("caio2026", "caio2026@exemplo.com").path == "/conta/codigo/"
