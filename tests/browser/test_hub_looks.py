"""Every page of the hub, on a phone and on a desk, light and dark: readable by all, and nothing cut off."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.accessible import page_faults
from tests.browser.hub_pages import sign_in
from tests.browser.practice_hub import PASSWORD, PracticeHub

pytestmark = pytest.mark.browser
WIDTHS = {"celular": 360, "mesa": 1280}
COOL = "ana2026/docker-is-cool"
OPEN = [
    "/", "/explore/", "/search?q=nginx", "/search?q=naoexiste", "/search?q=&confianca=community&pagina=2",
    "/_/nginx", "/_/busybox", "/r/docker/dockerfile", "/u/ana2026", "/u/ana2026?pagina=2", "/u/bia2026",
    f"/r/{COOL}", f"/r/{COOL}/tags", "/r/ana2026/antigo", "/login", "/signup", "/conta/senha/esqueci/",
    "/correio/", "/correio/?pasta=spam", "/nada", "/conta/desativada/",
]  # fmt: skip
MINE = [
    "/", "/repositories/", "/repositories/?q=naoexiste", "/repositories/novo/", f"/repositories/{COOL}",
    f"/repositories/{COOL}/tags", f"/repositories/{COOL}/tags?q=1.3&ordem=nome",
    f"/repositories/{COOL}/visao-geral", f"/repositories/{COOL}/configuracoes", f"/r/{COOL}",
    "/repositories/ana2026/antigo", "/repositories/ana2026/segredo", "/r/ana2026/segredo", "/u/ana2026",
    "/correio/", "/conta/tokens/", "/conta/tokens/novo/", "/conta/privacidade/", "/conta/senha/",
    "/conta/duas-etapas/", "/conta/duas-etapas/ligar/", "/conta/atividade/", "/logout",
]  # fmt: skip


@pytest.fixture(params=[(width, scheme) for width in WIDTHS for scheme in ("light", "dark")], ids="-".join)
def screen(request: pytest.FixtureRequest, browser: Browser, hub: PracticeHub) -> Iterator[Page]:
    width, scheme = request.param
    size = ViewportSize(width=WIDTHS[width], height=800)
    context = browser.new_context(locale="pt-BR", color_scheme=scheme, viewport=size, base_url=hub.url)
    yield context.new_page()
    context.close()


def look(page: Page, path: str, name: str) -> list[str]:
    """What is wrong with the page; each fault begins with the page's address."""
    page.goto(path)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if folder := os.environ.get("PICTURES"):
        plain = re.sub(r"[^a-z0-9]+", "-", path).strip("-") or "inicio"
        page.screenshot(path=Path(folder) / f"{name}-{plain}.png", full_page=True)
    faults = [f"{path}: {rule}: {where}" for rule, where in page_faults(page)]
    return faults + ([f"{path}: {wide} pixels to the side"] if wide else [])


def test_what_a_visitor_sees(screen: Page, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.id
    assert [fault for path in OPEN for fault in look(screen, path, f"{name}-visita")] == []


def test_what_the_owner_sees(screen: Page, request: pytest.FixtureRequest) -> None:
    screen.goto("/")
    sign_in(screen, "ana2026", PASSWORD)
    screen.wait_for_url(re.compile("/u/ana2026"))
    name = request.node.callspec.id
    assert [fault for path in MINE for fault in look(screen, path, f"{name}-dona")] == []
    screen.goto("/explore/")
    screen.locator("summary").filter(has_text="Conta").click()
    expect(screen.get_by_role("button", name=re.compile("^Sair"))).to_be_in_viewport(ratio=1)
