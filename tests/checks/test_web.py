"""The session of the checks: whom it trusts, and what it never sends."""

import asyncio
import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from checks.auth import WebAnswer, WebRequest
from checks.errors import RegistryUnreachable
from checks.web import Web, open_session
from tests.checks.conftest import serving


def ask(url: str) -> WebAnswer:
    async def story() -> WebAnswer:
        async with open_session() as session:
            return await Web(session, RegistryUnreachable).send(WebRequest("GET", url))

    return asyncio.run(story())


def practice_certificate(folder: Path) -> Path:
    """A certificate for localhost that signs itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - datetime.timedelta(hours=1))
    builder = builder.not_valid_after(now + datetime.timedelta(hours=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    pem = certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem += key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "localhost.pem"
    file.write_bytes(pem)
    return file


async def hello(request: web.Request) -> web.Response:
    answer = web.json_response(dict(request.headers))
    answer.set_cookie("learner", "ana")
    return answer


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return practice_certificate(tmp_path)


@pytest.fixture
def tls_url(certificate: Path) -> Iterator[str]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    app = web.Application()
    app.router.add_get("/", hello)
    with serving(app, tls=context) as url:
        yield url.replace("http://127.0.0.1", "https://localhost")


def test_the_practice_ca_is_trusted_where_ssl_cert_file_says(
    tls_url: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_MODE", "treino")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # not for names that lead to this machine
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert ask(tls_url).status == 200


def test_a_certificate_nobody_vouches_for_is_refused(tls_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_MODE", "treino")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with pytest.raises(RegistryUnreachable, match="certificado"):
        ask(tls_url)


def test_the_netrc_of_the_machine_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("default login ana password segredo\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    app = web.Application()
    app.router.add_get("/", hello)
    with serving(app) as url:
        assert b"Authorization" not in ask(url).body
