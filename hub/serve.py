"""The hub's web server: hypercorn in one process, with TLS on one address and plain HTTP on others."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from typing import Any

from django.conf import settings
from hypercorn.asyncio import serve
from hypercorn.config import Config

THREADS = 8  # each keeps its own connection to the database


def configuration() -> Config:
    config = Config()
    config.bind = settings.HUB_PLAIN_BINDS
    if settings.HUB_TLS_BIND:
        config.bind, config.insecure_bind = settings.HUB_TLS_BIND, settings.HUB_PLAIN_BINDS
        config.certfile, config.keyfile = str(settings.HUB_TLS_CERT), str(settings.HUB_TLS_KEY)
    # HTTP/2 splits cookies in several headers, which the bridge to WSGI glues back with commas.
    config.alpn_protocols = ["http/1.1"]
    config.errorlog = logging.getLogger("hub.server")
    config.errorlog.setLevel(logging.WARNING)
    config.include_server_header = False
    config.graceful_timeout = 2
    # Here a body is cut without a word: Django, which says what is wrong, has the lower limit.
    config.wsgi_max_body_size = 2 * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return config


def run() -> None:
    """Serve until SIGTERM or SIGINT."""
    from hub.wsgi import application  # only a process that serves pays for loading the pages

    stopping = threading.Event()
    chores = ((_keep_up, "upkeep"), (_send_webhooks, "webhooks"), (_judge, "board"))
    for chore, name in chores:
        threading.Thread(target=chore, args=(stopping,), daemon=True, name=name).start()
    try:
        asyncio.run(_serve(application))
    finally:
        stopping.set()


async def _serve(application: Any) -> None:
    threads = concurrent.futures.ThreadPoolExecutor(THREADS, thread_name_prefix="hub")
    asyncio.get_running_loop().set_default_executor(threads)
    await serve(application, configuration(), mode="wsgi")


def _keep_up(stopping: threading.Event) -> None:
    from hub.upkeep import keep_up  # in its own thread: the first page does not wait for it

    keep_up(stopping)


def _send_webhooks(stopping: threading.Event) -> None:
    from hub.webhooks.send import keep_sending

    keep_sending(stopping)


def _judge(stopping: threading.Event) -> None:
    from hub.classroom.bench import sit

    sit(stopping)
