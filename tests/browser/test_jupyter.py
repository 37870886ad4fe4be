"""JupyterLab as the learner meets it: in Portuguese, at the first lesson; a panel used alone or by keys."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import ANY, faults
from tests.browser.conftest import picture
from tests.browser.desk import fresh_kernels, run_notebook, use_theme
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
KEPT_PICTURE = Path(__file__).parents[2] / "docs" / "imagens" / "aula.png"


def test_the_course_opens_at_the_first_lesson_in_portuguese(page: Page, lab: Lab) -> None:
    page.goto(f"{lab.jupyter_url}/?token={lab.jupyter_token}")
    expect(page.get_by_role("heading", name="Comece aqui").first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("menuitem", name="Arquivo")).to_be_visible()
    picture(page, "primeira-aula")


def open_exercise(page: Page, lab: Lab) -> None:
    """The exercise of the push unit, with every cell run once."""
    fresh_kernels(page, lab)
    run_notebook(page, lab, "exercises/50-push.ipynb")
    expect(page.get_by_role("button", name="Verificar")).to_be_visible(timeout=60_000)
    # The last cell has been run when it shows its result, a second panel without buttons.
    expect(page.get_by_text("de 10 pontos", exact=False).nth(1)).to_be_visible(timeout=60_000)


def newcomer(lab: Lab) -> str:
    """Somebody new, of whom nothing is kept; the image that the unit asks for."""
    assert lab.cli("reiniciar", "push").returncode == 0
    return f"{lab.newcomer()}/docker-is-cool"


FOCUSED = """() => {
    const one = document.activeElement;
    return one.type === "checkbox" ? "checkbox" : one.innerText.trim();
}"""


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED))


def alert(page: Page, words: str) -> Locator:
    """What a screen reader is told."""
    return page.get_by_role("alert").filter(has_text=words)


def test_the_open_panel_turns_green_by_itself(page: Page, lab: Lab) -> None:
    """A push in a terminal, and no click: the learner only looks."""
    image = newcomer(lab)
    open_exercise(page, lab)
    box = page.get_by_role("checkbox", name="Verificar sozinho")
    expect(box).to_be_checked()
    outputs = page.locator(".jp-OutputArea-output").count()
    assert lab.run(["docker", "tag", "docker-is-cool", image]).returncode == 0
    expect(page.get_by_text("A imagem já tem o nome certo").first).to_be_visible()
    assert lab.run(["docker", "push", image]).returncode == 0
    expect(alert(page, "passou, 10 de 10 pontos")).to_be_visible()
    expect(box).not_to_be_checked()
    assert page.locator(".jp-OutputArea-output").count() == outputs
    picture(page, "painel-sozinho")
    if os.environ.get("PICTURES"):
        page.screenshot(path=KEPT_PICTURE)


def test_a_notebook_opened_again_shows_what_was_there(page: Page, lab: Lab) -> None:
    """Without its kernel the panel answers no more, but nothing says in English that it is not there."""
    newcomer(lab)
    open_exercise(page, lab)
    page.keyboard.press("Control+s")
    notebook = lab.work / "exercises" / "50-push.ipynb"
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    assert "widget-state" in notebook.read_text(encoding="utf-8")
    fresh_kernels(page, lab)
    page.goto(f"{lab.jupyter_url}/lab/tree/exercises/50-push.ipynb?token={lab.jupyter_token}&reset")
    expect(page.get_by_role("button", name="Verificar")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Error displaying widget")).to_have_count(0)


def test_the_panel_works_with_the_keyboard_alone(page: Page, lab: Lab) -> None:
    newcomer(lab)
    open_exercise(page, lab)
    page.locator(".jp-CodeCell:visible .cm-content").filter(has_text="exercicio(").first.click()
    page.keyboard.press("Escape")  # out of the text of the cell, then on from one thing to the next
    order: list[str] = []
    while len(order) < 12 and "checkbox" not in order:
        page.keyboard.press("Tab")
        order.append(focused(page))
    assert order[-4:] == ["Verificar", "Dica", "Solução", "checkbox"]
    box = page.get_by_role("checkbox", name="Verificar sozinho")
    for checked in (False, True):
        page.keyboard.press("Space")
        expect(box).to_be_checked(checked=checked)
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    assert focused(page) == "Dica"
    page.keyboard.press("Enter")
    expect(alert(page, "Dica 1 de 3")).to_be_visible()
    page.keyboard.press("Enter")
    expect(alert(page, "Dica 2 de 3")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    expect(alert(page, "Verificação terminada: não tentado, 2 de 10 pontos.")).to_be_visible()
    # Where the learner was: the keys go on from there.
    expect(page.get_by_role("button", name=re.compile("Verificar$"))).to_be_focused()
    expect(page.get_by_role("progressbar", name="Pontos").first).to_have_attribute("aria-valuenow", "2")


def test_the_panel_can_be_read_in_the_dark(page: Page, lab: Lab) -> None:
    newcomer(lab)
    use_theme(page, lab, "escuro")
    try:
        open_exercise(page, lab)
        page.get_by_role("button", name="Dica").click()
        expect(alert(page, "Dica 1 de 3")).to_be_visible()
        assert faults(page, ".jp-OutputArea-output .widget-vbox", ANY) == []
        picture(page, "painel-escuro")
    finally:
        use_theme(page, lab, "claro")
