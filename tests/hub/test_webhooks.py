"""Webhooks: where they may lead, what is sent, how often, and what its owner sees of it."""

from __future__ import annotations

import ipaddress
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from hub.accounts.models import User
from hub.repositories.life import archive
from hub.repositories.models import Repository
from hub.repositories.names import RepositoryName
from hub.repositories.privacy import create
from hub.webhooks import send
from hub.webhooks.addresses import BadAddress, check, locate, read
from hub.webhooks.models import Delivery, State, Webhook
from hub.webhooks.queue import KEPT, MOST_WAITING, tell_push
from hub.webhooks.views import MOST

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

APP = RepositoryName("ana2026", "app")
PAGE = "/repositories/ana2026/app/webhooks"
AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_a_lab(settings: Settings) -> None:
    settings.HUB_WEBHOOKS_PRIVATE = True
    settings.HUB_PLAIN_BINDS, settings.HUB_TLS_BIND = ["127.0.0.1:8000"], ["127.20.0.3:443"]
    settings.HUB_REGISTRY_URL = "http://127.20.0.2:8001"


@dataclass
class Receiver:
    """A learner's program; `answer` is what it says to everybody."""

    port: int
    answer: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/push?de=hub"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.got.append((self.path, dict(self.headers), body))
            if received.meanwhile:
                received.meanwhile()
            self.send_response(received.answer)
            for name, value in received.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"recebi\n\nobrigado")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received = Receiver(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield received
        server.shutdown()
        thread.join(5)


@pytest.fixture
def app(ana: User) -> Repository:
    return create(ana, "app", "Um site")


@pytest.fixture
def webhook(app: Repository, receiver: Receiver) -> Webhook:
    return Webhook.objects.create(repository=app, name="aviso", url=receiver.url)


def push(tag: str = "v1", event: str = "e1") -> None:
    tell_push(APP, tag, AT, "ana2026", event)


def send_all(at_once: int = 2) -> int:
    with ThreadPoolExecutor(at_once) as pool:
        return send.send_due(pool)


# Where it may lead


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://exemplo.com/", "precisa começar com http"), ("http://", "precisa começar com http"),
        ("exemplo.com", "precisa começar com http"), ("http://a.com:porta/", "não está escrito direito"),
        ("http://ana:senha@exemplo.com/", "Tire o usuário"), ("http://exemplo.com/olá", "sem acento"),
        ("http://exemplo.com/a b", "sem espaços"), ("http://[::1/", "não está escrito direito"),
    ],
)  # fmt: skip
def test_an_address_written_wrongly(url: str, says: str) -> None:
    with pytest.raises(BadAddress, match=says):
        read(url)


@pytest.mark.parametrize(
    ("in_a_lab", "in_a_class", "where"),
    [
        (True, True, "93.184.216.34 443, 2606:2800:220:1:248:1893:25c8:1946 80, 64:ff9b::5db8:d822 443"),
        (True, False, "127.0.0.1 9000, ::1 9000, ::ffff:127.0.0.1 9000"),  # a learner's own program
        (False, False, "127.0.0.1 80, 127.0.0.1 8000, 127.20.0.2 8001, 127.9.9.9 8000, 127.0.0.1 2525"),
        (False, False, "0.0.0.0 9000, 10.0.0.5 9000, 192.168.0.1 80, 169.254.169.254 80, 172.17.0.1 9000"),
        (False, False, "100.64.0.1 80, 224.0.0.1 80, fe80::1 80, fd00::1 80, ::ffff:10.0.0.5 80, ff02::1 80"),
        (False, False, "fec0::1 9000, 192.0.0.8 80, 2002:7f00:1:: 9000, 2001:0:a9fe:a9fe::1 80"),
        # IPv4 within IPv6: 169.254.169.254, 10.0.0.5 and 127.0.0.1.
        (False, False, "64:ff9b::a9fe:a9fe 80, 64:ff9b::a00:5 80, 64:ff9b:1::a00:5 80, 64:ff9b::7f00:1 9000"),
        (False, False, "::7f00:1 9000, ::ffff:0:7f00:1 9000"),
    ],
)
def test_where_a_webhook_may_lead(settings: Settings, in_a_lab: bool, in_a_class: bool, where: str) -> None:
    for private, allowed in ((True, in_a_lab), (False, in_a_class)):
        settings.HUB_WEBHOOKS_PRIVATE = private
        for address, port in (one.split() for one in where.split(", ")):
            try:
                check(ipaddress.ip_address(address), int(port))
                found = True
            except BadAddress:
                found = False
            assert found is allowed, address


