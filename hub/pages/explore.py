"""Explore and search: what is on the practice hub, and the known images that its catalogue tells of."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from hub.catalogue.search import Filters, Found, Order, find
from hub.catalogue.trust import Trust
from hub.pages.listing import chosen, page_of, wanted

SHOWN = 6  # of each group, on the page that shows all
ORDERS: dict[str, str] = {Order.RELEVANCE: "Relevância", Order.PULLS: "Pulls", Order.RECENT: "Mais recentes"}
# A long list begins with what the learners made; the groups that Docker vouches for come from the catalogue.
_FIRST = {Trust.COMMUNITY: Order.RECENT}


@dataclass(frozen=True)
class Group:
    trust: Trust
    results: list[Found]
    count: int


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    page = {"groups": [_group(trust) for trust in Trust], "meanings": list(Trust)}
    return render(request, "pages/explore.html", page)


def _group(trust: Trust) -> Group:
    found = find("", filters=Filters(frozenset({trust}), _FIRST.get(trust, Order.RELEVANCE)))
    return Group(trust, found[:SHOWN], found.count())


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = wanted(request)
    trust = frozenset(Trust(value) for value in request.GET.getlist("confianca") if value in Trust)
    order = Order(chosen(request, "ordem", ORDERS))
    page = {
        "text": text,
        "page": page_of(request, find(text, request.user, Filters(trust, order))),
        "groups": [(one, one in trust) for one in Trust],
        "orders": [(str(one), label, one == order) for one, label in ORDERS.items()],
        "is_narrowed": bool(trust),
    }
    return render(request, "pages/search.html", page)
