"""What every address of the API does alike: no cookie counts, nothing is kept by a cache, errors are JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from hub.api import errors
from hub.api.body import BadField

_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponse]


def endpoint(*methods: str) -> Callable[[_View[_P]], _View[_P]]:
    """The outermost decorator of a view of these methods, which may raise Refused, BadField and Http404."""

    def decorate(view: _View[_P]) -> _View[_P]:
        @csrf_exempt
        @never_cache
        @wraps(view)
        def answer(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
            if request.method not in methods:
                return errors.bad_method(methods)
            try:
                return view(request, *args, **kwargs)
            except errors.Refused as refused:
                return refused.answer
            except Http404:  # what was there when it was looked for, and is no more
                return errors.not_found()
            except BadField as bad:
                return errors.invalid(bad.field, str(bad))

        return answer

    return decorate
