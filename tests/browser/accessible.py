"""What axe finds: in JupyterLab, in the part of a page that is the course's own; in the hub, everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = frozenset({"serious", "critical"})
ANY = SERIOUS | {"moderate", "minor"}


def faults(page: Page, where: str, impacts: frozenset[str] = SERIOUS) -> list[tuple[str, str]]:
    """Each rule that is broken inside of the elements of that selector, with the first that breaks it."""
    # JupyterLab's body has no height and cuts what leaves it: nothing of it would be visible to axe.
    page.add_style_tag(content="body { height: 100vh }")
    found = Axe().run(page, context=[[where]]).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in impacts]


def page_faults(page: Page, only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The same of a whole page of the hub, whose policy takes no style of ours; `only`: those rules."""
    chosen = {"runOnly": {"type": "rule", "values": only}} if only else {}
    found = Axe().run(page, options={"resultTypes": ["violations"], **chosen}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS]
