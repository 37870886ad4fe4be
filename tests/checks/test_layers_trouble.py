"""What can go wrong while a layer is read: an outage is one, slowness is nobody's fault, bounds are kept."""

import asyncio
import gzip
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from checks import download, layers, unpack
from checks.errors import OutOfReach, RateLimited, RegistryUnreachable, StrangeAnswer, TooSlow
from checks.image import RemoteImage
from checks.leaks import Contents
from checks.reference import parse
from checks.registry import Registry
from tests.checks.conftest import ANA, FakeHub, digest_of, with_registry
from tests.checks.test_layers import APP, ONE, OTHER, RIGHT, Shop
from tests.checks.test_registry_trouble import answering
from tests.checks.test_unpack import MIB


@pytest.fixture
def shop(hub: FakeHub, tmp_path: Path) -> Shop:
    return Shop(hub, tmp_path)


@pytest.mark.parametrize(
    ("status", "error"), [(503, RegistryUnreachable), (429, RateLimited), (418, StrangeAnswer)]
)
def test_an_outage_while_a_layer_is_read_is_one(shop: Shop, status: int, error: type[OutOfReach]) -> None:
    shop.push(ONE)
    shop.serve(ONE, answering(status))
    with pytest.raises(error):
        shop.seen()


def test_a_layer_cut_off_half_way_is_an_outage(shop: Shop) -> None:
    async def half(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(len(ONE))})
        await response.prepare(request)
        await response.write(ONE[:20])
        raise ConnectionResetError

    shop.push(ONE)
    shop.serve(ONE, half)
    with pytest.raises(RegistryUnreachable):
        shop.seen()


def test_a_layer_of_another_digest_is_not_believed_nor_remembered(shop: Shop, hub: FakeHub) -> None:
    shop.push(ONE)
    shop.serve(ONE, answering(body=OTHER))
    with pytest.raises(StrangeAnswer, match="não confere"):
        shop.seen()
    hub.faults.clear()
    assert shop.seen().images


def test_a_layer_too_large_is_believed_and_hardly_touched(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "LARGEST", len(ONE) - 1)
    shop.push(ONE, claims=[RIGHT[1]])
    assert shop.seen().images
    assert (shop.seen().images, shop.leaks().unread) == (shop.seen().images, 1)
    assert shop.reads(ONE) == 1


def test_a_layer_too_large_that_does_not_say_so_is_left_in_the_middle(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 400 * MIB:
            await response.write(b"x" * MIB)
            sent += MIB
        return response

    monkeypatch.setattr(download, "LARGEST", 4 * MIB)
    shop.push(ONE)
    shop.serve(ONE, endless)
    assert shop.leaks().unread == 1
    assert sent < 100 * MIB


def dripping(pause: float) -> Any:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(200):
            await response.write(b"x")
            await asyncio.sleep(pause)
        return response

    return drip


def test_a_slow_internet_is_not_the_learners_fault(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "SECONDS", 0.3)
    shop.push(ONE)
    shop.serve(ONE, dripping(0.05))
    assert shop.seen().images
    with pytest.raises(TooSlow):
        shop.leaks()


def test_a_class_does_not_wait_for_a_slow_base_again_and_again(
    shop: Shop, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "SECONDS", 0.3)
    shop.serve(ONE, dripping(0.05))
    names = [f"ana/app{number}" for number in range(8)]
    for name in names:
        shop.push(ONE, name=name)

    async def look(registry: Registry) -> list[RemoteImage]:
        return await asyncio.gather(*(registry.remote_image(parse(name), ANA) for name in names))

    start = time.monotonic()
    assert all(seen.images for seen in shop.ask(look))
    assert time.monotonic() - start < 2
    assert sum("/blobs/" in asked and digest_of(ONE) in asked for asked in hub.asked) == 1


def test_a_layer_that_stops_coming_is_an_outage(shop: Shop) -> None:
    shop.push(ONE)
    shop.serve(ONE, dripping(60))
    with pytest.raises(TooSlow):
        with_registry(
            shop.hub.url, lambda registry: registry.remote_image(APP, ANA), shop.folder, timeout=0.1
        )


def test_a_bomb_is_neither_believed_nor_read_twice(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "LARGEST", MIB)
    bomb = gzip.compress(bytes(2 * MIB))
    shop.push(bomb)
    for look in (shop.seen, shop.leaks):
        with pytest.raises(OutOfReach, match="se expande"):
            look()
    assert shop.reads(bomb) == 1


def test_reading_has_an_end_too(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(file: Any, until: float) -> Contents:
        raise unpack.OutOfTime

    monkeypatch.setattr(unpack, "read", never)
    shop.push(ONE)
    with pytest.raises(TooSlow, match="camada"):
        shop.seen()
