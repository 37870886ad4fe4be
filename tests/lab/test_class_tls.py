"""A class with its pages behind a proxy that ends TLS: people sign up there, and machines join."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from lab import enrolment, school
from lab.errors import UsageError
from lab.school import Door
from tests.real_lab import Lab, class_port
from tests.tls_front import tls_front

SERVER = school.parse("10.0.0.5")
PASSWORD = "uma-senha-bem-longa"


@pytest.mark.parametrize(
    ("pages", "proxy", "door"),
    [
        ("", "", Door("http://10.0.0.5:8445")),
        ("http://sala.local:8000/", "", Door("http://sala.local:8000")),
        ("HTTPS://Hub.Escola.br/", "", Door("https://hub.escola.br", "127.0.0.1/32")),
        ("https://hub.escola.br:8446", "10.0.0.2", Door("https://hub.escola.br:8446", "10.0.0.2/32")),
        ("https://a.br", "10.0.0.0/24, 10.1.0.2", Door("https://a.br", "10.0.0.0/24,10.1.0.2/32")),
    ],
)
def test_pages_have_an_address_and_perhaps_a_proxy(pages: str, proxy: str, door: Door) -> None:
    assert school.door(SERVER, pages, proxy) == door


def test_a_proxy_on_this_machine_asks_from_the_address_that_it_calls() -> None:
    own = school.parse("127.0.0.2")
    assert school.door(own, "https://hub.escola.br", "").proxy == "127.0.0.1/32,127.0.0.2/32"


@pytest.mark.parametrize(
    ("pages", "proxy", "told"),
    [
        ("hub.escola.br", "", "não é um endereço de páginas"),
        ("https://hub.escola.br/login", "", "não é um endereço de páginas"),
        ("https://ana:segredo@hub.escola.br", "", "não é um endereço de páginas"),
        ("https://hub.escola.br", "proxy.escola.br", "precisa do endereço IP"),
        ("https://hub.escola.br", "10.0.0.1/8", "precisa do endereço IP"),
        ("", "10.0.0.2", "só serve com --paginas https"),
    ],
)
def test_what_does_not_serve_is_refused_in_words(pages: str, proxy: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        school.door(SERVER, pages, proxy)


# ---------------------------------------------------------------- a real lab behind a real proxy


class Browser(requests.Session):
    """Believes the school's certificate, and nothing of this machine's settings."""

    def __init__(self, pages: str, certificate: Path) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = str(certificate)
        self.pages = pages

    def opens(self, path: str) -> str:
        answer = self.get(self.pages + path, timeout=20)
        assert answer.ok, answer.text
        assert answer.url.startswith(self.pages), "no page leads away from TLS"
        return answer.text

    def sends(self, path: str, origin: str = "", **fields: str) -> requests.Response:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.opens(path))
        assert found
        form = {**fields, "csrfmiddlewaretoken": found[1]}
        headers = {"Origin": origin or self.pages, "Referer": f"{origin or self.pages}{path}"}
        return self.post(self.pages + path, data=form, headers=headers, timeout=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("t")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Lab]:
    lab = Lab(folder / "lab", folder / "trabalho")
    port = class_port(in_a_row=4)
    public = ("--porta", str(port), "--paginas", f"https://localhost:{port + 3}")
    done = lab.cli("turma", "abrir", "127.0.0.1", *public)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "não são cifradas" not in done.stdout
    yield lab
    lab.cli("limpar")


@pytest.fixture(scope="module")
def certificate(server: Lab, folder: Path) -> Iterator[Path]:
    host, port = school.parse(server.settings["public"]).pages
    front = int(server.settings["pages"].rpartition(":")[2])
    with tls_front(folder, front, f"{host}:{port}") as found:
        yield found


@pytest.fixture
def browser(server: Lab, certificate: Path) -> Iterator[Browser]:
    with Browser(server.settings["pages"], certificate) as one:
        yield one


@pytest.mark.lab
def test_somebody_signs_up_reads_the_code_and_is_in(browser: Browser) -> None:
    assert "não é cifrada" not in browser.opens("/signup")
    person = {"username": "beatriz", "email": "beatriz@exemplo.com", "password1": PASSWORD}
    assert "código" in browser.sends("/signup", **person).text
    assert all(cookie.secure for cookie in browser.cookies)
    assert len(browser.cookies) == 2
    letter = re.search(r'href="(/correio/\d+/)"', browser.opens("/correio/"))
    assert letter
    code = re.search(r">(\d{6})<", browser.opens(letter[1]))
    assert code
    assert browser.sends("/conta/codigo/", code=code[1]).url.endswith("/u/beatriz")


@pytest.mark.lab
def test_a_form_of_another_site_is_refused(browser: Browser) -> None:
    person = {"username": "carolina", "email": "carolina@exemplo.com", "password1": PASSWORD}
    plain = browser.pages.replace("https://", "http://")
    for origin in ("https://outro.exemplo.com", plain):
        assert browser.sends("/signup", origin, **person).status_code == 403


@pytest.mark.lab
def test_who_comes_without_tls_is_led_to_it(server: Lab, browser: Browser) -> None:
    direct = "http://" + school.joined(school.parse(server.settings["public"]).pages)
    led = browser.get(f"{direct}/login", allow_redirects=False, timeout=20)
    assert (led.status_code, led.headers["Location"]) == (301, f"{browser.pages}/login")
    answer = browser.get(f"{direct}/login", timeout=20)
    assert (answer.status_code, answer.url) == (200, f"{browser.pages}/login")
    assert answer.headers["Strict-Transport-Security"]


@pytest.mark.lab
def test_a_machine_joins_by_the_code(server: Lab, certificate: Path, tmp_path: Path) -> None:
    code = enrolment.fingerprint((server.home / "ca" / "ca.pem").read_text(encoding="ascii"))
    lab = Lab(tmp_path / "lab", tmp_path / "trabalho")
    try:
        done = lab.cli("turma", "entrar", server.settings["public"], "--ca", code)
        assert done.returncode == 0, done.stdout + done.stderr
        assert lab.settings["pages"] == server.settings["pages"]
        server.account("daniela", PASSWORD)
        lab.login("daniela", PASSWORD)
        lab.run(["docker", "tag", "docker-is-cool", "daniela/docker-is-cool"])
        pushed = lab.run(["docker", "push", "daniela/docker-is-cool"])
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
    finally:
        lab.cli("limpar")
