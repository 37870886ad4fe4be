"""A page in its four forms, a phone's and a desk's, light and dark: readable by all, and nothing cut off.

Each form is kept as a picture when PICTURES names a folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.browser.accessible import page_faults

Scheme = Literal["light", "dark"]
COLORS = ("color-contrast",)
# What the rules say of all but colors is the same in both schemes: none means every rule. The desk in the
# light comes last: so the page is left.
FORMS: dict[str, tuple[int, Scheme, tuple[str, ...]]] = {
    "celular-claro": (360, "light", COLORS),
    "celular-escuro": (360, "dark", ()),
    "mesa-escuro": (1280, "dark", COLORS),
    "mesa-claro": (1280, "light", ()),
}
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(page: Page, name: str) -> None:
    """At the page that is open; in every form nothing may be wrong with it."""
    found = [f"{name}, {form}: {fault}" for form in FORMS for fault in _faults(page, name, form)]
    assert not found, "\n".join(found)


def _faults(page: Page, name: str, form: str) -> list[str]:
    width, scheme, rules = FORMS[form]
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}-{form}.png", full_page=True)
    wide = page.evaluate(_WIDER)
    faults = [f"{rule}: {where}" for rule, where in page_faults(page, rules)]
    return faults + ([f"{wide} pixels to the side"] if wide else [])