def test_a_name_is_looked_up_and_every_address_of_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*addresses: str) -> None:
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kinds: entries)

    target = read("https://exemplo.com/x")
    found("93.184.216.34")
    assert locate(target) == "93.184.216.34"
    found("93.184.216.34", "10.0.0.5")
    with pytest.raises(BadAddress, match="redes internas"):
        locate(target)
    monkeypatch.undo()
    with pytest.raises(BadAddress, match="não foi encontrado"):
        locate(read("http://nao-existe.invalid/"))


def test_a_name_that_nobody_tells_of_holds_no_one(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()

    def wait(*_args: object, **_kinds: object) -> None:
        done.wait(10)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    begun = time.monotonic()
    with pytest.raises(BadAddress, match="a tempo"):
        locate(read("https://exemplo.com/x"), seconds=0.1)
    assert time.monotonic() - begun < 3
    done.set()


# What is sent


@pytest.mark.django_db(transaction=True)
def test_a_push_is_told_once(webhook: Webhook, receiver: Receiver) -> None:
    push("v1", "e1")
    push("v1", "e1")  # the registry repeats itself
    assert send_all() == 1
    assert send_all() == 0
    ((path, headers, body),) = receiver.got
    assert (path, headers["Content-Type"]) == ("/push?de=hub", "application/json")
    assert body["push_data"] == {"pushed_at": int(AT.timestamp()), "pusher": "ana2026", "tag": "v1"}
    known = {"name": "app", "namespace": "ana2026", "repo_name": "ana2026/app", "is_private": False}
    assert body["repository"].items() >= (known | {"description": "Um site", "status": "Active"}).items()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.status, delivery.answer) == (State.DELIVERED, 200, "recebi obrigado")


@pytest.mark.django_db(transaction=True)
def test_who_does_not_receive_is_asked_four_times_and_then_left_alone(
    webhook: Webhook, receiver: Receiver
) -> None:
    receiver.answer = 500
    push()
    pauses = []
    for tries in range(1, 5):
        assert send_all() == 1
        assert send_all() == 0  # not before its time
        delivery = Delivery.objects.get()
        assert (delivery.tries, delivery.status) == (tries, 500)
        pauses.append(delivery.next_try_at - timezone.now())
        Delivery.objects.update(next_try_at=timezone.now())
    assert [round(pause.total_seconds(), -1) for pause in pauses[:3]] == [10, 60, 300]
    assert Delivery.objects.get().state == State.FAILED
    assert send_all() == 0
    assert len(receiver.got) == 4


@pytest.mark.django_db(transaction=True)
def test_a_try_that_another_process_took_is_left_to_it(webhook: Webhook, receiver: Receiver) -> None:
    push()
    delivery = Delivery.objects.get()
    assert send._claim(delivery)
    assert not send._claim(delivery)
    assert send_all() == 0
    Delivery.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))  # it died in the middle
    assert send_all() == 1


