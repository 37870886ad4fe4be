"""The secrets of an account, in the browser and at the terminal: a token to its end, a forgotten password."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from hub.tokens.scopes import Scope
from tests.browser.hub_pages import code_in, create_token, open_mail, press, says
from tests.browser.learner import Learner, learner_in
from tests.browser.looks import look
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
NEW = "outro-barco-de-papel"


@pytest.fixture(scope="module")
def ana(lab: Lab, browser: Browser) -> Iterator[Learner]:
    with learner_in(lab, browser) as one:
        yield one


def test_a_token_is_put_out_of_use_and_then_deleted(ana: Learner) -> None:
    page = ana.page
    ana.opens("/conta/tokens/novo/")
    press(page, "Gerar")
    says(page, "Preencha este campo.")
    look(page, "token-sem-descricao")
    secret = create_token(page, ana.name, "meu notebook", Scope.READ)
    look(page, "token-pronto")
    ana.logs_in(secret)

    ana.opens("/conta/tokens/")
    press(page, "Desativar")
    says(page, "O token «meu notebook» está desativado.")
    assert "personal access token is inactive: o token «meu notebook» está" in ana.cannot_log_in(secret)
    press(page, "Ativar")
    says(page, "O token «meu notebook» vale de novo.")
    ana.logs_in(secret)
    delete_token(ana, "meu notebook")
    assert "este token de acesso não existe ou foi apagado" in ana.cannot_log_in(secret)


def delete_token(ana: Learner, label: str) -> None:
    """Of the only token, on the page of the tokens; not at the first try."""
    page = ana.page
    page.get_by_role("link", name=re.compile("^Apagar")).click()
    says(page, "Não dá para desfazer.")
    look(page, "token-apagar")
    page.get_by_role("link", name=re.compile("^Cancelar")).click()
    expect(page.get_by_role("heading", name=label)).to_be_visible()
    page.get_by_role("link", name=re.compile("^Apagar")).click()
    press(page, "Apagar")
    says(page, f"O token «{label}» foi apagado.")
    says(page, "Nenhum token por enquanto.")


def ask_for_code(page: Page, email: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^Entrar")).click()
    page.get_by_role("link", name=re.compile("^Esqueci a senha")).click()
    page.get_by_label("E-mail").fill(email)
    press(page, "Mandar o código")
    says(page, "Digite o código")


def test_nobody_learns_which_e_mails_have_an_account(page: Page, ana: Learner) -> None:
    page.goto(ana.lab.hub_url)
    ask_for_code(page, "ninguem@exemplo.com")
    said = page.get_by_role("main").inner_text().replace("ninguem@", f"{ana.name}@")
    ask_for_code(page, f"{ana.name}@exemplo.com")
    assert page.get_by_role("main").inner_text() == said


def choose_password(page: Page, password: str) -> None:
    page.get_by_label("Senha nova", exact=True).fill(password)
    page.get_by_label("Senha nova, de novo").fill(password)
    press(page, "Guardar a senha")


def test_a_forgotten_password_is_chosen_again(page: Page, ana: Learner) -> None:
    page.goto(ana.lab.hub_url)
    ask_for_code(page, f"{ana.name}@exemplo.com")
    page.get_by_label("Código").fill("000000")
    press(page, "Continuar")
    says(page, "Este não é o código que mandamos.")
    look(page, "senha-codigo-errado")

    mail = open_mail(page, ana.name)
    look(mail, "senha-correio")
    page.get_by_label("Código").fill(code_in(mail))
    press(page, "Continuar")
    says(page, "Escolha a senha nova")
    choose_password(page, "curta")
    says(page, "pelo menos 9")
    look(page, "senha-nova-curta")
    choose_password(page, NEW)
    says(page, "Senha trocada")
    look(page, "senha-trocada")

    assert "incorretos" in ana.cannot_log_in(ana.password)
    ana.logs_in(NEW)
    ana.opens("/conta/tokens/")  # whoever was signed in with the old one is out
    expect(ana.page.get_by_role("heading", name=re.compile("^Entrar"))).to_be_visible()
