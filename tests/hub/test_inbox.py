"""Mail goes by SMTP to the practice mailbox, and its page shows it without running any of it."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError
from django.utils import timezone
from pytest_django import Settings

from hub.inbox import smtp, store
from hub.inbox.models import Mail
from hub.inbox.smtp import controller
from hub.inbox.store import clear_old, keep
from lab.addresses import free_port

if TYPE_CHECKING:
    from tests.hub.conftest import Learner


@pytest.fixture(autouse=True)
def _no_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here may ask who this machine is: without a network the answer takes seconds."""

    def asked(*_: object) -> str:
        raise AssertionError("DNS was asked for a name")

    monkeypatch.setattr(socket, "getfqdn", asked)


def letter(text: str, subject: str = "Olá", to: str = "ana@exemplo.com", subtype: str = "plain") -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, "hub@hub.treino", to
    message.set_content(text, subtype=subtype)
    return message.as_bytes()


@pytest.fixture
def catcher(transactional_db: None) -> Iterator[tuple[str, int]]:
    """A real SMTP server on a free port of this machine."""
    host, port = "127.0.0.1", free_port()
    server = controller(host, port)
    server.start()
    yield host, port
    server.stop()


def send(address: tuple[str, int], content: bytes, *to: str) -> None:
    with smtplib.SMTP(*address, local_hostname="teste") as client:
        client.sendmail("hub@hub.treino", to or ["ana@exemplo.com"], content)


def test_a_letter_sent_by_smtp_is_kept(catcher: tuple[str, int]) -> None:
    send(catcher, letter("Ação! 😀", subject="Código à vista"), "Ana@exemplo.com")
    mail = Mail.objects.get()
    assert (mail.recipient, mail.subject, mail.text) == ("ana@exemplo.com", "Código à vista", "Ação! 😀")


def test_each_recipient_has_a_copy(catcher: tuple[str, int]) -> None:
    send(catcher, letter("oi"), "ana@exemplo.com", "bia@exemplo.com")
    assert set(Mail.objects.values_list("recipient", flat=True)) == {"ana@exemplo.com", "bia@exemplo.com"}


def test_a_huge_letter_is_refused(catcher: tuple[str, int]) -> None:
    with pytest.raises(smtplib.SMTPException):
        send(catcher, letter("x" * 70 + "\n") * 20_000)
    assert not Mail.objects.exists()


def test_a_letter_that_cannot_be_kept_is_not_accepted(
    catcher: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(smtp, "keep", full)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(catcher, letter("oi"))
    assert refusal.value.smtp_code == 451


def test_the_code_of_a_sign_up_is_read_on_the_page(
    catcher: tuple[str, int], learner: Learner, settings: Settings
) -> None:
    """The whole way: form, SMTP, database, page, form."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = catcher
    learner.signs_up()
    mail = Mail.objects.get(recipient="ana@exemplo.com")
    assert learner.opens("/correio/?para=ana@exemplo.com").says(mail.subject)
    code = learner.opens(f"/correio/{mail.pk}/").text.split('<p class="code">')[1][:6]
    assert learner.types_code(code).path == "/u/ana2026"


@pytest.mark.django_db
def test_a_letter_is_shown_as_text(learner: Learner) -> None:
    keep("x", ["a@b.co"], letter("<script>alert(1)</script> https://exemplo.com/ javascript:alert(1)"))
    page = learner.opens(f"/correio/{Mail.objects.get().pk}/")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    assert '<a href="https://exemplo.com/"' in page.text
    assert 'href="javascript' not in page.text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (letter("<b>oi</b>", subtype="html"), "(Esta mensagem não tem texto simples.)"),
        (b"Content-Type: text/plain; charset=inventado\r\n\r\nol\xc3\xa1", "olá"),
        (b"so bytes \xff sem cabecalho", "so bytes"),
        (b"Subject: a\0b\xff\r\nFrom: c\0\xff\r\n\r\nnulo\0", "nulo"),
        (b"", ""),
    ],
)
@pytest.mark.django_db
def test_odd_letters_are_kept_too(content: bytes, text: str) -> None:
    (mail,) = keep("x\0", ["a\0@b.co"], content)
    assert text in mail.text
    assert "\0" not in mail.text + mail.subject + mail.sender + mail.recipient


@pytest.mark.django_db
def test_the_page_shows_one_address_when_asked(learner: Learner) -> None:
    keep("x", ["ana@exemplo.com"], letter("oi", subject="Para a Ana"))
    keep("x", ["bia@exemplo.com"], letter("oi", subject="Para a Bia"))
    everyone, ana = learner.opens("/correio/"), learner.opens("/correio/?para=ana@exemplo.com")
    assert everyone.says("Para a Ana")
    assert everyone.says("Para a Bia")
    assert ana.says("Para a Ana")
    assert not ana.says("Para a Bia")


@pytest.mark.django_db
def test_the_mailbox_is_marked_as_open(learner: Learner) -> None:
    assert learner.opens("/correio/").says("Esta caixa é aberta")


@pytest.mark.django_db
def test_old_letters_go_away() -> None:
    keep("x", ["a@b.co"], letter("velha"))
    Mail.objects.update(received_at=timezone.now() - timedelta(days=31))
    keep("x", ["a@b.co"], letter("nova"))
    clear_old()
    assert [mail.text for mail in Mail.objects.all()] == ["nova"]


@pytest.mark.django_db
def test_the_mailbox_keeps_the_newest_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_KEPT", 3)
    for number in range(5):
        keep("x", ["a@b.co"], letter(str(number)))
    assert [mail.text for mail in Mail.objects.all()] == ["4", "3", "2"]


@pytest.mark.parametrize(
    "path", ["/correio/?para=%00", "/correio/?pasta=outra", "/correio/?para=ninguem@x.co"]
)
def test_an_odd_question_shows_an_empty_inbox(learner: Learner, path: str) -> None:
    page = learner.opens(path)
    assert page.status == 200
    assert page.says("Nenhuma mensagem na Entrada")


def test_a_letter_that_is_not_there_is_explained(learner: Learner) -> None:
    for number in ("1", "9" * 40):
        assert learner.opens(f"/correio/{number}/").status == 404
