"""The hub under a public name with TLS: what Django's own check asks for, and what the servers' page says."""

from __future__ import annotations

import ast
import json
import os
import re
import secrets
import ssl
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.core.mail import send_mail
from django.test import Client, RequestFactory
from pytest_django import Settings

from hub.environment import web_address
from hub.proxy import believe_trusted_proxies, client_of
from lab.addresses import free_port
from tests.certificates import make_certificate

ROOT = Path(__file__).parents[2]
TOLD = """
import json
from django.conf import settings as s
names = [name for name in dir(s) if name.startswith(("SECURE_", "SESSION_", "CSRF_COOKIE_", "HUB_MAIL"))]
names += ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"]
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def run(tmp_path: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A hub of production: its secret in a file, its name public, and nothing of the tests."""
    secret = tmp_path / "secret"
    secret.write_text(secrets.token_urlsafe(64), encoding="utf-8")
    public = {"HUB_WEB_URL": "https://hub.escola.br", "HUB_SECRET_KEY_FILE": str(secret)}
    own = {"HUB_DATA_DIR": str(tmp_path / "hub"), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    return subprocess.run(
        [sys.executable, *words],
        env={"PATH": os.environ["PATH"], **own, **public, **variables},
        cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip


def told(tmp_path: Path, **variables: str) -> dict[str, object]:
    done = run(tmp_path, "-c", TOLD, **variables)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_djangos_check_for_production_finds_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "hub", "check", "--deploy", "--fail-level", "DEBUG")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("variables", "warning"),
    [({"HUB_WEB_URL": "http://hub.escola.br"}, "security.W012"), ({"HUB_DEBUG": "1"}, "security.W018")],
)
def test_the_check_would_see_what_is_missing(tmp_path: Path, variables: dict[str, str], warning: str) -> None:
    done = run(tmp_path, "-m", "hub", "check", "--deploy", "--fail-level", "WARNING", **variables)
    assert done.returncode == 1
    assert warning in done.stderr


def test_a_public_name_brings_all_that_goes_with_it(tmp_path: Path) -> None:
    found = told(tmp_path, HUB_HOSTS="hub.turma.lan")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_SSL_HOST"] == "hub.escola.br"
    assert found["SECURE_PROXY_SSL_HEADER"] is None, "nobody is believed who was not named"
    assert found["HUB_MAILBOX"] == "own"
    for name in ("hub.escola.br", "hub.turma.lan"):
        assert name in str(found["ALLOWED_HOSTS"])
        assert f"https://{name}" in str(found["CSRF_TRUSTED_ORIGINS"])


