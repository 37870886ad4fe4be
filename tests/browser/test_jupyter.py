"""JupyterLab as the learner meets it: in Portuguese, at the first lesson; an exercise turns green."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture
from tests.real_lab import Lab

pytestmark = pytest.mark.browser
KEPT_PICTURE = Path(__file__).parents[2] / "docs" / "imagens" / "aula.png"


def open_course(page: Page, lab: Lab, path: str = "") -> None:
    page.goto(f"{lab.jupyter_url}/lab{path}?token={lab.jupyter_token}")
    expect(page.locator("#jp-main-dock-panel")).to_be_visible(timeout=60_000)


def test_the_course_opens_at_the_first_lesson_in_portuguese(page: Page, lab: Lab) -> None:
    page.goto(f"{lab.jupyter_url}/?token={lab.jupyter_token}")
    expect(page.get_by_role("heading", name="Comece aqui").first).to_be_visible(timeout=60_000)
    expect(page.get_by_role("menuitem", name="Arquivo")).to_be_visible()
    picture(page, "primeira-aula")


def test_an_exercise_turns_green_when_it_is_done(page: Page, lab: Lab) -> None:
    name = lab.newcomer()
    image = f"{name}/docker-is-cool"
    for command in (["docker", "tag", "docker-is-cool", image], ["docker", "push", image]):
        assert lab.run(command).returncode == 0
    open_course(page, lab, "/tree/exercises/50-push.ipynb")
    title = page.get_by_role("heading", name=re.compile("envie a sua imagem")).first
    expect(title).to_be_visible(timeout=60_000)
    # Cells sent before the kernel answers are lost, and "all cells" are those of the notebook in focus.
    expect(page.get_by_text(re.compile(r"ipykernel\) \| Idle"))).to_be_visible(timeout=60_000)
    title.click()
    page.get_by_role("menuitem", name="Executar").click()
    page.get_by_text("Executar todas as células", exact=True).click()
    check = page.get_by_role("button", name="Verificar").first
    expect(check).to_be_visible(timeout=60_000)
    check.click()
    expect(page.get_by_text("10 de 10 pontos").first).to_be_visible(timeout=30_000)
    picture(page, "exercicio")
    if os.environ.get("PICTURES"):
        KEPT_PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=KEPT_PICTURE)
