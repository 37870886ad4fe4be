"""What the hub's pages do by themselves, and what people do with them: to see, to hear, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import picture
from tests.browser.hub_pages import create_repository, sign_in
from tests.browser.practice_hub import PASSWORD, PracticeHub

pytestmark = pytest.mark.browser
COOL = "/repositories/ana2026/docker-is-cool"
# When the list's turn to ask comes, whether it was held back.
HEAR_ITS_TURN = """document.addEventListener("htmx:beforeRequest", event => {
  document.body.dataset.heldBack = event.defaultPrevented;
})"""


@pytest.fixture
def visitor(browser: Browser, hub: PracticeHub) -> Iterator[Page]:
    """A page whose console stays silent: a broken policy or a script that fails would speak there."""
    context = browser.new_context(locale="pt-BR", base_url=hub.url, viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()
    assert [words for words in said if "404" not in words] == []


@pytest.fixture
def ana(visitor: Page) -> Page:
    visitor.goto("/")
    sign_in(visitor, "ana2026", PASSWORD)
    expect(visitor).to_have_url(re.compile("/u/ana2026"))
    return visitor


def marked(page: Page) -> None:
    """A page that is loaded again loses the mark."""
    page.evaluate("document.body.dataset.same = 'yes'")


def is_the_same(page: Page) -> bool:
    return bool(page.evaluate("document.body.dataset.same === 'yes'"))


def test_an_open_list_finds_out_by_itself_and_moves_nothing_else(ana: Page, hub: PracticeHub) -> None:
    ana.goto("/repositories/?q=recem")
    marked(ana)
    field = ana.get_by_label("Buscar imagens")
    field.press_sequentially("ngi")
    hub.told("ana2026", "recem-chegado", "latest")
    expect(ana.get_by_role("link", name="ana2026/recem-chegado")).to_be_visible()
    expect(ana.locator("#novidades")).to_have_text("A lista de repositórios mudou.")
    expect(field).to_be_focused()
    expect(field).to_have_value("ngi")
    assert is_the_same(ana)


def test_the_focus_stays_on_what_was_there(ana: Page, hub: PracticeHub) -> None:
    ana.goto("/repositories/?q=foco")
    hub.told("ana2026", "foco-um", "latest")
    link = ana.get_by_role("link", name="ana2026/foco-um")
    link.focus()
    hub.told("ana2026", "foco-dois", "latest")
    expect(ana.get_by_role("link", name="ana2026/foco-dois")).to_be_visible()
    expect(link).to_be_focused()


def test_an_open_page_with_nothing_new_is_left_alone(ana: Page) -> None:
    ana.goto(COOL)
    first = ana.locator("#lista").element_handle()
    with ana.expect_response(re.compile("parte=lista")) as asked:
        pass
    assert asked.value.status == 204
    assert first.evaluate("element => element.isConnected")


def test_the_name_is_looked_at_while_one_types(ana: Page) -> None:
    ana.goto("/repositories/novo/")
    field, verdict = ana.get_by_label("Nome do repositório"), ana.locator("#id_name_error")
    field.press_sequentially("Meu App")
    expect(verdict).to_contain_text("Que tal «meu-app»?")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("meu-app")
    expect(verdict).to_have_text("O nome serve e está livre.")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(field).to_be_focused()


def test_a_mistake_keeps_what_was_typed(ana: Page) -> None:
    ana.goto("/repositories/novo/")
    ana.get_by_label("Nome do repositório").fill("docker-is-cool")
    ana.get_by_label("Descrição curta").fill("Não me perca")
    ana.get_by_role("radio", name="Privado").check()
    ana.get_by_role("button", name=re.compile("^Criar")).click()
    expect(ana.locator("#id_name_error")).to_contain_text("Você já tem o repositório")
    expect(ana.get_by_label("Descrição curta")).to_have_value("Não me perca")
    expect(ana.get_by_role("radio", name="Privado")).to_be_checked()
    picture(ana, "criar-com-erro")


def test_a_new_repository_is_found_by_everybody(ana: Page) -> None:
    create_repository(ana, "ana2026", "achado", "Para ser achado")
    ana.get_by_label("Buscar imagens").fill("achado")
    ana.keyboard.press("Enter")
    ana.get_by_role("link", name="ana2026/achado").click()
    expect(ana).to_have_url(re.compile("/r/ana2026/achado$"))
    ana.get_by_role("link", name="Cuidar deste repositório").click()
    expect(ana).to_have_url(re.compile("/repositories/ana2026/achado$"))


def test_tags_are_filtered_while_one_types(ana: Page) -> None:
    ana.goto(f"{COOL}/tags")
    expect(ana.locator("#quantos")).to_have_text("41 tags.")
    field = ana.get_by_label("Filtrar pelo nome")
    field.press_sequentially("lat")
    expect(ana.locator("#quantos")).to_have_text("1 tag.")
    expect(field).to_be_focused()
    expect(ana).to_have_url(re.compile(r"/tags\?q=lat"))
    with ana.expect_response(re.compile("parte=lista")) as asked:
        pass
    assert "q=lat" in asked.value.url


def test_tags_are_ticked_to_be_deleted(ana: Page, hub: PracticeHub) -> None:
    hub.told("ana2026", "teste-2", "velha")
    ana.goto("/repositories/ana2026/teste-2/tags")
    ana.get_by_role("checkbox", name="velha").check()
    hub.told("ana2026", "teste-2", "nova")
    ana.evaluate(HEAR_ITS_TURN)
    expect(ana.locator("body")).to_have_attribute("data-held-back", "true")
    expect(ana.get_by_role("checkbox", name="velha")).to_be_checked()
    ana.get_by_role("checkbox", name="velha").uncheck()
    ana.get_by_role("checkbox", name="nova").check()
    ana.get_by_role("button", name=re.compile("^Apagar as marcadas")).click()
    expect(ana.get_by_role("heading", level=1)).to_have_text(re.compile("Apagar a tag nova"))


def test_a_digest_is_copied_whole(ana: Page) -> None:
    ana.goto(f"{COOL}/tags?q=latest")
    button = ana.get_by_role("button", name="Copiar o digest de latest")
    button.click()
    expect(button).to_have_text("Copiado")
    copied = ana.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch("sha256:[0-9a-f]{64}", copied)
    assert copied == ana.locator(".digest code").get_attribute("title")


def test_the_overview_is_written_in_place(ana: Page) -> None:
    ana.goto("/repositories/ana2026/teste-1")
    marked(ana)
    ana.get_by_role("link", name=re.compile("^Editar a visão geral")).click()
    field = ana.get_by_label("Texto")
    expect(field).to_be_focused()
    field.fill("## Olá\n\n<script>alert(1)</script> **negrito** [sítio](https://exemplo.com)")
    ana.get_by_role("button", name=re.compile("^Ver como fica")).click()
    expect(ana.locator(".preview strong")).to_have_text("negrito")
    expect(field).to_have_value(re.compile("^## Olá"))
    picture(ana, "visao-geral-previa")
    ana.get_by_role("button", name=re.compile("^Salvar")).click()
    expect(ana.get_by_text("A visão geral de ana2026/teste-1 foi salva.")).to_be_visible()
    expect(ana.locator(".markdown h4")).to_have_text("Olá")
    expect(ana.locator(".markdown a")).to_have_attribute("rel", "nofollow noopener noreferrer")
    expect(ana.get_by_text("alert(1)")).to_be_visible()
    assert is_the_same(ana)


def test_a_catalogue_entry_says_that_it_is_elsewhere(visitor: Page) -> None:
    visitor.goto("/")
    visitor.get_by_role("link", name=re.compile("^Explorar")).first.click()
    visitor.get_by_role("link", name=re.compile("Ver todas: Imagem oficial")).click()
    visitor.get_by_role("checkbox", name="Imagem oficial").uncheck()
    visitor.get_by_role("checkbox", name="Editor verificado").check()
    expect(visitor.get_by_role("link", name="docker/dockerfile")).to_be_visible()
    expect(visitor).to_have_url(re.compile("confianca=verified"))
    visitor.get_by_role("link", name="docker/dockerfile").click()
    expect(visitor.get_by_role("main")).to_contain_text("Entrada do catálogo: aqui não há o que baixar.")
    expect(visitor.get_by_role("link", name="https://hub.docker.com/r/docker/dockerfile")).to_be_visible()


def test_nobody_else_sees_what_is_private(visitor: Page) -> None:
    visitor.goto("/")
    sign_in(visitor, "bia2026", PASSWORD)
    expect(visitor).to_have_url(re.compile("/u/bia2026"))
    for path in ("/search?q=segredo", "/u/ana2026?pagina=2", "/explore/"):
        visitor.goto(path)
        expect(visitor.get_by_role("link", name="ana2026/segredo")).to_have_count(0)
    for path in ("/r/ana2026/segredo", "/repositories/ana2026/segredo", "/r/ana2026/segredo/tags"):
        visitor.goto(path)
        expect(visitor.get_by_role("heading", level=1)).to_have_text("Não achamos esta página")


def test_the_account_menu_by_keyboard(ana: Page) -> None:
    menu = ana.locator("details.account summary")
    menu.focus()
    ana.keyboard.press("Enter")
    leave = ana.get_by_role("button", name=re.compile("^Sair"))
    expect(leave).to_be_visible()
    ana.keyboard.press("Tab")
    expect(ana.get_by_role("link", name=re.compile("^Configurações da conta")).first).to_be_focused()
    ana.keyboard.press("Escape")
    expect(leave).to_be_hidden()
    expect(menu).to_be_focused()
    ana.keyboard.press("Enter")
    leave.click()
    expect(ana.get_by_role("link", name=re.compile("^Entrar"))).to_be_visible()


def test_the_content_is_one_tab_away(visitor: Page) -> None:
    visitor.goto("/explore/")
    visitor.keyboard.press("Tab")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("main")).to_be_focused()
