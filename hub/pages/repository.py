"""The pages of one repository: the owner's, under /repositories/, and the one that everybody has."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from checks.reference import OFFICIAL
from hub import live
from hub.audit.actions import Action
from hub.audit.log import note
from hub.catalogue.models import Entry
from hub.catalogue.trust import Trust, trust_of
from hub.pages import markdown
from hub.pages.addresses import public_address
from hub.pages.forms import OverviewForm
from hub.pages.listing import chosen, page_of, wanted
from hub.pages.manage import own_repository
from hub.repositories.life import Archived, require_active
from hub.repositories.models import Repository, Tag, by_name
from hub.rows import change

TAGS_SHOWN = 5  # on the page of the repository; the page of its tags has them all
NEWS = "As tags deste repositório mudaram."
ORDERS = {"recentes": ("Mais recentes", ("-pushed_at", "name")), "nome": ("Nome", ("name",))}


@require_safe
def repository(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    """General, for the owner; everybody else is led to the public page."""
    found = _own(request, namespace, name)
    return _general(request, found) if isinstance(found, Repository) else found


@require_safe
def repository_tags(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = _own(request, namespace, name, "tags")
    return _tags(request, found) if isinstance(found, Repository) else found


@require_safe
def public(request: HttpRequest, name: str, namespace: str = OFFICIAL) -> HttpResponse:
    """What everybody sees. Without a repository of that name, what the catalogue tells of it."""
    if found := _public(request, namespace, name):
        return found if isinstance(found, HttpResponseRedirect) else _general(request, found, is_public=True)
    entry = Entry.objects.filter(namespace=namespace, name=name).first()
    if entry is None:
        raise Http404
    return render(request, "pages/entry.html", {"entry": entry, "trust": Trust(entry.trust)})


@require_safe
def public_tags(request: HttpRequest, name: str, namespace: str = OFFICIAL) -> HttpResponse:
    if found := _public(request, namespace, name, "tags"):
        return found if isinstance(found, HttpResponseRedirect) else _tags(request, found, is_public=True)
    if Entry.objects.filter(namespace=namespace, name=name).exists():
        return redirect(public_address(namespace, name))  # what is not here has no tags here
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@live.signed_in
def overview(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    """The full description, written in place: shown as it will be (`acao=previa`), or saved."""
    found = own_repository(request, namespace, name)
    typed = request.POST if request.method == "POST" else None
    form = OverviewForm(typed, initial={"full_description": found.full_description})
    form.fields["full_description"].widget.attrs["autofocus"] = request.POST.get("acao") != "previa"
    preview = None
    if form.is_valid():
        text = form.cleaned_data["full_description"]
        if request.POST.get("acao") == "previa":
            preview = markdown.render(text)
        elif _save_overview(request, found, form, text):
            messages.success(request, f"A visão geral de {found} foi salva.")
            return redirect("repository", found.namespace, found.name)
    page = _about(request, found) | {"form": form, "preview": preview}
    return render(request, "pages/overview.html", page)


def _save_overview(request: HttpRequest, found: Repository, form: OverviewForm, text: str) -> bool:
    try:
        require_active(found)
    except Archived as archived:
        form.add_error(None, str(archived))
        return False
    before = found.full_description
    change(found, full_description=text)
    if before != text:
        note(request, Action.OVERVIEW_CHANGED, found)
    return True


def _own(
    request: HttpRequest, namespace: str, name: str, page: str = ""
) -> Repository | HttpResponseRedirect:
    found = by_name(request.user, namespace, name)
    if found is None:
        if Entry.objects.filter(namespace=namespace, name=name).exists():
            return redirect(public_address(namespace, name))
        raise Http404
    return found if found.belongs_to(request.user) else _lead(request, found, page)


def _public(
    request: HttpRequest, namespace: str, name: str, page: str = ""
) -> Repository | HttpResponseRedirect | None:
    found = by_name(request.user, namespace, name)
    is_misplaced = namespace == OFFICIAL and not request.path.startswith("/_/")
    return _lead(request, found, page) if found is not None and is_misplaced else found


def _lead(request: HttpRequest, found: Repository, page: str) -> HttpResponseRedirect:
    """To the same page at the right address; the question goes along."""
    query = request.GET.urlencode()
    where = public_address(found.namespace, found.name, page)
    return HttpResponseRedirect(f"{where}?{query}" if query else where)


def _general(request: HttpRequest, found: Repository, *, is_public: bool = False) -> HttpResponse:
    tags = list(_with_pushers(found)[: TAGS_SHOWN + 1])
    page = _about(request, found, is_public=is_public) | {
        "tags": tags[:TAGS_SHOWN],
        "has_more": len(tags) > TAGS_SHOWN,
        "overview": markdown.render(found.full_description),
    }
    return live.show(request, "pages/repository.html", "pages/_general.html", page, _items(tags), NEWS)


def _tags(request: HttpRequest, found: Repository, *, is_public: bool = False) -> HttpResponse:
    text, order = wanted(request), chosen(request, "ordem", ORDERS)
    rows = _with_pushers(found).order_by(*ORDERS[order][1])
    tags = page_of(request, rows.filter(name__icontains=text) if text else rows)
    about = _about(request, found, is_public=is_public)
    page = about | {
        "page": tags,
        "can_delete": about["is_mine"] and not found.is_archived,
        "text": text,
        "orders": [(one, label, one == order) for one, (label, _) in ORDERS.items()],
    }
    return live.show(request, "pages/tags.html", "pages/_tags.html", page, _items(tags), NEWS)


def _about(request: HttpRequest, found: Repository, *, is_public: bool = False) -> dict[str, Any]:
    """What the head of every page of the repository says."""
    return {
        "repository": found,
        "trust": trust_of(found.namespace),
        "is_mine": found.belongs_to(request.user) and not is_public,
        "is_owner": found.belongs_to(request.user),
        "pulled_as": found.name if found.namespace == OFFICIAL else found.full_name,
    }


def _with_pushers(found: Repository) -> QuerySet[Tag]:
    return found.tags.select_related("pushed_by")


def _items(tags: Any) -> list[str]:
    return [f"{tag.name} {tag.digest}" for tag in tags]
