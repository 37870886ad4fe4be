"""A browser and its pages, which are kept as pictures when PICTURES names a folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import PATIENCE, chromium
from tests.browser.practice_hub import PracticeHub, running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="pt-BR", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeHub]:
    """The pages alone, with people, repositories and tags already there."""
    with running(tmp_path_factory.mktemp("hub")) as practice:
        practice.told()
        yield practice


def picture(page: Page, name: str) -> None:
    """Keep what is on the screen, when somebody asked to see it."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
