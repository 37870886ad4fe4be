"""A real registry for the benchmarks: the lab's own configuration, with TLS and tokens, full of images.

Three things differ from a lab: it answers as localhost, so that no private /etc/hosts is needed; a small
token service stands in for the hub, with the same tokens; and nobody is notified, for the hub would be
busy with that long after a measure has ended.
"""

import asyncio
import datetime
import hashlib
import ipaddress
import json
import os
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import aiohttp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab import pki, registry, state
from lab.addresses import free_port
from lab.paths import Home
from lab.state import Lab

MANIFEST: Final = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


@dataclass(frozen=True)
class Registry:
    """Where it answers, whom to trust for that, and the names of its images."""

    url: str
    authority: Path
    images: tuple[str, ...]
    token_url: str


def image_names(count: int) -> tuple[str, ...]:
    """One image a learner, as in a class."""
    return tuple(f"aluno{number:04}/docker-is-cool" for number in range(count))


@contextmanager
def running(folder: Path, count: int) -> Iterator[Registry]:
    """A registry with `count` images, no two alike, until the end of the block."""
    names = image_names(count)
    with holding(folder, lambda url: _fill(url, names)) as registry:
        yield replace(registry, images=names)


@contextmanager
def holding(
    folder: Path, fill: Callable[[str], Coroutine[Any, Any, None]], private: Iterable[str] = ()
) -> Iterator[Registry]:
    """A registry with what `fill` pushes to the address it is given; `private` names need a credential."""
    home = Home(folder / "lab")
    state.prepare(home)
    pki.prepare(home)
    certificate = _certificate(folder)
    port, token_port = free_port(), free_port()
    settings = _settings(home, certificate, port, token_port)
    with _process(_command(folder / "open.yml", _without_locks(settings)), port):
        asyncio.run(fill(f"http://localhost:{port}"))
    hidden = folder / "private.json"
    hidden.write_text(json.dumps(sorted(private)), encoding="utf-8")
    service = [
        sys.executable, "-m", "benchmarks.token_service",
        str(token_port), str(certificate), str(home.root), str(hidden),
    ]  # fmt: skip
    with _process(service, token_port, {}), _process(_command(folder / "registry.yml", settings), port):
        yield Registry(f"https://localhost:{port}", certificate, (), f"https://localhost:{token_port}/token")


def _settings(home: Home, certificate: Path, port: int, token_port: int) -> dict[str, Any]:
    nobody = Lab("benchmark", "127.0.0.1", "127.0.0.1", 0, 0)
    settings: dict[str, Any] = dict(registry.config(home, nobody))
    del settings["notifications"]
    settings["http"] |= {
        "addr": f"127.0.0.1:{port}",
        "host": f"https://localhost:{port}",
        "tls": {"certificate": str(certificate), "key": str(certificate)},
    }
    settings["auth"]["token"]["realm"] = f"https://localhost:{token_port}/token"
    return settings


def _without_locks(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The same storage without TLS and tokens: filling it is not what is measured."""
    unlocked = {key: value for key, value in settings.items() if key != "auth"}
    unlocked["http"] = {key: value for key, value in settings["http"].items() if key not in ("tls", "host")}
    return unlocked


def _command(path: Path, settings: Mapping[str, Any]) -> list[str]:
    path.write_text(json.dumps(settings), encoding="utf-8")
    program = shutil.which("docker-registry")
    if program is None:
        sys.exit("docker-registry is missing: run setup/prepare.sh")
    return [program, "serve", str(path)]


@contextmanager
def _process(
    command: list[str], port: int, settings: Mapping[str, str] = registry.ENVIRONMENT
) -> Iterator[None]:
    environment = {**os.environ, **settings}
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=nowhere, stderr=nowhere, env=environment) as process:
        try:
            asyncio.run(_until_it_listens(port))
            yield
        finally:
            process.kill()


async def _until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return


def _certificate(folder: Path) -> Path:
    """A certificate for localhost that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "localhost.pem"
    path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
    return path


async def _fill(url: str, names: tuple[str, ...]) -> None:
    waiting = iter(enumerate(names))
    async with aiohttp.ClientSession() as session:

        async def worker() -> None:
            for number, name in waiting:
                await _push(session, f"{url}/v2/{name}", number)

        await asyncio.gather(*(worker() for _ in range(16)))


async def _push(session: aiohttp.ClientSession, base: str, number: int) -> None:
    """What a learner's docker push leaves: one layer, a configuration of their own, a manifest."""
    layer = await _upload(session, base, b"a layer", _LAYER)
    steps = [
        {"created": "2026-01-01T00:00:00Z", "created_by": f"/bin/sh -c #(nop) {step}"} for step in "ABCD"
    ]
    config = {
        "os": "linux",
        "architecture": "amd64",
        "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]},
        "config": {"Cmd": ["/ola"], "Env": ["PATH=/usr/bin:/bin"], "Labels": {"aluno": str(number)}},
        "history": steps,
    }
    described = await _upload(session, base, json.dumps(config).encode(), _CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": described, "layers": [layer]}
    await _put(session, f"{base}/manifests/latest", json.dumps(manifest, indent=3).encode(), MANIFEST)


async def _upload(
    session: aiohttp.ClientSession, base: str, body: bytes, media_type: str
) -> dict[str, str | int]:
    digest = "sha256:" + hashlib.sha256(body).hexdigest()
    async with session.post(f"{base}/blobs/uploads/") as begun:
        place = f"{begun.headers['Location']}&digest={digest}"
    await _put(session, place, body, "application/octet-stream")
    return {"mediaType": media_type, "digest": digest, "size": len(body)}


async def _put(session: aiohttp.ClientSession, url: str, body: bytes, media_type: str) -> None:
    async with session.put(url, data=body, headers={"Content-Type": media_type}) as done:
        if done.status != 201:
            sys.exit(f"docker-registry refused {url}: {done.status} {await done.text()}")


def trust(authority: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority))
