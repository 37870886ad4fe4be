"""A real docker-registry for each test that asks for one, and the smallest image that can be pushed to it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from hub.registry import ISSUER, SERVICE
from hub.registry.tokens import Access, mint
from lab.addresses import free_port

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
_open = build_opener(ProxyHandler({})).open


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(method: str, url: str, token: str = "", body: bytes | None = None, **headers: str) -> Reply:
    """One request; a refusal is a reply like any other."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(url, body, named, method=method)  # noqa: S310 - our own addresses
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with _open(request, timeout=10) as response:
            return Reply(response.status, response.headers, response.read())
    except HTTPError as error:
        with error:
            return Reply(error.code, error.headers, error.read())


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class SmallImage:
    """One layer and a config; another `text` is another image."""

    text: str = "olá"
    architecture: str = "amd64"

    @property
    def layer(self) -> bytes:
        return self.text.encode()

    @property
    def config(self) -> bytes:
        return json.dumps({"os": "linux", "architecture": self.architecture}).encode()

    @property
    def manifest(self) -> bytes:
        described = {"schemaVersion": 2, "mediaType": OCI_MANIFEST}
        config = _descriptor("application/vnd.oci.image.config.v1+json", self.config)
        layer = _descriptor("application/vnd.oci.image.layer.v1.tar", self.layer)
        return json.dumps(described | {"config": config, "layers": [layer]}).encode()

    @property
    def layer_digest(self) -> str:
        return digest_of(self.layer)

    @property
    def digest(self) -> str:
        return digest_of(self.manifest)

    @property
    def size(self) -> int:
        return len(self.config) + len(self.layer)


def _descriptor(media_type: str, content: bytes) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content)}


def index_of(*images: SmallImage) -> bytes:
    """An index as `docker build` makes them: the images, then one attestation of no platform."""
    platforms = [{"os": "linux", "architecture": image.architecture} for image in images]
    attestation = {"os": "unknown", "architecture": "unknown"}
    parts = [
        _descriptor(OCI_MANIFEST, image.manifest) | {"platform": platform}
        for image, platform in zip((*images, images[0]), (*platforms, attestation), strict=True)
    ]
    return json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": parts}).encode()


@dataclass
class Registry:
    """A docker-registry of our own, with the hub's token authentication."""

    url: str
    process: subprocess.Popen[bytes] = field(repr=False)

    def push(self, path: str, tag: str, image: SmallImage, token: str) -> Reply:
        """What docker does, in its order; the reply is the first refusal, or the manifest's."""
        for blob in (image.layer, image.config):
            begun = ask("POST", f"{self.url}/v2/{path}/blobs/uploads/", token, b"")
            if begun.status != 202:
                return begun
            place = begun.headers["Location"] + f"&digest={digest_of(blob)}"
            ask("PUT", place, token, blob, Content_Type="application/octet-stream")
        return self.put(path, tag, image.manifest, OCI_MANIFEST, token)

    def put(self, path: str, reference: str, manifest: bytes, media_type: str, token: str) -> Reply:
        address = f"{self.url}/v2/{path}/manifests/{reference}"
        return ask("PUT", address, token, manifest, Content_Type=media_type)

    def pull(self, path: str, reference: str, token: str) -> Reply:
        accept = f"{OCI_MANIFEST}, {OCI_INDEX}"
        return ask("GET", f"{self.url}/v2/{path}/manifests/{reference}", token, Accept=accept)

    def delete(self, path: str, digest: str, token: str) -> Reply:
        return ask("DELETE", f"{self.url}/v2/{path}/manifests/{digest}", token)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@dataclass(frozen=True)
class KeyFiles:
    key: Path
    certificate: Path


@pytest.fixture(scope="session")
def key_files(tmp_path_factory: pytest.TempPathFactory) -> KeyFiles:
    """The pair that `lab` makes for each lab: a P-256 key and its own certificate."""
    folder = tmp_path_factory.mktemp("token")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    files = KeyFiles(folder / "token.key", folder / "token.pem")
    no_password = serialization.NoEncryption()
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    files.key.write_bytes(key.private_bytes(pem, form, no_password))
    files.certificate.write_bytes(certificate.public_bytes(pem))
    return files


@pytest.fixture(autouse=True)
def signing(settings: Settings, key_files: KeyFiles) -> None:
    settings.HUB_TOKEN_KEY_FILE = key_files.key
    settings.HUB_TOKEN_CERT_FILE = key_files.certificate
    settings.HUB_REGISTRY_URL = f"http://127.0.0.1:{free_port()}"  # nobody answers there
    settings.HUB_NOTIFICATIONS_SECRET = "segredo-do-registry"


StartRegistry = Callable[..., Registry]


@pytest.fixture
def start_registry(tmp_path: Path, key_files: KeyFiles) -> Iterator[StartRegistry]:
    """Starts registries; each is stopped when the test ends."""
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("docker-registry não está instalado (apt-get install docker-registry)")
    started: list[Registry] = []

    def start(realm: str = "http://127.0.0.1/token", notify: str = "", secret: str = "") -> Registry:
        port = free_port()
        config = tmp_path / f"registry-{port}.yml"  # JSON is YAML too
        described = registry_config(tmp_path / f"data-{port}", port, key_files, realm, notify, secret)
        config.write_text(json.dumps(described), encoding="utf-8")
        process = subprocess.Popen([program, "serve", str(config)], stdout=-3, stderr=-3)
        registry = Registry(f"http://127.0.0.1:{port}", process)
        started.append(registry)
        wait_for(lambda: ask("GET", f"{registry.url}/v2/").status == 401, "o registry responder")
        return registry

    yield start
    for one in started:
        one.stop()


def registry_config(
    data: Path, port: int, keys: KeyFiles, realm: str, notify: str, secret: str
) -> dict[str, Any]:
    headers = {"Authorization": [f"Bearer {secret}"]}
    endpoint: dict[str, Any] = {"name": "hub", "url": notify, "headers": headers, "timeout": "10s"}
    endpoint |= {"threshold": 5, "backoff": "200ms"}
    names = {"realm": realm, "service": SERVICE, "issuer": ISSUER}
    return {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(data)}, "delete": {"enabled": True}},
        "http": {"addr": f"127.0.0.1:{port}", "secret": "x" * 32},
        "auth": {"token": names | {"rootcertbundle": str(keys.certificate)}},
        "notifications": {"endpoints": [endpoint] if notify else []},
    }


def wait_for(done: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if done():
                return
        except (URLError, ConnectionError):
            pass
        time.sleep(0.05)
    pytest.fail(f"Esperei {seconds:.0f} s por {what}, e não aconteceu.")


@pytest.fixture
def registry(start_registry: StartRegistry, settings: Settings) -> Registry:
    """A registry that the hub of this test reads; nobody notifies."""
    running = start_registry()
    settings.HUB_REGISTRY_URL = running.url
    return running


@pytest.fixture
def write_token() -> Callable[[str], str]:
    """A token to write in one repository, as its owner would be given."""
    actions = ["pull", "push", "delete"]
    return lambda path: mint("ana", [Access(type="repository", name=path, actions=actions)]).text


@pytest.fixture
def small_image() -> SmallImage:
    return SmallImage()


@pytest.fixture
def other_image() -> SmallImage:
    return SmallImage(text="outra")


@pytest.fixture
def index() -> Callable[..., bytes]:
    return index_of


class Tools:
    """What a test file can't import from here."""

    ask = staticmethod(ask)
    free_port = staticmethod(free_port)
    wait_for = staticmethod(wait_for)


@pytest.fixture
def tools() -> type[Tools]:
    return Tools
