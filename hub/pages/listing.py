"""What pages with long lists share: words to look for, an order, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 20
LONGEST = 200  # characters of what is looked for


def wanted(request: HttpRequest, name: str = "q") -> str:
    """What was typed to look for, without what a database refuses."""
    return request.GET.get(name, "").replace("\0", "").strip()[:LONGEST]


def chosen(request: HttpRequest, name: str, choices: Mapping[str, Any]) -> str:
    """One of the choices; the first where the address has none of them."""
    asked = request.GET.get(name, "")
    return asked if asked in choices else next(iter(choices))


def page_of(request: HttpRequest, rows: Any, size: int = PER_PAGE) -> Page[Any]:
    """The page that the address asks for; the nearest one where there is no such page."""
    return Paginator(rows, size).get_page(request.GET.get("pagina"))
