"""A proxy that ends TLS in front of plain HTTP, and says for whom it asks: what a school has in nginx."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aiohttp import ClientSession, DummyCookieJar, web
from multidict import CIMultiDict

from tests.certificates import make_certificate

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_OF_ONE_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


@contextmanager
def tls_front(folder: Path, port: int, upstream: str) -> Iterator[Path]:
    """Answers at https://localhost:PORT for http://UPSTREAM; gives the certificate to believe."""
    certificate, key = folder / "front.pem", folder / "front.key"
    make_certificate(certificate, key)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop, ready, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def stand() -> None:
        async with ClientSession(auto_decompress=False, cookie_jar=DummyCookieJar()) as session:
            application = web.Application()
            application.router.add_route("*", "/{path:.*}", _passing_to(upstream, session))
            runner = web.AppRunner(application, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port, ssl_context=context).start()
            ready.set()
            await stop.wait()
            await runner.cleanup()

    thread = threading.Thread(target=lambda: loop.run_until_complete(stand()))
    thread.start()
    assert ready.wait(10)
    yield certificate
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


def _passing_to(upstream: str, session: ClientSession) -> Handler:
    async def answer(request: web.Request) -> web.Response:
        asked = session.request(
            request.method,
            f"http://{upstream}{request.raw_path}",
            headers=_named(request),
            data=await request.read(),
            allow_redirects=False,
        )
        async with asked as received:
            headers, body = _of_message(received.headers), await received.read()
            response = web.Response(status=received.status, headers=headers, body=body)
            response.force_close()  # nothing is left open when the loop ends
            return response

    return answer


def _named(request: web.Request) -> CIMultiDict[str]:
    headers = _of_message(request.headers)
    headers["X-Forwarded-For"], headers["X-Forwarded-Proto"] = request.remote or "", "https"
    return headers


def _of_message(headers: Mapping[str, str]) -> CIMultiDict[str]:
    """Host too: the hub is asked by the name that the browser typed."""
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _OF_ONE_HOP)
