"""The checks against the real docker-registry program."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from checks.auth import WebAnswer, WebRequest
from checks.cache import Cache, digest_of
from checks.errors import RegistryUnreachable
from checks.image import Access, Image, PublicImage
from checks.manifest import MANIFEST_TYPES
from checks.reference import parse
from checks.registry import Registry
from checks.web import Heard, Web, open_session
from tests.checks.conftest import CONFIG

APP = parse("ana/app")
INDEX, MANIFEST, *_ = MANIFEST_TYPES


@pytest.fixture
def real_registry(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry is not installed")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = "{}:{}".format(*free.getsockname())
    settings = {
        "version": 0.1,
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {"filesystem": {"rootdirectory": str(tmp_path / "data")}},
        "http": {"addr": address},
    }
    (tmp_path / "config.yml").write_text(json.dumps(settings), encoding="utf-8")
    process = subprocess.Popen(
        [program, "serve", str(tmp_path / "config.yml")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://{address}"
    finally:
        process.kill()
        process.wait()


async def upload(session: ClientSession, url: str, document: dict[str, Any], path: str) -> dict[str, Any]:
    """Puts a manifest under `path`, or a blob when `path` is empty; returns its descriptor."""
    body = json.dumps(document).encode()
    media_type = str(document.get("mediaType", "application/vnd.oci.image.config.v1+json"))
    if path:
        place = f"{url}/v2/ana/app/manifests/{path}"
    else:
        async with session.post(f"{url}/v2/ana/app/blobs/uploads/") as begun:
            place = f"{begun.headers['Location']}&digest={digest_of(body)}"
    async with session.put(place, data=body, headers={"Content-Type": media_type}) as done:
        assert done.status == 201, await done.text()
    return {"mediaType": media_type, "digest": digest_of(body), "size": len(body)}


async def ready(session: ClientSession, url: str) -> None:
    for _ in range(100):
        try:
            async with session.get(f"{url}/v2/"):
                return
        except OSError:
            await asyncio.sleep(0.05)
    raise AssertionError("docker-registry did not start")


async def push(url: str) -> dict[str, Any]:
    """An image as `one` and, in an index, as `latest`; returns its configuration."""
    async with ClientSession() as session:
        await ready(session, url)
        layer = await upload(session, url, {"any": "layer"}, "")
        content = {**CONFIG, "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]}}
        config = await upload(session, url, content, "")
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
        pushed = await upload(session, url, manifest, "one")
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [pushed]}
        await upload(session, url, index, "latest")
        return content


def test_the_real_registry_program_is_understood(real_registry: str) -> None:
    async def story() -> tuple[Mapping[str, Any], PublicImage, PublicImage]:
        content = await push(real_registry)
        async with open_session() as session:
            registry = Registry(Web(session, RegistryUnreachable), Cache(None), real_registry)
            missing = parse("ana/app:no")
            return content, await registry.public_image(APP), await registry.public_image(missing)

    content, found, missing = asyncio.run(story())
    assert (found.access, found.images) == (Access.FOUND, (Image.from_config(content),))
    assert missing.access is Access.MISSING


class NotingWeb(Web):
    """Notes the requests, in order."""

    asked: list[str]

    async def send(self, request: WebRequest, heard: Heard | None = None) -> WebAnswer:
        self.asked.append(f"{request.method} {request.url.rpartition('/')[2][:6]}")
        return await super().send(request, heard)


def test_the_real_registry_program_is_asked_no_more_than_needed(real_registry: str, tmp_path: Path) -> None:
    async def look(name: str) -> list[str]:
        with closing(Cache(tmp_path)) as cache:
            async with open_session() as session:
                web = NotingWeb(session, RegistryUnreachable)
                web.asked = []
                assert (await Registry(web, cache, real_registry).public_image(parse(name))).images
                return web.asked

    async def story() -> list[list[str]]:
        await push(real_registry)
        return [await look(name) for name in ("ana/app:one", "ana/app:one", "ana/app", "ana/app")]

    first, again, index, index_again = asyncio.run(story())
    assert first == ["GET one", "GET sha256"]
    assert again == ["HEAD one"]
    assert index == ["GET latest"], "its manifest and configuration are known"
    assert index_again == ["HEAD latest"]
