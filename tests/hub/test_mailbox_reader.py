"""On a server of a class the mailbox shows each their own messages, and nobody else's by any way round."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.account.internal.flows import code_verification
from pytest_django import Settings

from hub.accounts.models import User
from hub.inbox.models import Mail, NextIsSpam

if TYPE_CHECKING:
    from tests.hub.conftest import Learner


@pytest.fixture(autouse=True)
def _class_server(settings: Settings) -> None:
    settings.HUB_MAILBOX = "own"


def mail_for(address: str, subject: str) -> Mail:
    return Mail.objects.create(recipient=address, sender="hub@hub.treino", subject=subject, text="olá")


def test_nobody_signed_in_sees_nothing(learner: Learner) -> None:
    letter = mail_for("ana@exemplo.com", "Código da Ana")
    for path in ("/correio/", "/correio/?para=ana@exemplo.com", "/correio/?parte=lista"):
        page = learner.opens(path)
        assert page.status == 200
        assert not page.says("Código da Ana")
    assert learner.opens(f"/correio/{letter.pk}/").status == 404
    letter.refresh_from_db()
    assert not letter.is_read


def test_who_is_signed_in_reads_their_own(learner: Learner, ana: User, bia: User) -> None:
    own, other = mail_for("ana@exemplo.com", "Para Ana"), mail_for("bia@exemplo.com", "Para Bia")
    learner.signs_in()
    page = learner.opens("/correio/")
    assert page.says("Para Ana")
    assert not page.says("Para Bia")
    assert not page.says("bia@exemplo.com")
    assert learner.opens(f"/correio/{own.pk}/").status == 200
    assert learner.opens(f"/correio/{other.pk}/").status == 404


def test_the_code_of_a_new_account_is_read_in_the_browser_that_made_it(learner: Learner) -> None:
    learner.signs_up()
    mail_for("ana@exemplo.com", "O seu código")
    assert learner.opens("/correio/").says("O seu código")


def test_an_address_that_was_given_up_is_read_by_its_next_owner_alone(
    learner: Learner, settings: Settings
) -> None:
    """One account, two browsers: the e-mail changes in one of them, and the other still has it in mind."""
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    other, victim = type(learner)(), type(learner)()
    learner.signs_up("intruso1", "vitima@exemplo.com")
    other.signs_in("intruso1")
    other.sends("/conta/codigo/", action="change", email="intruso@exemplo.com")
    victim.signs_up("vitima1", "vitima@exemplo.com")
    mail_for("vitima@exemplo.com", "Código da vítima")
    assert victim.opens("/correio/").says("Código da vítima")
    assert not learner.opens("/correio/").says("Código da vítima")


def test_a_code_that_has_expired_opens_no_mailbox(learner: Learner, monkeypatch: pytest.MonkeyPatch) -> None:
    learner.signs_up()
    mail_for("ana@exemplo.com", "O seu código")
    now = code_verification.time.time()
    monkeypatch.setattr(code_verification.time, "time", lambda: now + 16 * 60)
    assert not learner.opens("/correio/").says("O seu código")
    assert learner.opens("/conta/codigo/").says("O código venceu")


def test_an_address_that_somebody_has_already_opens_no_mailbox(learner: Learner, bia: User) -> None:
    mail_for("bia@exemplo.com", "Código da Bia")
    learner.signs_up("intruso1", "bia@exemplo.com")
    assert not learner.opens("/correio/").says("Código da Bia")
    learner.sends("/conta/senha/esqueci/", email="bia@exemplo.com")
    assert not learner.opens("/correio/").says("Código da Bia")


def test_an_address_that_two_have_typed_is_read_by_the_first(
    learner: Learner, settings: Settings, last_code: Callable[[], str]
) -> None:
    """Until the other confirms it, which takes a mailbox."""
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    other = type(learner)()
    learner.signs_up("ana2026", "ana@exemplo.com")
    other.signs_up("outra2026", "ana@exemplo.com")
    mail_for("ana@exemplo.com", "Código")
    assert learner.opens("/correio/").says("Código")
    assert not other.opens("/correio/").says("Código")
    other.types_code(last_code())
    assert other.is_in
    assert not learner.opens("/correio/").says("Código")
    assert other.opens("/correio/").says("Código")


def test_nobody_sends_the_next_mail_of_others_to_spam(learner: Learner) -> None:
    assert not learner.opens("/correio/").says("Mandar o próximo e-mail para o Spam")
    assert learner.sends("/correio/praticar/", proximo="spam").status == 404
    assert not NextIsSpam.objects.exists()
