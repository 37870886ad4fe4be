"""Two-factor sign-in as a learner without a phone walks it, and what docker login says from then on."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from hub.tokens.scopes import Scope
from tests.browser.accessible import page_faults
from tests.browser.conftest import picture
from tests.browser.hub_pages import create_token, sign_in, sign_out
from tests.hub.authenticator import code_for, wait_for_room
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
PASSWORD = secrets.token_urlsafe(12)
REFUSED = "your account must log in with a Personal Access Token (PAT)"


def look(page: Page, name: str) -> None:
    """For all to read, on a phone in the dark and on a desk in the light, and no wider than the screen."""
    for width, scheme in ((360, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        assert page_faults(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        picture(page, f"{name}-{scheme}")


def switch_on(page: Page) -> tuple[str, list[str]]:
    """From the settings: the secret that the app keeps, and the recovery codes."""
    page.get_by_role("link", name=re.compile("^Duas etapas")).click()
    look(page, "duas-etapas-desligada")
    page.get_by_role("link", name="Ligar a verificação").click()
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("^Continuar")).click()
    expect(page.get_by_role("img", name=re.compile("^Desenho que leva o segredo"))).to_be_visible()
    look(page, "duas-etapas-ligar")
    secret = page.get_by_role("button", name="Copiar o segredo").get_attribute("data-copy") or ""
    page.get_by_label("Código do aplicativo").fill("000000")
    page.get_by_role("button", name="Ligar").click()
    expect(page.get_by_role("main")).to_contain_text("Este código não serve")
    wait_for_room()
    page.get_by_label("Código do aplicativo").fill(code_for(secret, -1))
    page.get_by_role("button", name="Ligar").click()
    expect(page.get_by_role("heading", name=re.compile("^Códigos de recuperação"))).to_be_visible()
    look(page, "duas-etapas-codigos")
    return secret, page.locator(".codes code").all_inner_texts()


def type_code(page: Page, code: str) -> None:
    page.get_by_label(re.compile("^Código do aplicativo")).fill(code)
    page.get_by_role("button", name=re.compile("^Entrar")).click()


def practice_code(page: Page, secret: str) -> str:
    """What the practice authenticator shows, in another tab."""
    page.get_by_text("Estou sem o aplicativo").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="autenticador de treino").click()
    app = opened.value
    app.get_by_label("Segredo").fill(secret)
    app.get_by_role("button", name="Mostrar o código").click()
    code = app.get_by_role("button", name="Copiar o código").get_attribute("data-copy") or ""
    look(app, "autenticador-de-treino")
    app.close()
    return code


def test_two_steps_from_the_first_code_to_docker_login(page: Page, lab: Lab) -> None:
    name = f"ana{secrets.token_hex(3)}"
    lab.account(name, PASSWORD)
    lab.login(name, PASSWORD)
    page.goto(lab.hub_url)
    sign_in(page, name, PASSWORD)
    token = create_token(page, name, "meu notebook", Scope.READ)
    page.goto(f"{lab.hub_url}/conta/tokens/")
    secret, codes = switch_on(page)
    assert len(codes) == 10
    page.get_by_role("link", name="Já guardei").click()
    expect(page.get_by_role("main")).to_contain_text("Restam 10 códigos")

    # The password, which docker has stored, is refused in words; an access token passes.
    refused = lab.run(["docker", "login", "-u", name, "--password-stdin"], text=PASSWORD)
    assert refused.returncode != 0
    assert REFUSED in refused.stderr, refused.stderr
    assert "/conta/tokens/" in refused.stderr
    lab.login(name, token)

    sign_out(page)
    sign_in(page, name, PASSWORD)
    expect(page.get_by_role("heading", name="Falta o código")).to_be_visible()
    type_code(page, "000000")
    expect(page.get_by_role("main")).to_contain_text("Este código não serve")
    look(page, "duas-etapas-codigo-errado")
    type_code(page, practice_code(page, secret))
    expect(page).to_have_url(re.compile(f"/u/{name}"))

    sign_out(page)
    sign_in(page, name, PASSWORD)
    type_code(page, codes[0])
    expect(page).to_have_url(re.compile(f"/u/{name}"))
    page.goto(f"{lab.hub_url}/conta/atividade/")
    expect(page.get_by_role("main")).to_contain_text("Código de recuperação usado")
    look(page, "atividade")