@pytest.mark.django_db(transaction=True)
def test_many_that_are_slow_hold_up_nobody_else(app: Repository, bia: User, receiver: Receiver) -> None:
    """More of them than one round takes, each with a queue as long as it gets."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        slow = [Webhook(repository=app, name=f"lento {at}", url=url) for at in range(send._BATCH + 1)]
        for webhook in Webhook.objects.bulk_create(slow):
            waiting = (Delivery(webhook=webhook, event_id=f"e{at}", payload={}) for at in range(MOST_WAITING))
            Delivery.objects.bulk_create(waiting)
        quick = Webhook.objects.create(repository=create(bia, "app"), name="aviso", url=receiver.url)
        quick.deliveries.create(event_id="e", payload={})
        assert (
            send_all(at_once=1) == send._BATCH
        )  # tests keep SQLite in memory, where tables are locked whole
    assert quick.deliveries.get().state == State.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_a_webhook_removed_while_it_is_told_stops_nobody(webhook: Webhook, receiver: Receiver) -> None:
    def remove() -> None:
        Webhook.objects.all().delete()
        connection.close()

    receiver.meanwhile = remove
    push()
    assert send_all() == 1
    assert not Delivery.objects.exists()


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answer, receiver.headers = 302, {"Location": "http://10.0.0.5/"}
    answer = send.post(receiver.url, {})
    assert (answer.status, answer.is_good, len(receiver.got)) == (302, False, 1)


def test_nobody_there_and_nowhere_to_go(receiver: Receiver) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        answer = send.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", {})
    assert (answer.status, answer.text[:22]) == (0, "Ninguém respondeu dire")
    assert "redes internas" in send.post("http://10.0.0.5/", {}).text


def test_who_answers_a_letter_at_a_time_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send, "_WHOLE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    for letter in b"HTTP/1.1 200 OK" + b" " * 100:
                        connection.sendall(bytes([letter]))
                        time.sleep(0.1)
                except OSError:
                    pass  # it was cut off, as it should be

        thread = threading.Thread(target=drip)
        thread.start()
        begun = time.monotonic()
        answer = send.post(f"http://127.0.0.1:{listening.getsockname()[1]}/", {})
        assert (answer.status, time.monotonic() - begun < 3) == (0, True)
        thread.join(15)


def test_who_never_shakes_hands_is_cut_off_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:  # and answers nothing
        connection = send._Pinned(read(f"https://127.0.0.1:{listening.getsockname()[1]}/"), "127.0.0.1")
        threading.Timer(0.3, connection.cut).start()
        begun = time.monotonic()
        with pytest.raises(OSError, match=r"EOF|reset"):
            connection.connect()
        assert time.monotonic() - begun < 3
        connection.close()


def test_what_is_cut_before_there_is_a_connection_is_cut_all_the_same(receiver: Receiver) -> None:
    target = read(receiver.url)
    connection = send._Pinned(target, "127.0.0.1")
    connection.cut()
    with pytest.raises(TimeoutError):
        connection.request("POST", target.path, b"{}", {})
    connection.close()
    assert receiver.got == []


@pytest.mark.django_db
def test_the_queue_and_what_is_kept_are_bounded(webhook: Webhook) -> None:
    for number in range(MOST_WAITING + 5):
        push(event=f"e{number}")
    assert webhook.deliveries.count() == MOST_WAITING
    webhook.deliveries.update(state=State.DELIVERED)
    push(event="depois")
    assert webhook.deliveries.exclude(state=State.WAITING).count() == KEPT


@pytest.mark.django_db
def test_other_repositories_are_not_told(webhook: Webhook) -> None:
    tell_push(RepositoryName("ana2026", "outro"), "v1", AT, "ana2026", "e1")
    assert not Delivery.objects.exists()


# On the page


@pytest.fixture
def owner(learner: Learner, app: Repository) -> Learner:
    learner.signs_in()
    return learner


@pytest.mark.django_db(transaction=True)
def test_a_webhook_is_made_receives_and_is_removed(owner: Learner, receiver: Receiver) -> None:
    assert owner.opens(PAGE).says("Nenhum webhook por enquanto.")
    page = owner.sends(PAGE, name="aviso", url=receiver.url)
    assert page.says("O webhook está pronto")
    push("v1")
    receiver.answer = 404
    send_all()
    page = owner.opens(PAGE)
    assert page.says("resposta <code>404</code>")
    assert page.says("tentativas: 1 · recebi obrigado")
    removed = owner.sends(f"{PAGE}/{Webhook.objects.get().pk}/remover")
    assert removed.says("O webhook «aviso» foi removido.")
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("name", "url", "says"),
    [
        ("", "http://127.0.0.1:9000/", "Preencha este campo"),
        ("a" * 61, "http://127.0.0.1:9000/", "São no máximo 60 caracteres."),
        ("aviso", "exemplo.com", "precisa começar com http"),
        ("aviso", "http://127.0.0.1:8000/", "do próprio hub de treino"),
        ("aviso", "http://10.0.0.5/", "redes internas"),
        ("igual", "http://127.0.0.1:9000/", "Já há um webhook com este nome"),
    ],
)
def test_a_webhook_asked_for_wrongly(owner: Learner, app: Repository, name: str, url: str, says: str) -> None:
    Webhook.objects.create(repository=app, name="igual", url="http://127.0.0.1:9000/")
    page = owner.sends(PAGE, name=name, url=url)
    assert page.says(says), page.text
    assert f'value="{url}"' in page.text
    assert app.webhooks.count() == 1


def test_no_page_waits_for_a_name(owner: Learner, app: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked up by each delivery, away from every page; an address in numbers is looked at here too."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def looked_up(host: Any, *words: Any, **names: Any) -> Any:
        if not names.get("flags"):
            asked.append(host)
        return real(host, *words, **names)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    assert owner.sends(PAGE, name="aviso", url="http://nao-existe.invalid/").says("O webhook está pronto")
    assert owner.sends(PAGE, name="outro", url="http://0x0a.0.0.5/").says("redes internas")
    assert asked == []


def test_a_repository_has_a_handful(owner: Learner, app: Repository) -> None:
    for number in range(MOST):
        owner.sends(PAGE, name=f"aviso {number}", url="http://127.0.0.1:9000/")
    page = owner.sends(PAGE, name="mais um", url="http://127.0.0.1:9000/")
    assert page.says("São no máximo 5 webhooks")
    assert app.webhooks.count() == MOST
    archive(app)
    assert "Criar um webhook" not in owner.opens(PAGE).text


def test_another_person_removes_nothing(learner: Learner, webhook: Webhook, bia: User) -> None:
    learner.signs_in("bia2026")
    assert learner.sends(f"{PAGE}/{webhook.pk}/remover").status == 404
    other = create(bia, "app")
    assert learner.sends(f"/repositories/{other}/webhooks/{webhook.pk}/remover").status == 404
    assert Webhook.objects.exists()
