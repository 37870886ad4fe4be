"""A registry that means harm: always an outcome and a sentence, within bounds of memory and time."""

import asyncio
import gzip
import itertools
import json
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

import pytest
from aiohttp import web

from checks.errors import OutOfReach, StrangeAnswer, TooSlow
from checks.image import Access
from checks.manifest import MANIFEST_TYPES
from checks.reference import parse
from checks.registry import Registry
from checks.web import BODY_LIMIT
from tests.checks.conftest import ANA, CONFIG, OCI_CONFIG, FakeHub, with_registry

APP = parse("ana/app")
INDEX, MANIFEST, *_ = MANIFEST_TYPES
MIB = 1024 * 1024
# Of one check, whatever comes: the bodies of all that describes an image, and one of them as JSON.
MOST_MEMORY = 100 * MIB
MOST_SECONDS = 13.0


@contextmanager
def bounded(most: int = MOST_MEMORY) -> Iterator[None]:
    """Fails when the block takes too long or, at its worst moment, too much memory."""
    tracemalloc.start()
    start = time.monotonic()
    try:
        yield
        seconds, (_, peak) = time.monotonic() - start, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert seconds < MOST_SECONDS
    assert peak < most, f"{peak / MIB:.0f} MiB"


def look(hub: FakeHub, timeout: float = 4.0) -> Any:
    async def work(registry: Registry) -> Any:
        return await registry.remote_image(APP, ANA)

    return with_registry(hub.url, work, timeout=timeout)


