"""The pieces of lessons in JupyterLab: typed in, answered and pushed, by mouse and by keyboard."""

import re

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessible import faults
from tests.browser.conftest import picture
from tests.browser.desk import THEMES, run_notebook, use_theme
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
QUIZ = """pergunta("navegador", "De quem é `maria/site`?", {
    "De `maria`": "É o namespace, o que vem antes da barra.",
    "Do Docker": "As imagens oficiais não têm barra; esta tem, e o que vem antes dela é o nome da conta.",
}, certa="De `maria`")"""


@pytest.fixture(scope="module")
def image(lab: Lab) -> str:
    """A repository with two tags on one content, and a notebook with every piece about it."""
    name = f"{lab.newcomer()}/pecas"
    for words in (f"tag docker-is-cool {name}:1.0", f"push {name}:1.0", f"tag docker-is-cool {name}"):
        assert lab.run(["docker", *words.split()]).returncode == 0
    cells = [
        "from checks import *",
        'nome("ana/app:1.0")',
        QUIZ,
        f'enviar("{name}")',
        f'repositorio("{name}")',
        f'linha_do_tempo("{name}")',
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])  # type: ignore[no-untyped-call]
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, lab.work / "pecas.ipynb")  # type: ignore[no-untyped-call]
    return name


def run_all(page: Page, lab: Lab) -> None:
    run_notebook(page, lab, "pecas.ipynb")
    expect(page.get_by_text("Ver como tabela")).to_be_visible(timeout=60_000)


def piece(page: Page, at: int) -> Locator:
    return page.locator(".dhp-piece").nth(at)


def shows(where: Locator, words: str | re.Pattern[str]) -> None:
    """Soon, even on a machine that is busy."""
    expect(where).to_contain_text(words)


def test_the_pieces_work_by_mouse_and_by_keyboard(page: Page, lab: Lab, image: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 2400})
    run_all(page, lab)
    name, quiz, push, tags, timeline = (piece(page, at) for at in range(5))

    field = name.get_by_label("Nome da imagem")
    field.fill("ghcr.io/ana/site")
    shows(name, "Nome completo: ghcr.io/ana/site:latest")
    field.press_sequentially(":V 1")
    shows(name, "Parte com problema: tag.")
    shows(name, "Usar ghcr.io/ana/site:V-1")  # what is offered for the last letter, not for one before it
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    shows(name, "Nome completo: ghcr.io/ana/site:V-1")
    expect(field).to_have_value("ghcr.io/ana/site:V-1")
    expect(field).to_be_focused()

    right, wrong = quiz.get_by_role("radio").all()
    wrong.click()
    shows(quiz.get_by_role("alert"), "✗ Não é essa. As imagens oficiais não têm barra")
    right.focus()
    page.keyboard.press("Space")
    shows(quiz.get_by_role("alert"), "✓ Certa. É o namespace")
    expect(wrong).not_to_be_checked()

    shows(push.get_by_role("alert"), "✓ Envio terminado.")
    bars = push.get_by_role("progressbar")
    assert bars.count() > 1
    assert {bar.get_attribute("aria-valuenow") for bar in bars.all()} == {"100"}
    push.get_by_role("button", name="Enviar de novo").focus()
    page.keyboard.press("Enter")
    shows(push, "todas já estavam lá, e nenhuma precisou subir")

    shows(tags, "com 2 tags e 1 conteúdo")
    for words in (f"tag docker-is-cool {image}:2.0", f"push {image}:2.0"):
        assert lab.run(["docker", *words.split()]).returncode == 0
    for one in (tags, timeline):
        one.get_by_role("button", name="Atualizar").click()
        shows(one.get_by_role("alert"), "Atualizado agora.")
        shows(one, "2.0")
    tags.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(tags.locator(".dhp-whole").first).to_have_text(re.compile("^sha256:[0-9a-f]{64}$"))
    expect(timeline.get_by_role("img")).to_have_attribute("aria-label", re.compile("2.0 chegou"))


@pytest.mark.parametrize("theme", THEMES)
def test_the_pieces_are_legible_and_fit_a_phone(browser: Browser, lab: Lab, image: str, theme: str) -> None:
    context = browser.new_context(locale="pt-BR", viewport={"width": 740, "height": 2800})
    page = context.new_page()
    use_theme(page, lab, theme)
    try:
        run_all(page, lab)
        # Beside the list of files a notebook of this window is as wide as a phone.
        wide = page.evaluate(
            "[...document.querySelectorAll('.dhp-piece')].map(one => [one.clientWidth, one.scrollWidth])"
        )
        assert wide
        assert all(inside < 400 and needs <= inside for inside, needs in wide), wide
        assert faults(page, ".dhp-piece") == []
        picture(page, f"pecas-{theme}")
    finally:
        use_theme(page, lab, THEMES[0])
        context.close()
