"""The site of the course, opened from its files without any network, as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from checks.place import REPOSITORY
from checks.unit import load_course
from lab.author import site
from tests.browser.conftest import picture

pytestmark = pytest.mark.browser
UNITS = [unit.folder.name for unit in load_course()]
# The exercises are all of one kind.
PAGES = ["index", "search", *(f"notebooks/{unit}" for unit in UNITS), f"exercises/{UNITS[-1]}"]
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Words of Sphinx and of its theme that a Portuguese page must not show.
ENGLISH = (
    "On this page",
    "Skip to content",
    "Back to top",
    "Toggle",
    "Next",
    "Previous",
    "Search",
    "Made with",
)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, made once."""
    return site.build(REPOSITORY / "course", tmp_path_factory.mktemp("publicado") / "site").parent


@pytest.fixture
def reader(page: Page) -> Iterator[Page]:
    """A page that fails the test when it asks the network for anything, or when a script breaks."""
    troubles: list[str] = []
    page.on("request", lambda asked: troubles.append(asked.url) if asked.url.startswith("http") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    assert not troubles


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_and_in_portuguese(reader: Page, pages: Path, name: str) -> None:
    reader.goto((pages / f"{name}.html").as_uri())
    assert reader.locator("html").get_attribute("lang") == "pt-BR"
    assert not [word for word in ENGLISH if re.search(rf"\b{word}\b", _words(reader))]
    for scheme in SCHEMES if name.startswith("notebooks/") else SCHEMES[:1]:
        reader.emulate_media(color_scheme=scheme)
        found = Axe().run(reader).response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert not serious, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in serious]
        picture(reader, f"site-{name.replace('/', '-')}-{scheme}")


def _words(reader: Page) -> str:
    """All that a page shows or that a screen reader says of it."""
    shown = reader.locator("body").inner_text()
    titles = reader.locator("svg title").all_text_contents()
    labels = reader.evaluate(
        "[...document.querySelectorAll('[aria-label], [title]')]"
        ".map(one => (one.getAttribute('aria-label') || '') + ' ' + (one.getAttribute('title') || ''))"
    )
    return "\n".join([shown, *titles, *labels])


def test_every_link_inside_the_site_leads_somewhere(pages: Path) -> None:
    found = 0
    for page in pages.rglob("*.html"):
        for link in re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8")):
            parts = urlsplit(link)
            if parts.scheme or not parts.path:
                continue
            found += 1
            assert (page.parent / unquote(parts.path)).is_file(), f"{page.name}: {link}"
    assert found > len(PAGES)


def test_every_picture_says_what_it_shows(reader: Page, pages: Path) -> None:
    pictures = 0
    for unit in UNITS:
        reader.goto((pages / "notebooks" / f"{unit}.html").as_uri())
        for image in reader.locator("article img").all():
            pictures += 1
            assert len(image.get_attribute("alt") or "") > 30
            assert image.evaluate("one => one.naturalWidth") > 0
    assert pictures >= len(UNITS)


def test_a_search_finds_a_word_without_a_server(reader: Page, pages: Path) -> None:
    reader.goto((pages / "search.html").as_uri() + "?q=digest")
    found = reader.locator("#search-results li a").first
    found.wait_for()
    assert "/notebooks/" in str(found.evaluate("one => one.href"))


def test_on_a_phone_nothing_is_wider_than_the_screen(browser: Browser, pages: Path) -> None:
    context = browser.new_context(locale="pt-BR", viewport={"width": 380, "height": 800})
    page = context.new_page()
    for unit in UNITS:
        page.goto((pages / "notebooks" / f"{unit}.html").as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{unit}: {wide} px"
        picture(page, f"site-celular-{unit}")
    context.close()
