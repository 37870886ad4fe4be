"""Two-factor sign-in as a learner without a phone walks it, and what docker login says from then on."""

from __future__ import annotations

import re
import secrets

import pytest
from playwright.sync_api import Page, expect

from hub.tokens.scopes import Scope
from tests.browser.hub_pages import create_token, press, says, sign_in, sign_out
from tests.browser.looks import look
from tests.hub.authenticator import code_for, wait_for_room
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
PASSWORD = secrets.token_urlsafe(12)
REFUSED = "your account must log in with a Personal Access Token (PAT)"


def switch_on(page: Page) -> tuple[str, list[str]]:
    """From the settings: the secret that the app keeps, and the recovery codes."""
    page.get_by_role("link", name=re.compile("^Duas etapas")).click()
    look(page, "duas-etapas-desligada")
    page.get_by_role("link", name="Ligar a verificação").click()
    page.get_by_label("Senha").fill("outra coisa")
    press(page, "Continuar")
    says(page, "Esta não é a sua senha.")
    look(page, "confirmar-com-a-senha")
    page.get_by_label("Senha").fill(PASSWORD)
    press(page, "Continuar")
    expect(page.get_by_role("img", name=re.compile("^Desenho que leva o segredo"))).to_be_visible()
    look(page, "duas-etapas-ligar")
    secret = page.get_by_role("button", name="Copiar o segredo").get_attribute("data-copy") or ""
    page.get_by_label("Código do aplicativo").fill("000000")
    press(page, "Ligar")
    says(page, "Este código não serve")
    wait_for_room()
    page.get_by_label("Código do aplicativo").fill(code_for(secret, -1))
    press(page, "Ligar")
    expect(page.get_by_role("heading", name=re.compile("^Códigos de recuperação"))).to_be_visible()
    look(page, "duas-etapas-codigos")
    return secret, page.locator(".codes code").all_inner_texts()


def type_code(page: Page, code: str) -> None:
    page.get_by_label(re.compile("^Código do aplicativo")).fill(code)
    press(page, "Entrar")


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


def renew_codes(page: Page, secret: str) -> list[str]:
    """From the account's activity, where the app has to confirm it; the codes that count from then on."""
    page.get_by_role("link", name=re.compile("^Duas etapas")).click()
    page.get_by_role("link", name="Gerar outros").click()
    page.get_by_role("link", name="Usar um código do aplicativo").click()
    says(page, "digite um código do aplicativo autenticador")
    look(page, "confirmar-com-um-codigo")
    page.get_by_label(re.compile("^Código do aplicativo")).fill(code_for(secret, 1))
    press(page, "Continuar")
    says(page, "Os que você tem agora deixam de valer.")
    look(page, "duas-etapas-outros-codigos")
    press(page, "Gerar outros")
    says(page, "Guarde estes códigos fora do celular.")
    return page.locator(".codes code").all_inner_texts()


def switch_off(page: Page) -> None:
    """From the profile."""
    page.get_by_role("link", name=re.compile("^Configurações da conta")).first.click()
    page.get_by_role("link", name=re.compile("^Duas etapas")).click()
    page.get_by_role("link", name="Desligar").click()
    page.get_by_label("Senha").fill(PASSWORD)
    press(page, "Continuar")
    says(page, "A senha volta a bastar")
    look(page, "duas-etapas-desligar")
    press(page, "Desligar")
    says(page, "desligado")


def is_refused_at_the_terminal(lab: Lab, name: str) -> None:
    refused = lab.run(["docker", "login", "-u", name, "--password-stdin"], text=PASSWORD)
    assert refused.returncode != 0
    assert REFUSED in refused.stderr, refused.stderr
    assert "/conta/tokens/" in refused.stderr


def comes_back(page: Page, name: str, wrong: str, right: str) -> None:
    """Signs out and in again, at the second code."""
    sign_out(page)
    sign_in(page, name, PASSWORD)
    expect(page.get_by_role("heading", name="Falta o código")).to_be_visible()
    type_code(page, wrong)
    says(page, "Este código não serve")
    type_code(page, right)
    expect(page).to_have_url(re.compile(f"/u/{name}"))


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
    says(page, "Restam 10 códigos")
    look(page, "duas-etapas-ligada")
    is_refused_at_the_terminal(lab, name)  # docker has stored the password
    lab.login(name, token)

    sign_out(page)
    sign_in(page, name, PASSWORD)
    type_code(page, "000000")
    says(page, "Este código não serve")
    look(page, "duas-etapas-codigo-errado")
    type_code(page, practice_code(page, secret))
    expect(page).to_have_url(re.compile(f"/u/{name}"))
    comes_back(page, name, "0000000a", codes[0])
    page.goto(f"{lab.hub_url}/conta/atividade/")
    says(page, "Código de recuperação usado")
    look(page, "atividade")
    others = renew_codes(page, secret)
    comes_back(page, name, codes[1], others[0])
    switch_off(page)
    lab.login(name, PASSWORD)
