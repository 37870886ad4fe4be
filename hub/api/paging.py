"""One page of a list, in the shape of Docker Hub's API: count, next, previous, results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.paginator import EmptyPage, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, JsonResponse

from hub.api.errors import failure, invalid

MOST = 100
DEFAULT_SIZE = 10
_Row = TypeVar("_Row", bound=Model)


class BadNumber(Exception):  # noqa: N818
    """A page number or size that is none; the argument is the parameter's name."""


def paginated(
    request: HttpRequest, rows: QuerySet[_Row], present: Callable[[_Row], dict[str, Any]], **more: int
) -> JsonResponse:
    """`more`: other counts that the list's schema has."""
    try:
        number = _positive(request, "page", 1)
        size = min(_positive(request, "page_size", DEFAULT_SIZE), MOST)
    except BadNumber as bad:
        return invalid(str(bad), f"O parâmetro {bad} precisa ser um número inteiro, de 1 em diante.")
    try:
        page = Paginator(rows, size).page(number)
    except EmptyPage:
        return failure(404, "Esta página não existe: a lista acaba antes.")
    return JsonResponse(
        {
            "count": page.paginator.count,
            "next": _link(request, number + 1) if page.has_next() else None,
            "previous": _link(request, number - 1) if page.has_previous() else None,
            "results": [present(row) for row in page.object_list],
            **more,
        }
    )


def _positive(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    # Nine digits keep the offset inside what a database can count.
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise BadNumber(name)
    return int(text)


def _link(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
