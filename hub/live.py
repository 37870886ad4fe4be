"""Lists that keep themselves fresh: an open page asks for its list every other second, by htmx.

What is asked carries two marks of what the page shows. Nothing new: 204, and nothing on the page moves. New
letters alone ("há 2 minutos"): the list is put in place in silence. Other items: a screen reader is told too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

LIST = "lista"
_MARKS = ("parte", "versao", "itens")
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Live:
    html: SafeString
    address: str
    news: str = ""


def is_refresh(request: HttpRequest) -> bool:
    """Whether an open page asks for its list alone."""
    return request.GET.get("parte") == LIST


def show(
    request: HttpRequest, whole: str, part: str, page: dict[str, Any], items: Iterable[str], news: str
) -> HttpResponse:
    """The page, with its list, or the list alone. `items`: what makes one list differ from another."""
    html = render_to_string(part, page, request)
    version, listed = _mark(html), _mark("\n".join(items))
    query = request.GET.copy()
    for name, value in zip(_MARKS, (LIST, version, listed), strict=True):
        query[name] = value
    address = f"{request.path}?{query.urlencode()}"
    if not is_refresh(request):
        return render(request, whole, page | {"live": Live(html, address)})
    if request.GET.get("versao") == version:
        return HttpResponse(status=204)
    told = news if request.GET.get("itens", listed) != listed else ""
    return render(request, "_live.html", {"live": Live(html, address, told)})


def signed_in(view: View) -> View:
    """`login_required`, for pages with parts that htmx asks for: the whole page signs in, not a part."""

    @wraps(view)
    def guarded(request: HttpRequest, *words: Any, **names: Any) -> HttpResponse:
        if "HX-Request" in request.headers and not request.user.is_authenticated:
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        return login_required(view)(request, *words, **names)

    return guarded


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
