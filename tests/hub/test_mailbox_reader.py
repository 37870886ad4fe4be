"""On a server of a class the mailbox shows each their own messages, and nobody else's by any way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
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


def test_an_address_that_somebody_has_already_opens_no_mailbox(learner: Learner, bia: User) -> None:
    mail_for("bia@exemplo.com", "Código da Bia")
    learner.signs_up("intruso1", "bia@exemplo.com")
    assert not learner.opens("/correio/").says("Código da Bia")
    learner.sends("/conta/senha/esqueci/", email="bia@exemplo.com")
    assert not learner.opens("/correio/").says("Código da Bia")


def test_nobody_sends_the_next_mail_of_others_to_spam(learner: Learner) -> None:
    assert not learner.opens("/correio/").says("Mandar o próximo e-mail para o Spam")
    assert learner.sends("/correio/praticar/", proximo="spam").status == 404
    assert not NextIsSpam.objects.exists()