def test_on_one_machine_nothing_of_it_is_asked(tmp_path: Path) -> None:
    found = told(tmp_path, HUB_WEB_URL="http://127.0.0.1:8000")
    assert found["SESSION_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is False
    assert found["SECURE_HSTS_SECONDS"] == 0
    assert found["HUB_MAILBOX"] == "open"


@pytest.fixture
def public(settings: Settings, db: None) -> Settings:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST, settings.SECURE_HSTS_SECONDS = "hub.escola.br", 60
    settings.ALLOWED_HOSTS = ["hub.escola.br"]
    return settings


def test_pages_are_for_tls_alone_and_cookies_too(public: Settings) -> None:
    client = Client(headers={"host": "hub.escola.br"})
    assert client.get("/login").headers["Location"] == "https://hub.escola.br/login"
    answer = client.get("/login", secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=60")
    assert all(cookie["secure"] and cookie["httponly"] for cookie in answer.cookies.values())
    assert answer.cookies


def test_who_is_beside_the_hub_and_who_joins_a_class_need_no_tls(public: Settings, tmp_path: Path) -> None:
    public.HUB_AUTHORITY_FILE = tmp_path / "ca.pem"
    public.HUB_AUTHORITY_FILE.write_bytes(b"o certificado")
    client = Client(headers={"host": "hub.escola.br"})
    assert client.get("/saude").status_code == 200
    assert client.post("/registry/notifications").status_code == 403, "only the secret is missing"
    assert client.get("/ca.pem").content == b"o certificado"


@pytest.mark.parametrize("page", ["/signup", "/login"])
def test_who_types_a_password_without_tls_is_told(public: Settings, page: str) -> None:
    public.SECURE_SSL_REDIRECT = False
    far, here = (
        Client(headers={"host": "hub.escola.br"}, REMOTE_ADDR=one) for one in ("10.0.0.9", "127.0.0.1")
    )
    words = "Esta página não é cifrada"
    assert words in far.get(page).content.decode()
    assert words not in far.get(page, secure=True).content.decode()
    assert words not in here.get(page).content.decode()


@pytest.mark.parametrize(
    ("direct", "said", "client"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the first was made up by the client
        ("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "não é", "10.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(
    rf: RequestFactory, settings: Settings, direct: str, said: str, client: str
) -> None:
    settings.HUB_TRUSTED_PROXIES = [ip_network("10.0.0.0/24")]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    request = rf.get("/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=said, HTTP_X_FORWARDED_PROTO="https")
    believe_trusted_proxies(lambda _: None)(request)  # type: ignore[arg-type,return-value]
    assert request.META["REMOTE_ADDR"] == client
    assert request.is_secure() is direct.startswith("10.")


def test_a_proxy_that_nobody_named_is_told_in_the_log(
    public: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """All that it passes on is sent back to it, without end."""
    client = Client(headers={"host": "hub.escola.br", "x-forwarded-proto": "https"}, REMOTE_ADDR="10.0.0.77")
    assert [client.get("/login").status_code for _ in range(2)] == [301, 301]
    assert caplog.text.count("10.0.0.77 passa pedidos adiante e não está em HUB_TRUSTED_PROXIES") == 1


def test_without_proxies_the_address_is_the_callers() -> None:
    assert client_of({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4"}) == "10.0.0.1"


@pytest.mark.parametrize("value", ["https://hub.escola.br", "http://127.0.0.1:8000", "https://[::1]:8443/"])
def test_an_address_of_the_web_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HUB_WEB_URL", value)
    assert web_address("HUB_WEB_URL", "") == value.rstrip("/")


def test_an_address_with_a_password_does_not_show_it(tmp_path: Path) -> None:
    done = run(tmp_path, "-m", "hub", "check", HUB_REGISTRY_URL="https://ana:barco-de-papel@registry")
    assert (done.returncode, "HUB_REGISTRY_URL" in done.stderr) == (2, True)
    assert "barco-de-papel" not in done.stderr


def variables() -> set[str]:
    """What the settings read: the names that they give to the readers of hub.environment."""
    tree = ast.parse((ROOT / "hub" / "settings.py").read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    readers = [call for call in calls if ast.unparse(call.func).startswith("env.")]
    words = [word for call in readers for word in call.args if isinstance(word, ast.Constant)]
    return {str(word.value) for word in words if str(word.value).startswith("HUB_")}


def test_the_page_for_servers_tells_every_variable_and_no_other() -> None:
    page = (ROOT / "docs" / "servidor.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `(HUB_\w+)` \|", page, re.MULTILINE))
    assert rows == variables()
    assert set(re.findall(r"HUB_\w+", page)) <= rows


def test_no_other_module_reads_the_environment() -> None:
    others = [path for path in (ROOT / "hub").rglob("*.py") if path.name not in {"environment.py"}]
    reading = re.compile(r"environ\b(?!\.setdefault\(\"DJANGO)|getenv")
    assert [path.name for path in others if reading.search(path.read_text(encoding="utf-8"))] == []


class Postman:
    """A server of e-mail that wants TLS and a password, as a school's does."""

    def __init__(self, folder: Path) -> None:
        self.letters: list[Envelope] = []
        self.certificate = folder / "smtp.pem"
        key = folder / "smtp.key"
        make_certificate(self.certificate, key)
        self.port = free_port()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.server = Controller(
            self, hostname="127.0.0.1", port=self.port, server_hostname="smtp", ready_timeout=10,
            tls_context=context, require_starttls=True, authenticator=self.authenticate, auth_required=True,
        )  # fmt: skip

    def authenticate(self, *arguments: object) -> AuthResult:
        typed = arguments[-1]
        assert isinstance(typed, LoginPassword)
        return AuthResult(success=typed == LoginPassword(b"hub", b"senha-do-correio"))

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def postman(tmp_path: Path) -> Iterator[Postman]:
    found = Postman(tmp_path)
    found.server.start()
    yield found
    found.server.stop()


def test_letters_go_through_a_server_with_tls_and_a_password(
    postman: Postman, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(postman.certificate))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "localhost"
    settings.EMAIL_PORT = postman.port
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = True, "hub"
    settings.EMAIL_HOST_PASSWORD = "senha-do-correio"
    send_mail("Olá", "um código", None, ["ana@exemplo.com"])
    assert [envelope.rcpt_tos for envelope in postman.letters] == [["ana@exemplo.com"]]
