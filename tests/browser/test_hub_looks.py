"""Every page of the hub, in its four forms. Those that a story leads to are looked at where it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hub_pages import sign_in
from tests.browser.looks import look
from tests.browser.practice_hub import PASSWORD, PracticeHub

pytestmark = pytest.mark.browser
COOL = "ana2026/docker-is-cool"
OPEN = [
    "/", "/explore/", "/search?q=nginx", "/search?q=naoexiste", "/search?q=&confianca=community&pagina=2",
    "/_/nginx", "/_/busybox", "/_/busybox/tags", "/r/docker/dockerfile", "/u/ana2026", "/u/ana2026?pagina=2",
    "/u/bia2026", f"/r/{COOL}", f"/r/{COOL}/tags", "/r/ana2026/antigo", "/login", "/signup",
    "/conta/senha/esqueci/", "/conta/duas-etapas/aplicativo/", "/correio/", "/correio/?pasta=spam",
    "/correio/1/", "/nada", "/r/caio2026/quebrado/tags", "/conta/desativada/",
]  # fmt: skip
MINE = [
    "/", "/repositories/", "/repositories/?q=naoexiste", "/repositories/novo/", f"/repositories/{COOL}",
    f"/repositories/{COOL}/tags", f"/repositories/{COOL}/tags?q=1.3&ordem=nome",
    f"/repositories/{COOL}/tags/apagar?tag=latest&tag=1.0", f"/repositories/{COOL}/visao-geral",
    f"/repositories/{COOL}/webhooks", f"/repositories/{COOL}/configuracoes", f"/r/{COOL}",
    "/repositories/ana2026/antigo", "/repositories/ana2026/antigo/configuracoes",
    "/repositories/ana2026/antigo/webhooks", "/repositories/ana2026/segredo",
    "/repositories/ana2026/segredo/configuracoes", "/repositories/ana2026/segredo/webhooks",
    "/r/ana2026/segredo", "/u/ana2026", "/correio/", "/conta/tokens/", "/conta/tokens/novo/",
    "/conta/privacidade/", "/conta/senha/", "/conta/duas-etapas/", "/conta/duas-etapas/ligar/",
    "/conta/atividade/", "/logout",
]  # fmt: skip


@pytest.fixture(scope="module")
def visitor(browser: Browser, hub: PracticeHub) -> Iterator[Page]:
    context = browser.new_context(locale="pt-BR", base_url=hub.url)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def ana(browser: Browser, hub: PracticeHub) -> Iterator[Page]:
    context = browser.new_context(locale="pt-BR", base_url=hub.url)
    page = context.new_page()
    page.goto("/")
    sign_in(page, "ana2026", PASSWORD)
    page.wait_for_url(re.compile("/u/ana2026"))
    yield page
    context.close()


def plain(path: str) -> str:
    """For the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", path).strip("-") or "inicio"


@pytest.mark.parametrize("path", OPEN)
def test_what_a_visitor_sees(visitor: Page, path: str) -> None:
    visitor.goto(path)
    look(visitor, f"visita-{plain(path)}")


@pytest.mark.parametrize("path", MINE)
def test_what_the_owner_sees(ana: Page, path: str) -> None:
    ana.goto(path)
    look(ana, f"dona-{plain(path)}")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_account_menu_is_never_cut(ana: Page, width: int) -> None:
    ana.set_viewport_size({"width": width, "height": 800})
    ana.goto("/explore/")
    ana.locator("summary").filter(has_text="Conta").click()
    expect(ana.get_by_role("button", name=re.compile("^Sair"))).to_be_in_viewport(ratio=1)


def test_a_form_that_lost_its_cookie(visitor: Page) -> None:
    visitor.goto("/conta/senha/esqueci/")
    visitor.context.clear_cookies()
    visitor.get_by_label("E-mail").fill("ana@exemplo.com")
    visitor.get_by_role("button", name=re.compile("^Mandar o código")).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("O formulário perdeu a validade")
    look(visitor, "erro-403")


def test_whoever_asks_too_often_is_told_to_wait(visitor: Page) -> None:
    heading = visitor.get_by_role("heading", level=1)
    for _ in range(6):  # five codes a minute for one e-mail
        visitor.goto("/conta/senha/esqueci/")
        visitor.get_by_label("E-mail").fill("ninguem@exemplo.com")
        visitor.get_by_role("button", name=re.compile("^Mandar o código")).click()
    expect(heading).to_have_text("Devagar")
    look(visitor, "erro-429")


def test_a_page_that_fails_says_whose_fault_it_is(visitor: Page) -> None:
    visitor.goto("/r/caio2026/quebrado/tags")
    expect(visitor.get_by_role("main")).to_contain_text("A falha foi nossa, não sua.")
