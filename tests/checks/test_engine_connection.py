"""How the checks reach the engine: one connection a run, in words that every engine takes."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from checks import engine as module
from checks.engine import Connection, history, local_image, local_names
from checks.errors import EngineOff, StrangeAnswer, TooSlow
from checks.image import HistoryRequest, LocalImageRequest, LocalNamesRequest
from checks.reference import parse
from checks.sources import live
from tests.checks.conftest import FakeEngine, serving

ALPINE = parse("alpine")
INSPECT = "/images/docker.io/library/alpine:latest/json"
IMAGE = {
    "Id": "sha256:" + "6" * 64,
    "RepoTags": ["alpine:latest"],
    "Config": {},
    "Architecture": "amd64",
    "Os": "linux",
    "RootFS": {"Layers": []},
}
# (newest, oldest) API version: 20.10, 26.1, 29 and one to come.
VERSIONS = [("1.41", "1.12"), ("1.45", "1.24"), ("1.52", "1.44"), ("1.99", "1.90")]


@pytest.fixture(params=VERSIONS, ids=lambda versions: str(versions[0]))
def any_engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FakeEngine]:
    fake = FakeEngine(*request.param)
    fake.images["docker.io/library/alpine:latest"] = IMAGE
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    with serving(fake.app(), tmp_path / "docker.sock") as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        yield fake


def test_every_engine_is_asked_in_a_version_it_takes(any_engine: FakeEngine) -> None:
    assert local_image(ALPINE).image is not None
    assert any_engine.asked == ["/_ping", f"/v{any_engine.api}{INSPECT}"]
    assert [str(name) for name in local_names().names] == [str(ALPINE)]
    assert history().events == ()


def test_an_engine_whose_ping_tells_no_version_is_asked_for_it(any_engine: FakeEngine) -> None:
    any_engine.tells_version = False
    assert local_image(ALPINE).image is not None
    assert any_engine.asked == ["/_ping", "/version", f"/v{any_engine.api}{INSPECT}"]


def test_all_facts_of_a_run_share_a_connection(engine: FakeEngine) -> None:
    async def story() -> None:
        async with live() as source:
            await asyncio.gather(*map(source.fetch, [LocalImageRequest(ALPINE)] * 9))
            assert len(engine.connections) == 2  # the greeting, and one for all that is asked of an address
            await asyncio.gather(source.fetch(LocalNamesRequest()), source.fetch(HistoryRequest()))

    asyncio.run(story())
    assert engine.asked.count("/_ping") == 1


def test_threads_may_share_a_connection(engine: FakeEngine) -> None:
    names = [parse(f"image{number}") for number in range(40)]
    for name in names[::2]:
        engine.images[str(name)] = {**IMAGE, "Id": str(name)}
    with closing(Connection()) as connection, ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda name: local_image(name, connection), names))
    assert [one.image_id for one in found] == [
        str(name) if at % 2 == 0 else "" for at, name in enumerate(names)
    ]


def test_one_strange_answer_does_not_end_the_connection(engine: FakeEngine) -> None:
    engine.images[str(ALPINE)] = {**IMAGE, "Config": 3}
    with closing(Connection()) as connection:
        with pytest.raises(StrangeAnswer):
            local_image(ALPINE, connection)
        engine.images[str(ALPINE)] = IMAGE
        assert local_image(ALPINE, connection).image is not None


def test_an_engine_that_hangs_is_waited_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(request: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    app = web.Application()
    app.router.add_get("/{path:.*}", hang)
    monkeypatch.setattr(module, "_PATIENCE", 0.3)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with serving(app, tmp_path / "docker.sock") as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        start = time.monotonic()
        with closing(Connection()) as connection:
            for _ in range(20):
                with pytest.raises(TooSlow):
                    local_image(ALPINE, connection)
        assert time.monotonic() - start < 3


def test_an_engine_that_is_off_is_knocked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with closing(Connection()) as connection:
        for _ in range(2):
            with pytest.raises(EngineOff):
                local_image(ALPINE, connection)
