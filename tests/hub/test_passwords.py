"""A password is checked slowly once, remembered without being kept, and forgotten when it changes."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from django.core.cache import caches
from django.utils import timezone
from pytest_django import Settings

from hub.accounts import passwords
from hub.accounts.attempts import (
    MOST_WRONG,
    MOST_WRONG_ACCOUNT,
    WINDOW,
    Attempts,
    TooManyAttempts,
    forget_old_attempts,
)
from hub.accounts.models import User, WrongPassword
from hub.accounts.passwords import verify

WRONG = "chute-que-nao-fica"


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


def test_the_same_wrong_password_again_is_refused_without_the_slow_hash(
    ana: User, password: str, hashed: list[str]
) -> None:
    """docker sends a stored one with every command; that is one mistake, and no guessing."""
    for _ in range(3 * MOST_WRONG):
        assert verify("ana2026", "errada-errada") is None
    assert hashed == ["errada-errada"]
    assert verify("ana2026", password) == ana


def guess(name: str = "ana2026", times: int = MOST_WRONG, address: str = "127.0.0.2") -> None:
    for number in range(times):
        assert verify(name, f"chute-numero-{number}", address) is None


@pytest.mark.parametrize("name", ["ana2026", "ninguem"])
def test_guessing_is_stopped_and_costs_nothing_then(
    ana: User, password: str, hashed: list[str], name: str
) -> None:
    guess(name)
    paid = len(hashed)
    with pytest.raises(TooManyAttempts, match="Espere 5 minutos e tente de novo") as stopped:
        verify(name, password, "127.0.0.2")
    assert 290 <= stopped.value.seconds <= 300
    assert len(hashed) == paid
    assert verify(name, "chute-numero-0", "127.0.0.2") is None  # known to be wrong: no news


def test_others_are_not_stopped_by_a_guesser(ana: User, bia: User, password: str) -> None:
    guess()
    assert verify("ana2026", password, "127.0.0.3") == ana
    assert verify("bia2026", password, "127.0.0.2") == bia


def test_a_remembered_password_passes_in_spite_of_guesses(ana: User, password: str) -> None:
    assert verify("ana2026", password, "127.0.0.2")
    guess()
    assert verify("ana2026", password, "127.0.0.2") == ana


def test_guesses_are_forgotten_in_five_minutes(
    ana: User, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess()
    later = timezone.now() + WINDOW
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert verify("ana2026", password, "127.0.0.2") == ana
    assert WrongPassword.objects.count() == MOST_WRONG
    forget_old_attempts()
    assert not WrongPassword.objects.exists()


def test_a_new_password_starts_anew(ana: User) -> None:
    """Forgotten, guessed too often, changed by e-mail: there is nothing to wait for."""
    guess()
    ana.set_password("canoa-de-vento")
    ana.save()
    assert verify("ana2026", "canoa-de-vento", "127.0.0.2") == ana


def test_the_same_mistake_is_one_row_and_of_another_address_another(ana: User) -> None:
    for address in ("127.0.0.2", "127.0.0.2", "127.0.0.3"):
        Attempts("conta", address).note_wrong("senha")
    assert WrongPassword.objects.count() == 2


def test_guesses_from_everywhere_at_one_account_are_stopped_too(ana: User, password: str) -> None:
    for number in range(MOST_WRONG_ACCOUNT):
        assert verify("ana2026", f"chute-numero-{number}", f"10.0.0.{number}") is None
    with pytest.raises(TooManyAttempts):
        verify("ana2026", password, "10.0.1.1")


def test_one_address_that_tries_everybody_is_stopped(ana: User, password: str, settings: Settings) -> None:
    """As many as share the address may mistype a few times; nobody tries one password on all names."""
    settings.HUB_PEOPLE_PER_ADDRESS = 3
    for number in range(12):
        assert verify(f"ninguem{number}", "senha-que-muitos-usam", "127.0.0.2") is None
    with pytest.raises(TooManyAttempts):
        verify("ana2026", password, "127.0.0.2")
    assert verify("ana2026", password, "127.0.0.3") == ana


def test_half_a_character_is_no_password(ana: User) -> None:
    assert verify("ana2026", "\ud800" * 10) is None
    assert verify("ninguem", "\ud800" * 10) is None


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
    verify("ana2026", WRONG)
    kept: dict[str, Any] = caches["process"]._cache  # type: ignore[attr-defined]
    assert kept
    assert WrongPassword.objects.exists()
    written = pickle.dumps([*kept.items(), *WrongPassword.objects.values()])
    assert password.encode() not in written
    assert WRONG.encode() not in written


def test_an_unknown_name_pays_for_the_hash_too(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    paid: list[str] = []
    monkeypatch.setattr(passwords, "make_password", paid.append)
    verify("ninguem", "qualquer-uma")
    assert paid == ["qualquer-uma"]


def test_the_stored_hash_is_argon2(ana: User) -> None:
    assert ana.password.startswith("argon2$argon2id$")
