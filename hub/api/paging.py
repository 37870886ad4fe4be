"""One page of a list, in the shape of Docker Hub's API: count, next, previous, results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.http import HttpRequest, JsonResponse

from hub.api.errors import Refused, failure, invalid

MOST = 100
DEFAULT_SIZE = 10
_Row = TypeVar("_Row", covariant=True)


class Rows(Protocol[_Row]):
    """A QuerySet, or what is counted and sliced like one."""

    def count(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Iterable[_Row]: ...


@dataclass(frozen=True)
class Manners:
    """The documentation differs from list to list: the status for a parameter that is no number, the one
    for a page after the last, and whether a size above 100 is an error or means 100."""

    wrong: int = 404
    after_last: int = 404
    bounds_size: bool = True


def paginated(
    request: HttpRequest,
    rows: Rows[_Row],
    present: Callable[[Sequence[_Row]], list[dict[str, Any]]],
    manners: Manners = Manners(),
    **more: int,
) -> JsonResponse:
    """`present` writes the rows of a page; `more`: other counts that the list has. Raises Refused."""
    number = _number(request, "page", 1, manners)
    size = _number(request, "page_size", DEFAULT_SIZE, manners)
    if size > MOST and not manners.bounds_size:
        raise _refused("page_size", f"O parâmetro page_size vai de 1 a {MOST}.", manners.wrong)
    size, count = min(size, MOST), rows.count()
    start, end = (number - 1) * size, number * size
    if start >= count and number > 1:
        raise _refused("page", "Esta página não existe: a lista acaba antes.", manners.after_last)
    return JsonResponse(
        {
            "count": count,
            "next": _link(request, number + 1) if end < count else None,
            "previous": _link(request, number - 1) if number > 1 else None,
            "results": present(list(rows[start:end])),
            **more,
        }
    )


def _number(request: HttpRequest, name: str, default: int, manners: Manners) -> int:
    text = request.GET.get(name, str(default))
    # Nine digits keep the offset inside what a database can count.
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        sentence = f"O parâmetro {name} precisa ser um número inteiro, de 1 em diante."
        raise _refused(name, sentence, manners.wrong)
    return int(text)


def _refused(parameter: str, sentence: str, status: int) -> Refused:
    return Refused(invalid(parameter, sentence) if status == 400 else failure(status, sentence))


def _link(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
