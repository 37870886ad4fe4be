"""HTTP as a check needs it: bounded answers, few retries, every trouble a sentence of checks.errors."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from checks.auth import WebAnswer, WebRequest
from checks.download import Download
from checks.errors import ClockWrong, OutOfReach, RateLimited, StrangeAnswer, TooSlow
from checks.place import is_practice
from checks.trust import trusted

BODY_LIMIT: Final = 4 * 1024 * 1024
# Enough to keep a registry busy while its answers are read; more bring nothing.
_AT_ONCE = 32
_REDIRECTS = 5
_ATTEMPTS = 3
_PAUSES = (0.2, 0.5)
# Longer than this a learner would rather be told to come back.
_PATIENCE = 3.0
_A_DAY = 86_400.0
# OpenSSL's verdicts "not valid yet" and "has expired".
_OUT_OF_DATES = (9, 10)

Unreachable = Callable[[str, str], OutOfReach]
Heard = Callable[[Mapping[str, str]], None]


class Session:
    """Connections that are opened when the first is needed: most checks ask only the engine."""

    def __init__(self) -> None:
        self._client: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}
        # Waiting for a turn is not waiting for an answer: only the latter has a time limit.
        self.turn = asyncio.Semaphore(_AT_ONCE)

    @property
    def client(self) -> aiohttp.ClientSession:
        if self._client is None:
            self._client = _new_client()
        return self._client

    def proxy(self, host: str) -> str | None:
        if host not in self._proxies:
            self._proxies[host] = _proxy(host)
        return self._proxies[host]

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()


class Web:
    """Sends requests; `unreachable` makes the error that names whom we could not reach."""

    def __init__(self, session: Session, unreachable: Unreachable, timeout: float = 4.0) -> None:
        self._session = session
        self._unreachable = unreachable
        self._timeout = timeout
        self._patience = aiohttp.ClientTimeout(total=timeout)
        self._patience_with_bytes = aiohttp.ClientTimeout(total=None, sock_connect=timeout, sock_read=timeout)

    async def send(self, request: WebRequest, heard: Heard | None = None) -> WebAnswer:
        """One answer below 500 that is not a 429; retries only what may be better a moment later.

        `heard` is given the headers of every answer, also of those that are tried again.
        """
        host = _host_of("/".join(request.url.split("/", 3)[:3]))
        for attempt in range(_ATTEMPTS):
            last = attempt == _ATTEMPTS - 1
            pause = 0.0 if last else _PAUSES[attempt]
            try:
                async with self._session.turn:
                    answer = await self._once(request, host)
            except TimeoutError:
                if last:
                    raise TooSlow(host, self._timeout * _ATTEMPTS) from None
            else:
                if heard:
                    heard(answer.headers)
                if answer.status == 429:
                    pause = self._wait_or_give_up(answer, host, last)
                elif answer.status < 500:
                    return answer
                elif last:
                    raise self._unreachable(host, f"a resposta foi um erro do servidor ({answer.status})")
            await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    @staticmethod
    def _wait_or_give_up(answer: WebAnswer, host: str, last: bool) -> float:
        wait = _retry_after(answer)
        if last or wait is None or wait > _PATIENCE:
            raise RateLimited(host, wait)
        return wait

    async def _once(self, request: WebRequest, host: str) -> WebAnswer:
        try:
            async with self._session.client.request(
                request.method,
                request.url,
                headers=request.headers,
                json=request.json,
                max_redirects=_REDIRECTS,
                allow_redirects=True,
                proxy=self._session.proxy(host),
                timeout=self._patience if request.into is None else self._patience_with_bytes,
            ) as response:
                body = await _read(response, host, request.into)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return WebAnswer(response.status, headers, body)
        except TimeoutError:
            raise
        except aiohttp.TooManyRedirects:
            raise StrangeAnswer(host, "redirecionou o pedido sem parar") from None
        except aiohttp.ClientConnectorCertificateError as error:
            raise self._certificate(host, error) from error
        except aiohttp.ClientError as error:
            raise self._unreachable(host, _why(error)) from error

    def _certificate(self, host: str, error: aiohttp.ClientConnectorCertificateError) -> OutOfReach:
        """A certificate out of its dates is, most often, a clock that is wrong."""
        if getattr(error.certificate_error, "verify_code", 0) in _OUT_OF_DATES:
            return ClockWrong(host, time.strftime("%H:%M de %d/%m/%Y"))
        return self._unreachable(host, _why(error))


@lru_cache
def _host_of(origin: str) -> str:
    return urlsplit(origin).hostname or origin


async def _read(response: aiohttp.ClientResponse, host: str, into: Download | None = None) -> bytes:
    """The whole body, or nothing when it is too big and no one needs it, or goes into a file."""
    if into is not None and response.status == 200:
        await _save(response, into)
        return b""
    if response.method == "HEAD":
        return b""
    if response.content_length is not None and response.content_length <= BODY_LIMIT:
        return await response.read()
    body = bytearray()
    if response.content_length is None:
        async for chunk in response.content.iter_chunked(64 * 1024):
            body += chunk
            if len(body) > BODY_LIMIT:
                break
        else:
            return bytes(body)
    if response.status == 200:
        raise StrangeAnswer(host, f"a resposta passa de {BODY_LIMIT // 1024 // 1024} MiB")
    return b""


async def _save(response: aiohttp.ClientResponse, into: Download) -> None:
    if not into.begin(response.content_length):
        return
    async for piece in response.content.iter_chunked(256 * 1024):
        if not into.take(piece):
            return


def _retry_after(answer: WebAnswer) -> float | None:
    """Seconds to wait: Retry-After in seconds or as a date, X-Retry-After as a unix time."""
    text = answer.headers.get("retry-after", "").strip()
    unix = answer.headers.get("x-retry-after", "").strip()
    try:
        if text.isdecimal():
            wait = float(text)
        else:
            wait = (float(unix) if unix else parsedate_to_datetime(text).timestamp()) - time.time()
    except (ValueError, OverflowError):
        return None
    return max(0.0, wait) if wait < _A_DAY else None


def _why(error: aiohttp.ClientError) -> str:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "o nome não foi encontrado; confira a sua conexão com a internet"
    if isinstance(error, aiohttp.ClientSSLError):
        return "o certificado dele não é de confiança neste computador"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "ninguém atendeu nesse endereço"
    return f"a conexão falhou no meio ({type(error).__name__})"


def _proxy(host: str) -> str | None:
    """The machine's proxy, never in practice mode: there the names lead to this very machine.

    aiohttp's own trust_env is left off because it also reads ~/.netrc, and a question asked
    anonymously must stay anonymous.
    """
    if is_practice() or proxy_bypass(host):
        return None
    return getproxies().get("https")


def _new_client() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=_AT_ONCE, ssl=trusted(), resolver=aiohttp.ThreadedResolver())
    # No compression and no cookies: a bounded answer stays bounded, an anonymous request anonymous.
    return aiohttp.ClientSession(
        connector=connector,
        headers={"Accept-Encoding": "identity", "User-Agent": "dockerhub-na-pratica"},
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
    )


@asynccontextmanager
async def open_session() -> AsyncIterator[Session]:
    """A session that trusts what SSL_CERT_FILE says now and resolves names as the machine does."""
    session = Session()
    try:
        yield session
    finally:
        await session.close()
