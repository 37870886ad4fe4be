"""The live source asks each fact of the service that knows it."""

import asyncio
import base64
import json
import time
from pathlib import Path

import pytest

from checks.image import (
    Fact,
    History,
    HistoryRequest,
    LocalImage,
    LocalImageRequest,
    Login,
    LoginRequest,
    Request,
    SignedWith,
)
from checks.login import DOCKER_HUB_KEY
from checks.reference import parse
from checks.sources import live
from tests.checks.conftest import FakeEngine


def fetch(*requests: Request) -> list[Fact]:
    async def story() -> list[Fact]:
        async with live() as source:
            return list(await asyncio.gather(*map(source.fetch, requests)))

    return asyncio.run(story())


@pytest.mark.filterwarnings("ignore:'encoding':EncodingWarning")  # the SDK's own open()
def test_facts_of_this_machine(engine: FakeEngine, tmp_path: Path) -> None:
    auth = base64.b64encode(b"ana:segredo").decode("ascii")
    config = json.dumps({"auths": {DOCKER_HUB_KEY: {"auth": auth}}})
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    name = {"ID": "ana/app:latest", "Attributes": {"name": "ana/app"}}
    engine.events = [{"Action": "push", "Actor": name, "time": int(time.time())}]
    image, history, login = fetch(LocalImageRequest(parse("alpine")), HistoryRequest(), LoginRequest())
    assert image == LocalImage(parse("alpine"), None)
    assert isinstance(history, History)
    assert [event.name for event in history.events] == ["ana/app:latest"]
    assert login == Login("ana", SignedWith.PASSWORD)