def refused(hub: FakeHub, kind: type[OutOfReach] = StrangeAnswer, timeout: float = 4.0) -> str:
    with bounded(), pytest.raises(kind) as caught:
        look(hub, timeout)
    return str(caught.value)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(body: bytes, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(
            body=body, headers={key.replace("_", "-"): value for key, value in headers.items()}
        )

    return handler


def flooding(piece: bytes, pause: float = 0.0, **headers: str) -> Handler:
    """The same piece over and over, until nobody listens any more."""

    async def handler(request: web.Request) -> web.StreamResponse:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        response = web.StreamResponse(headers=named)
        await response.prepare(request)
        while request.transport is not None and not request.transport.is_closing():
            await response.write(piece)
            await asyncio.sleep(pause)
        return response

    return handler


@cache
def bomb(size: int) -> bytes:
    """A few kilobytes that unpack to `size` bytes."""
    return gzip.compress(b'{"config": "' + b" " * size)


@pytest.mark.parametrize("path", ["/manifests/", "/blobs/", "/token"])
def test_a_gzip_bomb_is_never_unpacked(hub: FakeHub, path: str) -> None:
    hub.push("ana/app", hub.image())
    hub.faults[path] = answering(bomb(2 * MOST_MEMORY), Content_Encoding="gzip")
    refused(hub)


def test_compressed_answers_are_not_asked_for(hub: FakeHub) -> None:
    told: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        told.append(request.headers["Accept-Encoding"])
        return web.Response(status=404)

    hub.faults["/manifests/"] = handler
    look(hub)
    assert told == ["identity"]


@pytest.mark.parametrize("path", ["/manifests/", "/blobs/", "/token"])
def test_a_flood_is_cut_off(hub: FakeHub, path: str) -> None:
    hub.push("ana/app", hub.image())
    hub.faults[path] = flooding(b" " * 65_536)
    assert "4 MiB" in refused(hub)


@pytest.mark.parametrize("path", ["/manifests/", "/blobs/", "/token"])
def test_a_slow_drip_ends_in_time(hub: FakeHub, path: str) -> None:
    hub.push("ana/app", hub.image())
    hub.faults[path] = flooding(b" ", 0.05)
    assert "não veio" in refused(hub, TooSlow, timeout=0.5)


def test_a_drip_of_headers_ends_in_time(hub: FakeHub) -> None:
    async def drip(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.write(b"HTTP/1.1 200 OK\r\n")
        for number in itertools.count():
            if request.transport is None or request.transport.is_closing():
                break
            request.transport.write(f"X-{number}: 1\r\n".encode())
            await asyncio.sleep(0.05)
        return web.Response()

    hub.faults["/manifests/"] = drip
    refused(hub, OutOfReach, timeout=0.5)


def test_headers_without_end_are_refused(hub: FakeHub) -> None:
    hub.faults["/manifests/"] = answering(b"{}", X_Long="a" * 1_000_000)
    refused(hub, OutOfReach)


@pytest.mark.parametrize(
    "place", ["/v2/ana/app/manifests/{}", "http://127.0.0.1:1/{}", "file:///etc/{}", "//"]
)
def test_redirects_that_lead_nowhere_end(hub: FakeHub, place: str) -> None:
    numbers = itertools.count()

    async def away(request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": place.format(next(numbers))})

    hub.faults["/manifests/"] = away
    refused(hub, OutOfReach)
    assert len(hub.asked) < 10


def test_a_redirect_elsewhere_takes_no_token_along(hub: FakeHub) -> None:
    """As Docker Hub does for blobs: the place they are kept in is another's."""
    other, seen = FakeHub(), []
    hub.push("ana/app", hub.image())

    async def away(request: web.Request) -> web.Response:
        return web.Response(
            status=307, headers={"Location": hub.url.replace("127.0.0.1", "localhost") + "/away"}
        )

    async def keeper(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(body=json.dumps(CONFIG).encode())

    hub.faults["/blobs/"], hub.faults["/away"] = away, keeper
    assert look(hub).images
    assert seen == [""]
    assert other.asked == []


def test_a_manifest_that_is_not_what_its_header_says_is_not_believed(hub: FakeHub) -> None:
    wrong = "sha256:" + "0" * 64
    hub.faults["/manifests/"] = answering(b'{"manifests": []}', Docker_Content_Digest=wrong)
    assert "digest" in refused(hub)


def test_an_index_that_leads_to_itself_ends(hub: FakeHub) -> None:
    """Whatever is asked for, the same index comes, which names one more of its kind."""
    entry = {"mediaType": INDEX, "digest": "sha256:" + "0" * 64, "size": 1}
    body = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": [entry]}).encode()
    hub.faults["/manifests/"] = answering(body)
    assert "digest" in refused(hub)
    assert len(hub.asked) < 10


def test_many_large_manifests_do_not_add_up(hub: FakeHub) -> None:
    """Each alone would be let in."""
    large = "x" * (BODY_LIMIT - MIB)
    config = hub.put(CONFIG, OCI_CONFIG)
    parts = [
        hub.put({"mediaType": MANIFEST, "config": config, "layers": [], "n": n, "x": large}, MANIFEST)
        for n in range(30)
    ]
    hub.push("ana/app", hub.index(*parts))
    # The fake in this very process has them all in memory: counted after they were made.
    assert "8 MiB" in refused(hub)


def test_json_that_grows_when_read_is_bounded(hub: FakeHub) -> None:
    body = b'{"manifests": [' + b"{}," * (BODY_LIMIT // 3 - 20) + b"{}]}"
    hub.faults["/manifests/"] = answering(body)
    with bounded(most=200 * MIB), pytest.raises(StrangeAnswer):
        look(hub)


@pytest.mark.parametrize(
    "body", [b"[]", b"3", b"null", b"\xff\xfe", b"<html>", b"", b'{"tags": 3}', b"[" * 90_000]
)
def test_tags_of_another_shape_are_no_crash(hub: FakeHub, body: bytes) -> None:
    hub.push("ana/app", hub.image())
    hub.faults["/tags/list"] = answering(body)

    async def work(registry: Registry) -> Any:
        try:
            return (await registry.remote_tags(APP, ANA)).tags
        except StrangeAnswer:
            return ()

    assert with_registry(hub.url, work) == ()


@pytest.mark.parametrize(
    "header",
    ["Bearer " + 'realm="' * 50_000, "Bearer " + 'a="b",' * 50_000, "\u0000", 'Bearer realm="http://["'],
)
def test_a_challenge_of_another_shape_is_no_crash(hub: FakeHub, header: str) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        answer = f"HTTP/1.1 401 No\r\nContent-Length: 0\r\nWWW-Authenticate: {header}\r\n\r\n"
        request.transport.write(answer.encode())
        request.transport.close()
        return web.Response()

    hub.faults["/manifests/"] = handler
    with bounded(), suppress(OutOfReach):
        assert look(hub).access is Access.DENIED


def test_a_pause_that_is_asked_for_is_taken_and_then_all_goes_on(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    answers = iter([429, 429])

    async def busy(request: web.Request) -> web.Response:
        if next(answers, None) == 429:
            return web.Response(status=429, headers={"Retry-After": "0", "RateLimit-Limit": "100;w=21600"})
        hub.faults.clear()
        raise web.HTTPFound(request.path)

    hub.faults["/manifests/"] = busy
    assert look(hub).access is Access.FOUND
