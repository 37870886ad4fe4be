"""Somebody new goes through the whole course in JupyterLab, from an empty lab to the last unit.

Left out of `make testes`, which it makes longer by some minutes: `make robo` runs it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser

from checks.unit import Unit, load_course
from tests.browser.accessible import faults
from tests.browser.conftest import picture
from tests.browser.desk import SCREEN, THEMES, Desk, fresh_kernels
from tests.browser.robot import Robot
from tests.conftest import running
from tests.real_lab import Lab

pytestmark = [pytest.mark.browser, pytest.mark.robot]
COURSE = load_course()
# What the course itself shows; around it is JupyterLab, whose own faults are not ours to mend.
OURS = ".jp-NotebookPanel:not(.lm-mod-hidden) :is(.jp-RenderedMarkdown, .jp-OutputArea-output)"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Not the one that tests share: nobody has been here yet."""
    with running() as own:
        yield own


@pytest.fixture(scope="module")
def robot(browser: Browser, lab: Lab) -> Iterator[Robot]:
    context = browser.new_context(locale="pt-BR", viewport=SCREEN)
    context.set_default_timeout(30_000)
    yield Robot(Desk.open(context.new_page(), lab))
    context.close()


@pytest.mark.parametrize("unit", COURSE, ids=lambda unit: unit.id)
def test_a_unit_is_read_then_failed_then_done_and_passed(robot: Robot, lab: Lab, unit: Unit) -> None:
    before = [one.id for one in COURSE if one.number < unit.number]
    assert robot.passed == before, "The robot is still at an earlier unit, which says why."
    desk, name = robot.desk, unit.folder.name
    lesson = f"notebooks/{name}.ipynb"
    if before:
        desk.go_on(unit.title, lesson)
    fresh_kernels(desk.page, lab, keep=lesson)
    desk.run_all()
    robot.practise(unit)
    themes = THEMES if len(before) % 2 == 0 else THEMES[::-1]  # the first is the one in use
    if os.environ.get("PICTURES"):  # tests/browser/test_site.py looks at the same lesson, in less time
        look(desk, f"robo-{name}-licao", themes)

    desk.go_on("exercício desta unidade", f"exercises/{name}.ipynb")
    desk.run_all()
    assert "passou" not in desk.check()
    picture(desk.page, f"robo-{name}-antes")
    robot.do(unit.by_hand)
    robot.work(unit)
    assert desk.check() == f"Verificação terminada: passou, {unit.points} de {unit.points} pontos."
    look(desk, f"robo-{name}-exercicio", themes[1:])
    robot.passed.append(unit.id)


def look(desk: Desk, name: str, themes: Sequence[str]) -> None:
    """With anybody's eyes: every picture says what it shows, and axe finds nothing serious."""
    for image in desk.notebook.locator(".jp-RenderedMarkdown img").all():
        assert len(image.get_attribute("alt") or "") > 30
        assert image.evaluate("one => one.naturalWidth") > 0
    with desk.unrolled():
        for theme in themes:
            desk.theme(theme)
            assert faults(desk.page, OURS) == []
            picture(desk.page, f"{name}-{theme}")


def test_the_lab_says_that_everything_is_done(lab: Lab) -> None:
    units = json.loads(lab.cli("lista", "--json").stdout)["units"]
    assert [(one["outcome"], one["score"]) for one in units] == [("passed", unit.points) for unit in COURSE]
    assert "Você passou em todas as unidades." in lab.cli("proximo").stdout
