"""My Hub: the person's own repositories."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from hub import live
from hub.accounts.models import User
from hub.accounts.who import person_of
from hub.pages.listing import chosen, page_of, wanted
from hub.repositories.models import Repository, RepositoryQuerySet

ORDERS = {
    "atualizacao": ("Última atualização", ("-last_updated", "name")),
    "nome": ("Nome", ("name",)),
    "pulls": ("Pulls", ("-pull_count", "name")),
}
VISIBILITIES = {"": "Todos", "publicos": "Públicos", "privados": "Privados"}


@require_safe
@live.signed_in
def my_repositories(request: HttpRequest) -> HttpResponse:
    owner, text = person_of(request), wanted(request)
    order, visibility = chosen(request, "ordem", ORDERS), chosen(request, "visibilidade", VISIBILITIES)
    rows = _narrowed(owner, text, visibility).order_by(*ORDERS[order][1])
    repositories = page_of(request, rows)
    page = {
        "person": owner,
        "is_me": True,
        "page": repositories,
        "text": text,
        "is_narrowed": bool(text or visibility),
        "orders": [(one, label, one == order) for one, (label, _) in ORDERS.items()],
        "visibilities": [(one, label, one == visibility) for one, label in VISIBILITIES.items()],
    }
    items = (f"{one} {one.is_private} {one.is_archived} {one.last_updated}" for one in repositories)
    part = "pages/_my_repositories.html"
    return live.show(
        request, "pages/my_repositories.html", part, page, items, "A lista de repositórios mudou."
    )


def _narrowed(owner: User, text: str, visibility: str) -> RepositoryQuerySet:
    rows = Repository.objects.filter(namespace=owner.username)
    if visibility:
        rows = rows.filter(is_private=visibility == "privados")
    for word in text.split():
        rows = rows.search(word)
    return rows
