"""Sends what waits, away from every request: a few tries with longer and longer pauses, then it gives up."""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connections
from django.db.models import Count, F, Min
from django.utils import timezone

from checks.trust import trusted
from hub.webhooks import queue
from hub.webhooks.addresses import BadAddress, Target, locate, read
from hub.webhooks.models import LONGEST_ANSWER, Delivery, State

log = logging.getLogger(__name__)
PAUSES = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5))  # from one try to the next
_LOOK_EVERY = 2.0  # seconds; another process of the hub may have queued something
_AT_ONCE, _BATCH = 4, 20
_CONNECT, _WHOLE = 3.0, 8.0  # seconds
_CLAIMED_FOR = timedelta(minutes=2)  # one who died in the middle leaves it to another after that
_LARGEST_ANSWER = 4096


@dataclass(frozen=True)
class Answer:
    """`status` is 0 when nobody answered; `text` is for the owner to read."""

    status: int
    text: str

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


def keep_sending(stopping: threading.Event) -> None:
    """Until told to stop. No trouble ends it."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="webhook") as pool:
        while not stopping.is_set():
            queue.news.wait(_LOOK_EVERY)
            queue.news.clear()
            try:
                send_due(pool)
            except Exception as error:
                log.warning("Os webhooks tropeçaram, e seguem na próxima volta. %s", error, exc_info=error)
                stopping.wait(_LOOK_EVERY)
            finally:
                connections.close_all()


def send_due(pool: ThreadPoolExecutor) -> int:
    """How many were tried: at most one of each webhook, so that a slow one delays the others little."""
    due = Delivery.objects.filter(state=State.WAITING, next_try_at__lte=timezone.now())
    # Who has little waiting goes first: a queue that nobody takes grows long, and waits behind the others.
    queues = due.values("webhook").annotate(first=Min("pk"), waiting=Count("pk")).order_by("waiting", "first")
    turns = [one["first"] for one in queues[:_BATCH]]
    found = Delivery.objects.in_bulk(turns)
    claimed = [found[pk] for pk in turns if pk in found and _claim(found[pk])]
    list(pool.map(_send, [one.pk for one in claimed]))
    return len(claimed)


def _claim(delivery: Delivery) -> bool:
    """Whether it is ours: another process may have come first."""
    same = Delivery.objects.filter(
        pk=delivery.pk, state=State.WAITING, next_try_at=delivery.next_try_at, tries=delivery.tries
    )
    return bool(same.update(tries=F("tries") + 1, next_try_at=timezone.now() + _CLAIMED_FOR))


def _send(pk: int) -> None:
    try:
        delivery = Delivery.objects.select_related("webhook").filter(pk=pk).first()
        if delivery is not None:  # its webhook was deleted meanwhile
            _note(delivery, post(delivery.webhook.url, delivery.payload))
    finally:
        connections.close_all()


def _note(delivery: Delivery, answer: Answer) -> None:
    found: dict[str, Any] = {"status": answer.status, "answer": answer.text}
    if answer.is_good:
        found["state"] = State.DELIVERED
    elif delivery.tries > len(PAUSES):
        found["state"] = State.FAILED
    else:
        found["next_try_at"] = timezone.now() + PAUSES[delivery.tries - 1]
    Delivery.objects.filter(pk=delivery.pk).update(**found)  # its webhook may be gone by now


def post(url: str, payload: object) -> Answer:
    """One try. A redirect is an answer like any other, and is not followed."""
    try:
        target = read(url)
        connection = _Pinned(target, locate(target))
    except BadAddress as bad:
        return Answer(0, str(bad)[:LONGEST_ANSWER])
    # Timeouts are of each read: somebody who answers a letter at a time is cut off by the clock.
    clock = threading.Timer(_WHOLE, connection.cut)
    clock.start()
    try:
        connection.request("POST", target.path, json.dumps(payload).encode("utf-8"), _headers(target))
        response = connection.getresponse()
        text = response.read(_LARGEST_ANSWER).decode("utf-8", "replace")
        return Answer(response.status, _one_line(text))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(0, _one_line(f"Ninguém respondeu direito: {error or type(error).__name__}"))
    finally:
        clock.cancel()
        connection.close()


def _headers(target: Target) -> dict[str, str]:
    return {
        "Host": target.netloc,
        "Content-Type": "application/json",
        "User-Agent": "hub-de-treino",
        "Connection": "close",
    }


def _one_line(text: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:LONGEST_ANSWER]


class _Pinned(http.client.HTTPConnection):
    """To the address that was checked, under the name that was asked for."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=_CONNECT)
        self._target, self._address = target, address
        self.sock: socket.socket | None = None
        self._is_cut = False

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self._target.port), timeout=_CONNECT)
        self._hold(plain)
        if self._target.scheme == "https":
            name = self._target.host
            tls = trusted().wrap_socket(plain, server_hostname=name, do_handshake_on_connect=False)
            self._hold(tls)
            tls.do_handshake()

    def _hold(self, sock: socket.socket) -> None:
        """What `cut` ends. It comes from another thread, perhaps before there was anything to end."""
        sock.settimeout(_WHOLE)
        self.sock = sock
        if self._is_cut:
            raise TimeoutError("demorou demais")

    def cut(self) -> None:
        self._is_cut = True
        if self.sock is not None:
            with contextlib.suppress(OSError):  # it ended by itself
                # Of TLS too only the connection: the other thread is using the rest.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
