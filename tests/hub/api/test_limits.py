"""The API's limit by the minute: its headers, who counts as whom, and the answer when it is used up."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hub.accounts.models import User
from hub.api import limits
from hub.api.bearer import issue
from hub.api.models import Use
from hub.tokens.sign_in import SignedIn

LIST = "/v2/namespaces/ana2026/repositories"


@pytest.fixture(autouse=True)
def _three(settings: Settings) -> None:
    settings.HUB_API_PER_MINUTE = 3


@pytest.fixture(autouse=True)
def _still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No minute ends in the middle of a test."""
    monkeypatch.setattr(time, "time", lambda: 1_000_000_030.0)


def remaining(answer: Any) -> int:
    return int(answer["X-RateLimit-Remaining"])


def test_every_answer_tells_what_is_left(client: Client, db: None) -> None:
    first, second = client.get(LIST), client.get("/v2/nada")
    assert (first["X-RateLimit-Limit"], remaining(first), remaining(second)) == ("3", 2, 1)
    assert int(first["X-RateLimit-Reset"]) == 1_000_000_080
    assert "X-RateLimit-Limit" not in client.get("/")


def test_who_asks_too_much_waits(client: Client, db: None) -> None:
    for _ in range(3):
        assert client.get(LIST).status_code == 200
    refused = client.get(LIST)
    assert refused.status_code == 429
    assert refused.json() == {"detail": "Rate limit exceeded", "error": False}
    assert (remaining(refused), refused["Retry-After"]) == (0, "50")
    assert int(refused["X-Retry-After"]) == int(time.time()) + 50


def test_the_next_minute_begins_anew(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(4):
        refused = client.get(LIST)
    assert refused.status_code == 429
    monkeypatch.setattr(time, "time", lambda: float(refused["X-RateLimit-Reset"]))
    assert remaining(client.get(LIST)) == 2


def test_a_person_counts_apart_from_the_address(client: Client, ana: User) -> None:
    headers = {"Authorization": f"Bearer {issue(SignedIn(ana))}"}
    for _ in range(4):
        refused = client.get(LIST)
    assert refused.status_code == 429
    assert remaining(client.get(LIST, headers=headers)) == 2
    assert client.get(LIST, headers={"Authorization": "Bearer nada"}).status_code == 429


def test_one_address_does_not_use_up_anothers(client: Client, db: None) -> None:
    assert remaining(client.get(LIST, REMOTE_ADDR="10.0.0.1")) == 2
    assert remaining(client.get(LIST, REMOTE_ADDR="10.0.0.2")) == 2


def test_old_counts_are_cleared_away(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get(LIST)
    limits.forget_old_use()
    assert Use.objects.count() == 1
    monkeypatch.setattr(time, "time", lambda: 1_000_010_000.0)
    limits.forget_old_use()
    assert Use.objects.count() == 0
