"""The spam folder: what falls into it, and how a learner finds it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from hub.inbox.models import Mail, NextIsSpam
from hub.inbox.store import keep

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

INBOX, SPAM, SWITCH = "/correio/", "/correio/?pasta=spam", "/correio/praticar/"
LETTER = b"Subject: Confirme\r\n\r\n123456"

pytestmark = pytest.mark.django_db


def arrives(to: str = "ana@exemplo.com") -> Mail:
    (mail,) = keep("hub", [to], LETTER)
    return mail


def test_mail_goes_to_the_inbox(learner: Learner) -> None:
    assert not arrives().is_spam
    assert learner.opens(INBOX).says("Confirme")
    assert learner.opens(SPAM).says("Nenhuma mensagem no Spam")


def test_the_switch_sends_the_next_mail_to_spam_and_no_other(learner: Learner) -> None:
    page = learner.sends(SWITCH, proximo="spam")
    assert page.path == INBOX
    assert page.says("o próximo e-mail que chegar cai no Spam")
    assert [arrives().is_spam for _ in range(2)] == [True, False]
    assert not learner.opens(INBOX).says("o próximo e-mail que chegar cai no Spam")


def test_the_switch_can_be_turned_back(learner: Learner) -> None:
    for _ in range(2):
        learner.sends(SWITCH, proximo="spam")
    learner.sends(SWITCH, proximo="entrada")
    assert not arrives().is_spam


def test_the_switch_leads_back_to_where_it_was_pressed(learner: Learner) -> None:
    page = learner.sends(SWITCH, proximo="spam", pasta="spam", para="a&b@exemplo.com")
    assert page.path == "/correio/?pasta=spam&para=a%26b%40exemplo.com"
    assert learner.sends(SWITCH, proximo="spam", para="//example.com").path.startswith("/correio/?para=")


def test_the_switch_is_no_link_and_no_foreign_form(learner: Learner) -> None:
    assert learner.client.get(SWITCH).status_code == 405
    assert Client(enforce_csrf_checks=True).post(SWITCH, {"proximo": "spam"}).status_code == 403
    assert not NextIsSpam.objects.exists()


@pytest.mark.parametrize(
    ("address", "is_spam"),
    [("Maria+SPAM@exemplo.com", True), ("maria@exemplo.com", False), ("spam@x+spam.com", False)],
)
def test_an_address_may_ask_for_spam(address: str, is_spam: bool) -> None:
    assert arrives(address).is_spam is is_spam


def test_both_folders_tell_what_is_unread(learner: Learner) -> None:
    mail = arrives("ana+spam@exemplo.com")
    for path in (INBOX, SPAM, "/correio/?parte=lista&para=ana%2Bspam@exemplo.com"):
        assert learner.opens(path).says("1 não lida")
    assert not learner.opens("/correio/?para=bia@exemplo.com").says("1 não lida")
    page = learner.opens(f"/correio/{mail.pk}/")
    assert page.says("tinha caído no Spam")
    assert f'href="{SPAM}"' in page.text
    assert not learner.opens(INBOX).says("1 não lida")
    arrives()
    arrives()
    assert learner.opens(SPAM).says("2 não lidas")


def test_an_empty_inbox_says_where_else_to_look(learner: Learner) -> None:
    assert learner.opens(INBOX).says("Se demorar, olhe também a pasta Spam.")


def test_the_open_folder_is_marked(learner: Learner) -> None:
    for path, name in ((INBOX, "Entrada"), (SPAM, "Spam")):
        text = learner.opens(path).text
        assert text.count("aria-current") == 1
        assert f'aria-current="page">{name}' in text


def test_the_refreshed_part_keeps_its_folder(learner: Learner) -> None:
    assert 'hx-get="/correio/?pasta=spam&amp;parte=lista' in learner.opens(SPAM).text
    arrives("ana+spam@exemplo.com")
    part = learner.opens("/correio/?parte=lista&pasta=spam")
    assert part.says("Confirme")
    assert "<html" not in part.text
