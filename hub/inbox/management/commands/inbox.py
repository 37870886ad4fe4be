"""`python -m hub inbox`: runs the practice mailbox until it is told to stop."""

from __future__ import annotations

import signal
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hub.inbox.smtp import controller


class Command(BaseCommand):
    help = "Recebe por SMTP os e-mails que o hub manda e os guarda no correio de treino."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.HUB_SMTP_HOST, settings.HUB_SMTP_PORT
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        catcher = controller(host, port)
        try:
            catcher.start()
        except OSError as error:
            self.stderr.write(f"O correio de treino não pôde usar {host}:{port}: {error.strerror}.")
            sys.exit(1)
        self.stdout.write(f"O correio de treino espera e-mails em {host}:{port}.")
        self.stdout.flush()
        stop.wait()
        catcher.stop()
