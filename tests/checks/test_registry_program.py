"""The checks against the real docker-registry program."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from checks.cache import Cache, digest_of
from checks.errors import RegistryUnreachable
from checks.image import Access, Image, PublicImage
from checks.manifest import MANIFEST_TYPES
from checks.reference import parse
from checks.registry import Registry
from checks.web import Web, open_session
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


def test_the_real_registry_program_is_understood(real_registry: str) -> None:
    async def story() -> tuple[Mapping[str, Any], PublicImage, PublicImage]:
        async with ClientSession() as session, open_session() as checking:
            await ready(session, real_registry)
            layer = await upload(session, real_registry, {"any": "layer"}, "")
            content = {**CONFIG, "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]}}
            config = await upload(session, real_registry, content, "")
            manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
            pushed = await upload(session, real_registry, manifest, "one")
            index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [pushed]}
            await upload(session, real_registry, index, "latest")
            registry = Registry(Web(checking, RegistryUnreachable), Cache(None), real_registry)
            missing = parse("ana/app:no")
            return content, await registry.public_image(APP), await registry.public_image(missing)

    content, found, missing = asyncio.run(story())
    assert (found.access, found.images) == (Access.FOUND, (Image.from_config(content),))
    assert missing.access is Access.MISSING
