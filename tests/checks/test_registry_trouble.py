"""Hostile and broken registries: always an outcome, never a hang, never a full memory."""

import asyncio
import json
import time
from typing import Any

import pytest
from aiohttp import web

from checks.errors import OutOfReach, RateLimited, RegistryUnreachable, StrangeAnswer, TooSlow
from checks.image import Access
from checks.manifest import MANIFEST_TYPES
from checks.reference import parse
from checks.web import BODY_LIMIT
from tests.checks.conftest import ANA, CONFIG, FakeHub, as_learner, with_registry

APP = parse("ana/app")
ARM: dict[str, Any] = {**CONFIG, "architecture": "arm64"}
INDEX, MANIFEST, *_ = MANIFEST_TYPES


def answering(status: int = 200, body: bytes = b"", **headers: str) -> Any:
    async def handler(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, body=body, headers=named)

    return handler


def refused_as(kind: type[OutOfReach], hub: FakeHub, timeout: float = 4.0) -> OutOfReach:
    with pytest.raises(kind) as caught:
        with_registry(hub.url, lambda registry: registry.remote_image(APP, ANA), timeout=timeout)
    assert caught.type is kind
    return caught.value


def test_content_of_another_digest_is_not_believed(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    hub.faults["/blobs/"] = answering(body=json.dumps(ARM).encode())
    assert "digest" in str(refused_as(StrangeAnswer, hub))


def test_a_page_instead_of_json_is_not_believed(hub: FakeHub) -> None:
    page = b"<html>Entre na rede da escola</html>"
    hub.faults["/manifests/"] = answering(body=page)
    assert "JSON" in str(refused_as(StrangeAnswer, hub))


def test_json_nested_without_end_is_not_believed(hub: FakeHub) -> None:
    hub.faults["/manifests/"] = answering(body=b"[" * 1_000_000)
    refused_as(StrangeAnswer, hub)


def test_a_redirect_loop_ends(hub: FakeHub) -> None:
    hub.faults["/manifests/"] = answering(307, Location="/v2/ana/app/manifests/latest")
    assert "redirecionou" in str(refused_as(StrangeAnswer, hub))
    assert len(hub.asked) < 10


def test_an_endless_manifest_is_not_read_to_the_end(hub: FakeHub) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 40 * BODY_LIMIT and request.method == "GET":
            await response.write(b" " * 65_536)
            sent += 65_536
        return response

    hub.faults["/manifests/"] = endless
    assert "4 MiB" in str(refused_as(StrangeAnswer, hub))
    assert sent < 4 * BODY_LIMIT


def test_an_index_too_wide_or_too_deep_is_refused(hub: FakeHub) -> None:
    hub.push("ana/app", hub.index(*(hub.image({**CONFIG, "variant": str(n)}) for n in range(70))))
    assert "64" in str(refused_as(StrangeAnswer, hub))
    nested = hub.image()
    for _ in range(6):
        nested = hub.index(nested)
    hub.push("ana/app", nested)
    assert "índices dentro de índices" in str(refused_as(StrangeAnswer, hub))


@pytest.mark.parametrize(
    "document",
    [
        {"manifests": 3},
        {"manifests": ["x"]},
        {"manifests": [{"digest": "../../../token"}]},
        {"config": "x"},
        {"fsLayers": []},
        {"config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": "md5:1"}},
    ],
)
def test_a_manifest_of_another_shape_is_refused(hub: FakeHub, document: dict[str, Any]) -> None:
    hub.push("ana/app", hub.put(document, MANIFEST))
    refused_as(StrangeAnswer, hub)


def test_a_token_service_elsewhere_gets_no_password(hub: FakeHub) -> None:
    where = 'Bearer realm="http://localhost:1/token",service="x"'
    hub.faults["/manifests/"] = answering(401, WWW_Authenticate=where)
    refused_as(StrangeAnswer, hub)
    assert hub.asked == ["GET /v2/ana/app/manifests/latest"]


def test_too_many_requests_is_said_at_once(hub: FakeHub) -> None:
    hub.faults["/manifests/"] = answering(429)
    refused_as(RateLimited, hub)
    assert len(hub.asked) == 1


def test_a_short_pause_that_the_registry_asks_for_is_taken(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    pause = answering(429, Retry_After="0")

    async def once(request: web.Request) -> web.StreamResponse:
        del hub.faults["/manifests/"]
        response: web.StreamResponse = await pause(request)
        return response

    hub.faults["/manifests/"] = once
    assert as_learner(hub).access is Access.FOUND


def test_a_long_pause_is_left_to_the_learner(hub: FakeHub) -> None:
    hub.faults["/manifests/"] = answering(429, Retry_After="3600")
    assert "3600 s" in str(refused_as(RateLimited, hub))


def test_faults_of_the_server_are_tried_three_times(hub: FakeHub) -> None:
    hub.faults["/manifests/"] = answering(503)
    assert "503" in str(refused_as(RegistryUnreachable, hub))
    assert len(hub.asked) == 3


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_is_never_tried_again(hub: FakeHub, status: int) -> None:
    hub.faults["/manifests/"] = answering(status)
    assert as_learner(hub).access is (Access.MISSING if status == 404 else Access.DENIED)
    assert len(hub.asked) == 1


def test_a_registry_that_hangs_is_too_slow(hub: FakeHub) -> None:
    async def hang(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    hub.faults["/manifests/"] = hang
    start = time.monotonic()
    refused_as(TooSlow, hub, timeout=0.1)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:1", "ninguém atendeu"), ("http://registry.invalid", "o nome não foi encontrado")],
)
def test_a_registry_that_is_not_there_is_unreachable(url: str, words: str) -> None:
    with pytest.raises(RegistryUnreachable, match=words):
        with_registry(url, lambda registry: registry.public_image(APP))


def test_names_of_other_registries_are_asked_there_without_the_password(hub: FakeHub) -> None:
    with pytest.raises(RegistryUnreachable, match=r"127\.0\.0\.1"):
        as_learner(hub, "127.0.0.1:1/ana/app")
    assert hub.asked == []
