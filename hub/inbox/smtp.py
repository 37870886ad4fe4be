"""The SMTP catcher: takes every e-mail, keeps it in the mailbox, sends nothing on."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, close_old_connections

from hub.inbox.store import keep

log = logging.getLogger(__name__)
NAME = "correio.treino"
LARGEST = 100_000  # bytes; ours have a thousand


class Handler:
    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return await asyncio.to_thread(_keep, envelope)


def _keep(envelope: Envelope) -> str:
    """Runs in a thread, where Django may use the database."""
    close_old_connections()
    content: Any = envelope.content or b""
    try:
        keep(envelope.mail_from or "", envelope.rcpt_tos, content)
    except DatabaseError as error:
        log.error("um e-mail não pôde ser guardado: %s", error)
        return "451 4.3.0 The message could not be kept now"
    finally:
        close_old_connections()
    return "250 2.0.0 guardada no correio de treino"


def controller(host: str, port: int) -> Controller:
    # A name of our own: the machine's would be looked up in DNS, which takes seconds without a network.
    return Controller(
        Handler(), hostname=host, port=port, server_hostname=NAME, ident="treino", data_size_limit=LARGEST
    )
