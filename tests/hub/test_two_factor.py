"""Two-factor sign-in: switched on, asked for, refused, recovered from, switched off."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client

from hub.accounts.models import User
from hub.accounts.passwords import verify
from hub.accounts.two_factor import SecondFactorNeeded
from hub.audit.actions import Action
from hub.audit.models import Entry
from tests.hub.authenticator import PERIOD, code_for

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

HOME, ON, OFF = "/conta/duas-etapas/", "/conta/duas-etapas/ligar/", "/conta/duas-etapas/desligar/"
CODES, ASKED = "/conta/duas-etapas/codigos/", "/conta/duas-etapas/entrar/"
APP = "/conta/duas-etapas/aplicativo/"


@pytest.fixture(autouse=True)
def _in_the_middle_of_a_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """No code grows old between the moment it is read and the moment it is typed."""
    middle = time.time() // PERIOD * PERIOD + PERIOD / 2
    monkeypatch.setattr(time, "time", lambda: middle)


def confirms(learner: Learner, then: str) -> str:
    """What the page shows once the password was typed again."""
    page = learner.opens(then)
    if page.path.startswith("/conta/confirmar/"):
        page = learner.sends(page.path, password="barco-de-papel", next=then)
    return page.text


def secret_on(text: str) -> str:
    found = re.search(r'data-copy="([A-Z2-7]{32})"', text)
    assert found, text
    return found[1]


def switches_on(learner: Learner) -> str:
    """The secret that the app keeps. Later codes are of the next period: each one is taken once."""
    secret = secret_on(confirms(learner, ON))
    page = learner.sends(ON, code=code_for(secret, -1))
    assert page.path == CODES, page.text
    return secret


@pytest.fixture
def protected(learner: Learner, ana: User) -> str:
    """Ana's secret; she has signed out."""
    learner.signs_in()
    secret = switches_on(learner)
    learner.sends("/logout")
    return secret


def recovery_codes(person: User) -> list[str]:
    found = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = found.wrap().get_unused_codes()
    return codes


def test_switching_on_asks_for_the_password_and_shows_how(learner: Learner, ana: User) -> None:
    learner.signs_in()
    assert learner.opens(HOME).says("desligado")
    assert learner.opens(ON).path.startswith("/conta/confirmar/")
    text = confirms(learner, ON)
    assert "<svg" in text
    assert "data:" not in text
    assert "style=" not in text
    assert not Authenticator.objects.exists()
    assert learner.sends(ON, code="000000").says("Este código não serve.")
    assert secret_on(learner.sends(ON, code="").text) == secret_on(text), "the same secret, after a mistake"


def test_a_wrong_password_again_does_not_let_anybody_go_on(learner: Learner, ana: User) -> None:
    learner.signs_in()
    page = learner.sends("/conta/confirmar/", password="errada-errada", next=ON)
    assert page.says("Esta não é a sua senha. Digite-a de novo.")


def test_who_switched_it_on_sees_the_codes_and_stays_in(learner: Learner, ana: User) -> None:
    learner.signs_in()
    switches_on(learner)
    page = learner.opens(CODES)
    assert all(code in page.text for code in recovery_codes(ana))
    assert len(recovery_codes(ana)) == 10
    assert learner.is_in
    assert learner.opens(HOME).says("ligado")
    response = learner.client.get(CODES + "baixar/")
    assert "attachment" in response.headers["Content-Disposition"]
    assert all(code in response.content.decode() for code in recovery_codes(ana))
    assert "no-store" in response.headers["Cache-Control"]


def test_sign_in_asks_for_the_code(learner: Learner, protected: str) -> None:
    page = learner.signs_in()
    assert page.path == ASKED
    assert not learner.is_in
    assert learner.opens("/conta/tokens/").path == ASKED
    assert learner.sends(ASKED, code=code_for(protected)).path == "/u/ana2026"
    assert learner.is_in


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "000000", "1234567890" * 50, "\0"])
def test_a_wrong_code_is_told_and_signs_nobody_in(learner: Learner, protected: str, code: str) -> None:
    learner.signs_in()
    page = learner.sends(ASKED, code=code)
    assert page.path == ASKED
    assert "error" in page.text
    assert not learner.is_in


