"""A password is checked slowly once, remembered without being kept, and forgotten when it changes."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from django.core.cache import cache

from hub.accounts import passwords
from hub.accounts.models import User
from hub.accounts.passwords import verify


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each password that went through the slow hash."""
    seen: list[str] = []
    check = User.check_password

    def counted(self: User, raw: str) -> bool:
        seen.append(raw)
        return check(self, raw)

    monkeypatch.setattr(User, "check_password", counted)
    return seen


def test_the_right_password_gives_the_person(ana: User, password: str) -> None:
    assert verify("ana2026", password) == ana


@pytest.mark.parametrize("typed", ["", "Barco-de-papel", "barco-de-papel ", "x" * 5_000_000])
def test_a_wrong_password_gives_nobody(ana: User, typed: str) -> None:
    assert verify("ana2026", typed) is None


@pytest.mark.parametrize("name", ["ninguem", "ANA2026", "ana@exemplo.com", ""])
def test_only_the_exact_docker_id_is_a_name(ana: User, password: str, name: str) -> None:
    assert verify(name, password) is None


def test_an_unconfirmed_account_is_refused(unconfirmed: User, password: str) -> None:
    assert verify(unconfirmed.username, password) is None


def test_a_closed_account_is_refused_at_once(ana: User, password: str) -> None:
    assert verify("ana2026", password)
    User.objects.update(is_active=False)
    assert verify("ana2026", password) is None


def test_the_slow_hash_is_paid_once(ana: User, password: str, hashed: list[str]) -> None:
    for _ in range(5):
        assert verify("ana2026", password) == ana
    assert hashed == [password]


def test_a_wrong_password_is_never_remembered(ana: User, hashed: list[str]) -> None:
    for _ in range(3):
        assert verify("ana2026", "errada-errada") is None
    assert len(hashed) == 3


def test_a_changed_password_is_forgotten(ana: User, password: str) -> None:
    assert verify("ana2026", password)
    ana.set_password("canoa-de-vento")
    ana.save()
    assert verify("ana2026", password) is None
    assert verify("ana2026", "canoa-de-vento") == ana


def test_the_same_password_of_another_is_another(
    ana: User, bia: User, password: str, hashed: list[str]
) -> None:
    verify("ana2026", password)
    verify("bia2026", password)
    assert len(hashed) == 2


def test_what_is_remembered_does_not_hold_the_password(ana: User, password: str) -> None:
    verify("ana2026", password)
    kept: dict[str, Any] = cache._cache  # type: ignore[attr-defined]
    assert kept
    assert password.encode() not in pickle.dumps([*kept.items()])


def test_an_unknown_name_pays_for_the_hash_too(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    paid: list[str] = []
    monkeypatch.setattr(passwords, "make_password", paid.append)
    verify("ninguem", "qualquer-uma")
    assert paid == ["qualquer-uma"]


def test_the_stored_hash_is_argon2(ana: User) -> None:
    assert ana.password.startswith("argon2$argon2id$")
