"""Two processes of the hub on one PostgreSQL: what one learns of a person, the other knows."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from hub.accounts.attempts import MOST_WRONG
from lab.addresses import free_port
from tests.hub.authenticator import code_for
from tests.hub.postgres import database_url, postgres

ROOT = Path(__file__).parents[2]
PASSWORD, NEW = "barco-de-papel", "canoa-de-vento"
# Something that a third process does to the account, as a page would.
DO = "import sys, django; django.setup(); exec(sys.stdin.read())"
CHANGE = f"""
from hub.accounts.models import User
person = User.objects.get(username="{{name}}"); person.set_password("{NEW}"); person.save()
"""
SWITCH_ON = """
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from hub.accounts.models import User
secret = generate_totp_secret(); TOTP.activate(User.objects.get(username="{name}"), secret); print(secret)
"""


@dataclass(frozen=True)
class Process:
    """One of them, and a browser that only talks to it."""

    url: str
    _jar: CookieJar = field(default_factory=CookieJar)

    def asks(
        self, path: str, fields: dict[str, str] | None = None, *, is_json: bool = False
    ) -> tuple[int, str]:
        body = json.dumps(fields) if is_json else urllib.parse.urlencode(fields or {})
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        request = urllib.request.Request(  # noqa: S310, our own address
            self.url + path, body.encode() if fields is not None else None, {"Content-Type": kind}
        )
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._jar)
        )
        try:
            with opener.open(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def login(self, name: str, password: str) -> tuple[int, dict[str, str]]:
        fields = {"username": name, "password": password}
        status, text = self.asks("/v2/users/login", fields, is_json=True)
        return status, json.loads(text)

    def page_login(self, name: str, password: str) -> str:
        mark = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.asks("/login")[1])
        assert mark
        fields = {"csrfmiddlewaretoken": mark[1], "login": name, "password": password}
        return self.asks("/login", fields)[1]


@dataclass(frozen=True)
class Pair:
    first: Process
    second: Process
    environment: dict[str, str]

    def person(self) -> str:
        name = f"ana{secrets.token_hex(4)}"
        self._run("-m", "hub", "account", name, typed=f"{PASSWORD}\n")
        return name

    def do(self, program: str, name: str) -> str:
        return self._run("-c", DO, typed=program.format(name=name)).strip()

    def _run(self, *words: str, typed: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], input=typed, env=self.environment, cwd=ROOT,
            capture_output=True, encoding="utf-8", timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("hub")
    (folder / "secret").write_text(secrets.token_urlsafe(64), encoding="utf-8")
    others = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))}
    with ExitStack() as until_the_end:
        environment = others | {
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "HUB_DATABASE_URL": database_url(until_the_end.enter_context(postgres())),
            "HUB_DATA_DIR": str(folder),
            "HUB_SECRET_KEY_FILE": str(folder / "secret"),
            "HUB_REGISTRY_URL": "http://127.0.0.1:9",
        }
        first, second = (start(environment, until_the_end) for _ in range(2))
        yield Pair(first, second, environment)


def start(environment: dict[str, str], until_the_end: ExitStack) -> Process:
    address = f"127.0.0.1:{free_port()}"
    own = environment | {"HUB_PLAIN_BINDS": address, "HUB_WEB_URL": f"http://{address}"}
    process = subprocess.Popen([sys.executable, "-m", "hub", "serve"], env=own, cwd=ROOT)
    until_the_end.callback(process.wait, 20)
    until_the_end.callback(process.terminate)
    found = Process(f"http://{address}")
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None
        try:
            found.asks("/saude")
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
        else:
            return found


def test_wrong_passwords_are_counted_together(pair: Pair) -> None:
    name = pair.person()
    for number in range(MOST_WRONG):
        process = (pair.first, pair.second)[number % 2]
        assert process.login(name, f"chute-numero-{number}")[0] == 401
    assert pair.first.login(name, PASSWORD)[0] == 429
    assert pair.second.login(name, PASSWORD)[0] == 429


def test_so_are_those_of_the_page(pair: Pair) -> None:
    name = pair.person()
    for number in range(MOST_WRONG):
        assert "não combinam" in pair.first.page_login(name, f"chute-numero-{number}")
    assert "Foram tentativas erradas demais" in pair.second.page_login(name, PASSWORD)


def test_a_changed_password_is_forgotten_by_both_at_once(pair: Pair) -> None:
    name = pair.person()
    both = (pair.first, pair.second)
    assert [process.login(name, PASSWORD)[0] for process in both] == [200, 200]
    pair.do(CHANGE, name)
    assert [process.login(name, PASSWORD)[0] for process in both] == [401, 401]
    assert [process.login(name, NEW)[0] for process in both] == [200, 200]


def test_two_factor_counts_in_both_at_once_and_a_code_passes_once_in_all(pair: Pair) -> None:
    name = pair.person()
    both = (pair.first, pair.second)
    assert [process.login(name, PASSWORD)[0] for process in both] == [200, 200]
    secret = pair.do(SWITCH_ON, name)
    waiting = [process.login(name, PASSWORD)[1]["login_2fa_token"] for process in both]
    code = code_for(secret)
    # The token of one process is good in the other.
    fields = {"login_2fa_token": waiting[0], "code": code}
    assert pair.second.asks("/v2/users/2fa-login", fields, is_json=True)[0] == 200
    fields = {"login_2fa_token": waiting[1], "code": code}
    assert pair.first.asks("/v2/users/2fa-login", fields, is_json=True)[0] == 401


def test_a_browser_signed_in_by_one_is_signed_in_for_the_other(pair: Pair) -> None:
    name = pair.person()
    assert f"/u/{name}" in pair.first.page_login(name, PASSWORD)
    moved = Process(pair.second.url, pair.first._jar)
    assert "Tokens de acesso" in moved.asks("/conta/tokens/")[1]
    pair.do(CHANGE, name)
    assert "Tokens de acesso" not in moved.asks("/conta/tokens/")[1]
