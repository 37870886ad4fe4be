"""Who gives the class: whoever brought the teacher's key to this browser, and nobody else.

The key comes once, in an address that `lab turma placar` opens, and the session then remembers a mark of it:
another key ends what an earlier one opened. To everybody else the teacher's pages are not there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import constant_time_compare, salted_hmac

from hub.pages.errors import not_found

KEY = "chave"  # in the address
_FACT = "classroom_teacher"
LASTS = 12 * 60 * 60  # seconds: a school day; `lab turma placar` opens it again
_ACTION = "teacher_key"  # of ACCOUNT_RATE_LIMITS
View = Callable[..., HttpResponse]


def is_teacher(request: HttpRequest) -> bool:
    fact = request.session.get(_FACT)
    if not settings.HUB_TEACHER_KEY or not isinstance(fact, dict):
        return False
    is_current = constant_time_compare(str(fact.get("mark")), _mark())
    return is_current and time.time() < float(fact.get("until", 0))


def only_teacher(view: View) -> View:
    """For others the page is not there. A part of an open page takes the whole page along."""

    @wraps(view)
    def guarded(request: HttpRequest, *words: Any, **names: Any) -> HttpResponse:
        if is_teacher(request):
            response = _seen(view, request, *words, **names)
        elif "HX-Request" in request.headers:
            response = HttpResponse(status=404, headers={"HX-Refresh": "true"})
        else:
            response = not_found(request, Http404())
        add_never_cache_headers(response)
        return response

    return guarded


def _seen(view: View, request: HttpRequest, *words: Any, **names: Any) -> HttpResponse:
    try:
        return view(request, *words, **names)
    except Http404 as nowhere:  # of no such page a browser keeps a copy either
        return not_found(request, nowhere)


def enter(request: HttpRequest) -> HttpResponse:
    """With the key in the address: remembers it, and leads to the address without it. The right key always
    opens, so that nobody shuts the teacher out by guessing."""
    if _is_key(request.GET.get(KEY, "")):
        request.session.cycle_key()  # who knew the old name of the session has nothing of it
        request.session[_FACT] = {"mark": _mark(), "until": time.time() + LASTS}
        query = request.GET.copy()
        del query[KEY]
        response: HttpResponse = redirect(request.path + (f"?{query.urlencode()}" if query else ""))
    elif ratelimit.consume(request, app="allauth.account", action=_ACTION, limit_get=True):
        response = not_found(request, Http404())
    else:
        response = render(request, "429.html", status=429)
    response.headers["Referrer-Policy"] = "no-referrer"
    add_never_cache_headers(response)
    return response


def leave(request: HttpRequest) -> None:
    request.session.pop(_FACT, None)


def _is_key(typed: str) -> bool:
    return bool(settings.HUB_TEACHER_KEY) and constant_time_compare(typed, settings.HUB_TEACHER_KEY)


def _mark() -> str:
    return salted_hmac("hub.classroom.teacher", settings.HUB_TEACHER_KEY, algorithm="sha256").hexdigest()
