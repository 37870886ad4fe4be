"""The server as the lab starts it: one process, TLS and plain HTTP, ready soon, gone when told."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lab.addresses import free_port

ROOT = Path(__file__).parents[2]


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub.docker.com")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hub.docker.com")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "hub.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "hub.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "hub.pem", folder / "hub.key"


@dataclass(frozen=True)
class Hub:
    folder: Path
    tls_port: int
    plain_port: int

    @property
    def environment(self) -> dict[str, str]:
        (self.folder / "secret").write_text("segredo-do-teste", encoding="utf-8")
        cert, key = certificate(self.folder)
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("HUB_")},
            "HUB_DATA_DIR": str(self.folder / "hub"),
            "HUB_SECRET_KEY_FILE": str(self.folder / "secret"),
            "HUB_TLS_BIND": f"127.0.0.1:{self.tls_port}",
            "HUB_TLS_CERT": str(cert),
            "HUB_TLS_KEY": str(key),
            "HUB_PLAIN_BINDS": f"127.0.0.1:{self.plain_port}",
            "HUB_REGISTRY_URL": f"https://127.0.0.1:{free_port()}",
        }

    def start(self, **changes: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "hub", "serve"],
            env=self.environment | changes, cwd=ROOT, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.plain_port}{path}", timeout=5) as answer:
            text: str = answer.read().decode("utf-8")
            return text

    def wait(self, patience: float = 20) -> None:
        end = time.monotonic() + patience
        while True:
            try:
                self.get("/saude")
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
            else:
                return


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path, free_port(), free_port())


@pytest.fixture
def running(hub: Hub) -> Iterator[tuple[Hub, subprocess.Popen[str]]]:
    process = hub.start()
    try:
        hub.wait()
        yield hub, process
    finally:
        process.kill()
        process.communicate()


def test_one_process_serves_tls_and_plain_http_and_stops(
    running: tuple[Hub, subprocess.Popen[str]],
) -> None:
    hub, process = running
    assert "Hub de treino" in hub.get("/")
    assert (hub.folder / "hub" / "db.sqlite3").is_file()

    trust = ssl.create_default_context(cafile=str(hub.folder / "hub.pem"))
    with (
        socket.create_connection(("127.0.0.1", hub.tls_port), timeout=5) as raw,
        trust.wrap_socket(raw, server_hostname="hub.docker.com") as secure,
    ):
        secure.sendall(b"GET /saude HTTP/1.1\r\nHost: hub.docker.com\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: secure.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'{"status": "ok"}' in answer

    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=15)
    assert process.returncode == 0, err
    assert "O hub de treino responde em" in out
    assert "Traceback" not in err


@pytest.mark.parametrize(("binds", "warned"), [("", True), ("127.0.0.1:9443", False)])
def test_a_registry_without_its_gate_is_told_at_start(hub: Hub, binds: str, warned: bool) -> None:
    process = hub.start(HUB_GATE_BINDS=binds)
    try:
        hub.wait()
    finally:
        process.terminate()
        _, err = process.communicate(timeout=15)
    assert ("HUB_GATE_BINDS está vazia" in err) is warned


def test_a_head_request_and_an_empty_answer_end_well(running: tuple[Hub, subprocess.Popen[str]]) -> None:
    hub, _ = running
    with socket.create_connection(("127.0.0.1", hub.plain_port), timeout=5) as raw:
        raw.sendall(
            b"HEAD /saude HTTP/1.1\r\nHost: localhost\r\n\r\n"
            b"GET /perfil/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        answer = b"".join(iter(lambda: raw.recv(65536), b""))
    assert answer.count(b"HTTP/1.1 ") == 2
    assert b"HTTP/1.1 302" in answer


@pytest.mark.parametrize(
    ("path", "kind", "status", "says"),
    [
        ("/v2/auth/token", "application/json", 401, "O corpo do pedido é grande demais"),
        ("/v2/repositories", "application/json", 400, "O corpo do pedido é grande demais"),
        ("/token", "application/x-www-form-urlencoded", 400, "Pedido grande demais"),
    ],
)
def test_a_body_that_is_too_large_is_told(
    running: tuple[Hub, subprocess.Popen[str]], path: str, kind: str, status: int, says: str
) -> None:
    hub, process = running
    connection = http.client.HTTPConnection("127.0.0.1", hub.plain_port, timeout=20)
    with contextlib.closing(connection):
        connection.request("POST", path, b"x" * 5_100_000, {"Content-Type": kind})
        answer = connection.getresponse()
        told = json.load(answer)
    sentence = told["text"] if "text" in told else told["message"]
    assert (answer.status, sentence.startswith(says)) == (status, True)
    process.terminate()
    assert "Traceback" not in process.communicate(timeout=15)[1]


def test_a_taken_address_is_named(hub: Hub) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", hub.plain_port))
        other.listen()
        _, err = hub.start().communicate(timeout=30)
    assert "O hub não pôde usar um dos seus endereços" in err
    assert str(hub.plain_port) in err
    assert "Traceback" not in err


def test_tls_without_a_certificate_is_refused(hub: Hub) -> None:
    process = hub.start(HUB_TLS_CERT="")
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "HUB_TLS_CERT" in err


def test_a_database_that_does_not_open_is_told(hub: Hub) -> None:
    (hub.folder / "hub" / "db.sqlite3").mkdir(parents=True)
    process = hub.start()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "O banco de dados do hub não abriu" in err
    assert "Traceback" not in err
