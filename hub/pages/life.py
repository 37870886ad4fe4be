"""The pages by which an owner protects tags, archives a repository, and deletes it or some of its tags."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hub.audit.actions import Action
from hub.audit.log import note
from hub.pages.manage import own_repository, settings_page
from hub.registry.errors import RegistryError
from hub.registry.removal import delete_repository, delete_tags
from hub.repositories.forms import IMMUTABLE, MUTABLE, MutabilityForm, TypedNameForm
from hub.repositories.life import Archived, activate, archive, require_active
from hub.repositories.models import Repository
from hub.repositories.mutability import ImmutableTag, immutable_among, matching, set_mutability

_FORM = ["GET", "HEAD", "POST"]
MOST_AT_ONCE = 100  # tags
AWAY = "O registry não conseguiu apagar tudo. Tente de novo daqui a pouco."
NOTHING_CHOSEN = "Marque pelo menos uma tag para apagar."
TOO_MANY = f"São no máximo {MOST_AT_ONCE} tags de cada vez."


@require_POST
@login_required
def mutability(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    """Saves the choice, or shows which tags the rules would hold (`acao=conferir`)."""
    found = own_repository(request, namespace, name)
    form = MutabilityForm(found, request.POST)
    if not form.is_valid():
        return settings_page(request, found, mutability=form)
    chosen, rules = form.cleaned_data["mutability"], form.cleaned_data["rules"]
    if request.POST.get("acao") == "conferir":
        held = [(rule, matching(found, rule)[:MOST_AT_ONCE]) for rule in rules]
        return settings_page(request, found, mutability=form, held=held, was_checked=True)
    try:
        # The rules of somebody who makes all tags mutable are kept for the day they come back.
        is_news = set_mutability(found, chosen != MUTABLE, rules if chosen != IMMUTABLE else [])
    except Archived as archived:
        form.add_error(None, str(archived))
        return settings_page(request, found, mutability=form)
    if is_news:
        note(request, Action.MUTABILITY_CHANGED, found)
    messages.success(request, "A proteção das tags foi salva.")
    return redirect("repository_settings", found.namespace, found.name)


@require_POST
@login_required
def archiving(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    """To archive, the name is typed; to activate again, the button is enough.

    The button says which of the two: a page that is old, or sent twice, undoes nothing.
    """
    found = own_repository(request, namespace, name)
    if request.POST.get("archived") == "0":
        _activate(request, found)
        return redirect("repository_settings", found.namespace, found.name)
    form = TypedNameForm(found, request.POST, auto_id="arquivar_%s")
    if not form.is_valid():
        return settings_page(request, found, archive=form)
    _archive(request, found)
    return redirect("repository_settings", found.namespace, found.name)


def _activate(request: HttpRequest, found: Repository) -> None:
    if not activate(found):
        messages.info(request, f"{found} já estava ativo.")
        return
    note(request, Action.REPOSITORY_UNARCHIVED, found)
    messages.success(request, f"{found} foi reativado: dá para enviar e mudar de novo.")


def _archive(request: HttpRequest, found: Repository) -> None:
    if not archive(found):
        messages.info(request, f"{found} já estava arquivado.")
        return
    note(request, Action.REPOSITORY_ARCHIVED, found)
    messages.success(request, f"{found} foi arquivado: quem o usa ainda baixa, e ninguém mais envia.")


@require_POST
@login_required
def deletion(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = own_repository(request, namespace, name)
    form = TypedNameForm(found, request.POST, auto_id="apagar_%s")
    if form.is_valid():
        deleted = found.full_name
        try:
            delete_repository(found)
        except RegistryError:
            form.add_error(None, AWAY)
        else:
            note(request, Action.REPOSITORY_DELETED, deleted)
            messages.success(request, f"O repositório {deleted} foi apagado, com todas as imagens.")
            return redirect("my_repositories")
    return settings_page(request, found, deletion=form)


@require_http_methods(_FORM)
@login_required
def tag_deletion(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    """Asks before it deletes the tags that were ticked (`tag`, once for each)."""
    found = own_repository(request, namespace, name)
    asked = request.POST if request.method == "POST" else request.GET
    wanted = {tag.replace("\0", "") for tag in asked.getlist("tag")}
    problem = NOTHING_CHOSEN if not wanted else TOO_MANY if len(wanted) > MOST_AT_ONCE else None
    tags = [] if problem else list(found.tags.filter(name__in=wanted).order_by("name"))
    if problem or not tags:
        messages.warning(request, problem or "Estas tags já não existem.")
        return redirect("repository_tags", found.namespace, found.name)
    names = [tag.name for tag in tags]
    refused = _refused(found, names)
    if request.method == "POST" and not refused:
        refused = _delete(request, found, names)
        if not refused:
            return redirect("repository_tags", found.namespace, found.name)
    page = {"repository": found, "tags": tags, "refused": refused, "is_mine": True}
    return render(request, "repositories/delete_tags.html", page)


def _refused(found: Repository, names: list[str]) -> str:
    try:
        require_active(found)
    except Archived as archived:
        return str(archived)
    held = immutable_among(found, names)
    return str(ImmutableTag(found, held[0])) if held else ""


def _delete(request: HttpRequest, found: Repository, names: list[str]) -> str:
    """What stood in the way; empty when they are gone."""
    try:
        delete_tags(found, names)
    except (ImmutableTag, Archived) as refused:
        return str(refused)
    except RegistryError:
        return AWAY
    for name in names:
        note(request, Action.TAG_DELETED, f"{found}:{name}")
    gone = f"A tag {names[0]} foi apagada." if len(names) == 1 else f"{len(names)} tags foram apagadas."
    messages.success(request, gone)
    return ""