def test_a_code_signs_in_once(learner: Learner, protected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after allauth's own memory of thirty seconds, while the code is still taken."""
    code = code_for(protected, 1)
    learner.signs_in()
    learner.sends(ASKED, code=code)
    assert learner.is_in
    learner.sends("/logout")
    later = time.time() + PERIOD + 1
    monkeypatch.setattr(time, "time", lambda: later)
    learner.signs_in()
    assert learner.sends(ASKED, code=code).says("Este código não serve.")
    assert not learner.is_in


def test_guessing_codes_is_stopped_and_told(learner: Learner, protected: str) -> None:
    learner.signs_in()
    for number in range(5):
        learner.sends(ASKED, code=f"00000{number}")
    page = learner.sends(ASKED, code=code_for(protected))
    assert page.says("Foram tentativas erradas demais")
    assert not learner.is_in
    other = type(learner)()
    other.signs_in()
    other.sends(ASKED, code=code_for(protected))
    assert not other.is_in, "the account is what is counted, not the browser"


def test_a_recovery_code_signs_in_once(learner: Learner, protected: str, ana: User) -> None:
    code = recovery_codes(ana)[3]
    learner.signs_in()
    assert learner.sends(ASKED, code=code).path == "/u/ana2026"
    assert Entry.objects.filter(person=ana, action=Action.CODE_USED).count() == 1
    learner.sends("/logout")
    learner.signs_in()
    learner.sends(ASKED, code=code)
    assert not learner.is_in
    assert len(recovery_codes(ana)) == 9


def test_new_recovery_codes_end_the_old(learner: Learner, ana: User) -> None:
    learner.signs_in()
    switches_on(learner)
    before = recovery_codes(ana)
    confirms(learner, CODES)
    page = learner.sends(CODES + "novos/")
    assert page.path == CODES
    assert not set(before) & set(recovery_codes(ana))
    assert not any(code in page.text for code in before)


def test_it_is_switched_off_with_the_password(learner: Learner, ana: User) -> None:
    learner.signs_in()
    switches_on(learner)
    confirms(learner, OFF)
    assert learner.sends(OFF).path == HOME
    assert learner.is_in
    assert not Authenticator.objects.exists()
    learner.sends("/logout")
    assert learner.signs_in().path == "/u/ana2026"


def test_a_person_who_is_not_signed_in_reaches_none_of_it(learner: Learner, ana: User) -> None:
    for path in (HOME, ON, CODES, CODES + "novos/", CODES + "baixar/", ASKED):
        assert learner.opens(path).path.startswith("/login"), path
    assert learner.opens(OFF).path.startswith("/login")


def test_switching_on_and_off_ends_the_other_browsers(learner: Learner, ana: User) -> None:
    other = type(learner)()
    learner.signs_in()
    other.signs_in()
    secret = switches_on(learner)
    assert other.opens("/conta/tokens/").path.startswith("/login")
    other.signs_in()
    other.sends(ASKED, code=code_for(secret))
    assert other.opens("/conta/tokens/").path == "/conta/tokens/"
    confirms(learner, OFF)
    learner.sends(OFF)
    assert other.opens("/conta/tokens/").path.startswith("/login")
    assert learner.opens("/conta/tokens/").path == "/conta/tokens/"


def test_the_remembered_password_is_forgotten(learner: Learner, ana: User, password: str) -> None:
    assert verify("ana2026", password) == ana
    learner.signs_in()
    switches_on(learner)
    with pytest.raises(SecondFactorNeeded, match="your account must log in with a Personal Access Token"):
        verify("ana2026", password)
    assert verify("ana2026", "errada-errada") is None, "only whoever knows the password is told"


def test_the_database_alone_gives_no_secret_away(learner: Learner, protected: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
    assert protected not in kept
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        assert protected not in str(cursor.fetchall())


def test_what_was_done_is_written_down_without_secrets(learner: Learner, ana: User) -> None:
    learner.signs_in()
    secret = switches_on(learner)
    confirms(learner, OFF)
    learner.sends(OFF)
    found = [entry.action for entry in Entry.objects.filter(person=ana).order_by("pk")]
    assert found == [Action.SIGNED_IN, Action.TWO_FACTOR_ON, Action.TWO_FACTOR_OFF]
    assert secret not in str(list(Entry.objects.values()))


def test_the_owner_is_told_by_email_and_it_tells_no_secret(
    transactional_db: None, learner: Learner, ana: User
) -> None:
    learner.signs_in()
    secret = switches_on(learner)
    learner.sends(CODES + "novos/")
    learner.sends(OFF)
    assert [letter.subject for letter in mail.outbox] == [
        "A verificação em duas etapas está ligada",
        "Os seus códigos de recuperação são outros",
        "A verificação em duas etapas está desligada",
    ]
    assert not any(secret in str(letter.body) for letter in mail.outbox)
    assert all("do endereço 127.0.0.1" in str(letter.body) for letter in mail.outbox)


def test_the_practice_app_shows_the_code_and_keeps_nothing(learner: Learner, protected: str) -> None:
    page = learner.sends(APP, secret=f" {protected[:4].lower()} {protected[4:]} ")
    assert page.says(code_for(protected))
    assert page.says("não guarda nada")
    learner.signs_in()
    assert learner.sends(ASKED, code=code_for(protected)).path == "/u/ana2026"


@pytest.mark.parametrize("typed", ["", "segredo!", "0000", "ABC", "A" * 200, "\0"])
def test_the_practice_app_says_what_a_secret_is(learner: Learner, typed: str) -> None:
    page = learner.sends(APP, secret=typed)
    assert page.status == 200
    assert page.says('class="error"')


def test_one_who_has_not_confirmed_the_email_cannot_switch_it_on(learner: Learner, unconfirmed: User) -> None:
    learner.client = Client()
    learner.client.force_login(unconfirmed)
    unconfirmed.emailaddress_set.create(email=unconfirmed.email, verified=False, primary=True)
    assert learner.opens(ON).says("Confirme o e-mail da conta antes")
