"""The practice hub's own pages, filled in and pressed as a person does."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from hub.tokens.scopes import Scope


def sign_up(page: Page, name: str, password: str) -> None:
    """From any page of the hub; it then asks for the code that the mail brings."""
    page.get_by_role("link", name=re.compile("^Criar conta")).first.click()
    page.get_by_label("E-mail").fill(f"{name}@exemplo.com")
    page.get_by_label("Docker ID").fill(name)
    page.get_by_label(re.compile("^Senha")).first.fill(password)
    page.get_by_role("button", name="Criar conta").click()


def sign_in(page: Page, name: str, password: str) -> None:
    """From any page of the hub; an account with two-factor is then asked for a code."""
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^Entrar")).click()
    page.get_by_label(re.compile("^Docker ID")).fill(name)
    page.get_by_label("Senha").fill(password)
    page.get_by_role("button", name=re.compile("^Entrar")).click()


def sign_out(page: Page) -> None:
    page.locator("summary").filter(has_text="Conta").click()
    page.get_by_role("button", name=re.compile("^Sair")).click()


def open_mail(page: Page, name: str) -> Page:
    """From the page that asks for the code, in another tab: the message that brings it."""
    with page.expect_popup() as opened:
        page.get_by_role("link", name=re.compile("^Abrir o correio")).click()
    opened.value.get_by_role("link").filter(has_text=f"{name}@exemplo.com").first.click()
    opened.value.locator(".letter").wait_for()
    return opened.value


def code_in(mail: Page) -> str:
    found = re.search(r"\b\d{6}\b", mail.locator(".letter").inner_text())
    assert found, mail.get_by_role("main").inner_text()
    return found[0]


def confirm(page: Page, code: str) -> None:
    page.get_by_label(re.compile("[Cc]ódigo")).fill(code)
    page.get_by_role("button", name=re.compile("Confirmar")).click()


def create_repository(page: Page, owner: str, name: str, description: str, *, private: bool = False) -> None:
    page.get_by_role("navigation").get_by_role("link", name=owner).click()
    page.get_by_role("link", name=re.compile("^Criar repositório")).click()
    page.get_by_label("Nome do repositório").fill(name)
    page.get_by_label("Descrição curta").fill(description)
    page.get_by_role("radio", name="Privado" if private else "Público").check()
    page.get_by_role("button", name=re.compile("^Criar")).click()
    page.get_by_role("heading", name=f"{owner}/{name}").wait_for()


def create_token(page: Page, owner: str, label: str, scope: Scope) -> str:
    """The token, which the page shows this once."""
    page.get_by_role("navigation").get_by_role("link", name=owner).click()
    page.get_by_role("link", name=re.compile("^Configurações da conta")).click()
    page.get_by_role("link", name=re.compile("^Gerar um token")).click()
    page.get_by_label("Descrição").fill(label)
    page.get_by_label(re.compile("^Vencimento")).select_option("30")
    page.get_by_role("radio", name=scope.english).check()
    page.get_by_role("button", name=re.compile("^Gerar")).click()
    return page.get_by_role("button", name="Copiar o token").get_attribute("data-copy") or ""


def says(page: Page, words: str) -> None:
    """Somewhere in the page that is open now, or in the one that is on its way."""
    expect(page.get_by_role("main")).to_contain_text(words)


def press(page: Page, name: str) -> None:
    """The button whose name begins so."""
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def part(page: Page, heading: str) -> Locator:
    """The card of that heading, where a page has a form for each thing."""
    return page.locator("section.card", has=page.get_by_role("heading", name=re.compile(f"^{heading}")))


def typed_name(card: Locator, name: str) -> None:
    """Confirms with the name of the repository, typed."""
    card.get_by_label("Digite o nome do repositório").fill(name)
    card.get_by_role("button").click()
