"""The door of the registry: passes every request on, but for a few manifests that must not be written.

It answers as registry-1.docker.io (HUB_GATE_BINDS) in front of a registry that only the hub can reach
(HUB_REGISTRY_URL). Bodies go through piece by piece, except manifests, which are small.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from functools import partial
from weakref import WeakValueDictionary

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector, web
from django.conf import settings
from django.db import close_old_connections
from multidict import CIMultiDict
from yarl import URL

from hub.registry.errors import RegistryError
from hub.registry.guard import Write, is_refused_later, may_read, read_write, refusal

log = logging.getLogger(__name__)
_THREADS = 4
_LARGEST_MANIFEST = 4 * 1024 * 1024  # the registry's own limit
_TOO_LARGE = f"O manifesto é grande demais: são no máximo {_LARGEST_MANIFEST} bytes."
_TIMEOUT = ClientTimeout(total=None, sock_connect=5, sock_read=300)
# What speaks of one connection and not of the message (RFC 9110, 7.6.1).
_OF_ONE_HOP = frozenset(
    {
        "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
        "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip
_OWN_HEADERS = ("Accept", "Accept-Encoding", "User-Agent", "Content-Type")  # not to be added by aiohttp


@asynccontextmanager
async def standing() -> AsyncIterator[None]:
    """Answers at HUB_GATE_BINDS while the block runs. Raises OSError for an address that is taken."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            ClientSession(auto_decompress=False, timeout=_TIMEOUT, connector=TCPConnector(limit=0))
        )
        threads = stack.enter_context(ThreadPoolExecutor(_THREADS, thread_name_prefix="gate"))
        application = web.Application(client_max_size=_LARGEST_MANIFEST)
        application.router.add_route("*", "/{path:.*}", Gate(session, threads).answer)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=2)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        for bind in settings.HUB_GATE_BINDS:
            host, _, port = bind.rpartition(":")
            await web.TCPSite(runner, host, int(port), ssl_context=_tls()).start()
        yield


def _tls() -> ssl.SSLContext | None:
    if settings.HUB_GATE_CERT is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(settings.HUB_GATE_CERT, settings.HUB_GATE_KEY)
    return context


class Gate:
    def __init__(self, session: ClientSession, threads: ThreadPoolExecutor) -> None:
        self._session = session
        self._threads = threads
        self._upstream = settings.HUB_REGISTRY_URL.rstrip("/")
        self._turns: WeakValueDictionary[Write, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        # As the registry reads it: decoded once, so that no other spelling of a path goes another way.
        write = read_write(request.method, request.rel_url.path)
        try:
            if write is None:
                return await self._pass_on(request)
            return await self._write(request, write)
        except (ClientError, RegistryError, TimeoutError) as error:
            log.warning("O registry não respondeu a %s %s: %s", request.method, request.path, error)
            return _error(503, "UNAVAILABLE", "O registry não respondeu. Tente de novo em um minuto.")

    async def _write(self, request: web.Request, write: Write) -> web.StreamResponse:
        try:
            body = await request.read() if write.reference else None  # an upload may bring all of a layer
        except web.HTTPRequestEntityTooLarge:
            return _error(413, "MANIFEST_INVALID", _TOO_LARGE)
        lock = self._turns.setdefault(write, asyncio.Lock()) if body else nullcontext()
        async with lock:  # of two that make the same tag at once, the second finds it made
            ask = partial(_refusal, write, _authorization(request), body or b"")
            refused = await asyncio.get_running_loop().run_in_executor(self._threads, ask)
            return _error(403, "DENIED", refused) if refused else await self._pass_on(request, body)

    async def _pass_on(self, request: web.Request, body: bytes | None = None) -> web.StreamResponse:
        """`body`: what was read of it already, which is all."""
        unread = request.content if request.body_exists else None
        sent = self._session.request(
            request.method,
            self._address(request),
            headers=_forwarded(request),
            data=unread if body is None else body,
            skip_auto_headers=_OWN_HEADERS,
            allow_redirects=False,
        )
        async with sent as received:
            if received.status == 401 and request.method == "HEAD" and _is_refused_later(request):
                return web.Response(status=404)  # docker goes on, to where it is told why
            response = web.StreamResponse(status=received.status, headers=_of_message(received.headers))
            await response.prepare(request)
            try:
                async for piece in received.content.iter_any():
                    await response.write(piece)
                await response.write_eof()
            except (ClientError, OSError):  # half of it is on its way: all that is left is to break off
                if request.transport is not None:
                    request.transport.abort()
            return response

    def _address(self, request: web.Request) -> URL:
        """A mount from where its bearer may not read becomes an upload, as the OCI's specification has it.

        The registry would answer 401, after which containerd gives the whole push up.
        """
        address = URL(self._upstream + request.raw_path, encoded=True)
        source = request.query.get("from", "")
        if request.method != "POST" or not source or may_read(source, _authorization(request)):
            return address
        return address.without_query_params("mount", "from")


def _refusal(write: Write, authorization: str, body: bytes) -> str | None:
    close_old_connections()
    try:
        return refusal(write, authorization, body)
    finally:
        close_old_connections()


def _is_refused_later(request: web.Request) -> bool:
    return is_refused_later(request.rel_url.path, _authorization(request))


def _authorization(request: web.Request) -> str:
    return request.headers.get("Authorization", "")


def _forwarded(request: web.Request) -> CIMultiDict[str]:
    headers = _of_message(request.headers)
    headers["X-Forwarded-Proto"] = request.scheme
    return headers


def _of_message(headers: Mapping[str, str]) -> CIMultiDict[str]:
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in _OF_ONE_HOP)


def _error(status: int, code: str, sentence: str) -> web.Response:
    """As the registry itself says it: docker shows the message; with containerd's store, the status line."""
    body = {"errors": [{"code": code, "message": sentence, "detail": None}]}
    return web.json_response(body, status=status, reason=f"{code}: {sentence}")
