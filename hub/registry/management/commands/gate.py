"""`python -m hub gate`: stands in front of the registry until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from hub.registry.gate import standing


class Command(BaseCommand):
    help = "Atende como registry-1.docker.io em HUB_GATE_BINDS, na frente do registry."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        where = ", ".join(settings.HUB_GATE_BINDS)
        try:
            asyncio.run(_stand(lambda: self.tell(f"A porta do registry responde em {where}.")))
        except OSError as error:
            self.stderr.write(f"A porta do registry não pôde usar {where}: {error.strerror or error}.")
            sys.exit(1)

    def tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


async def _stand(ready: Callable[[], None]) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with standing():
        ready()
        await stop.wait()
