"""The settings of a repository, for its owner: what it says, and who sees it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.who import person_of
from hub.audit.actions import Action
from hub.audit.log import note
from hub.pages.create import quota
from hub.repositories.forms import (
    PRIVATE,
    PUBLIC,
    DefaultPrivacyForm,
    DescriptionForm,
    MutabilityForm,
    TypedNameForm,
)
from hub.repositories.life import Archived, require_active
from hub.repositories.models import Repository, by_name
from hub.repositories.privacy import NoPrivateLeft, set_private

_FORM = ["GET", "HEAD", "POST"]


def own_repository(request: HttpRequest, namespace: str, name: str) -> Repository:
    """Raises Http404, also for what is somebody else's."""
    found = by_name(request.user, namespace, name)
    if found is None or not found.belongs_to(request.user):
        raise Http404
    return found


def settings_page(request: HttpRequest, found: Repository, **bound: Any) -> HttpResponse:
    """The page with a form for each thing; `bound` are those that were sent, with what was typed."""
    fresh = {
        "form": TypedNameForm(found),
        "about": DescriptionForm(initial={"description": found.description}),
        "mutability": MutabilityForm(found),
        "archive": TypedNameForm(found, auto_id="arquivar_%s"),
        "deletion": TypedNameForm(found, auto_id="apagar_%s"),
    }
    page = fresh | bound | {"repository": found, "is_mine": True}
    return render(request, "repositories/settings.html", page | quota(person_of(request)))


@require_http_methods(_FORM)
@login_required
def repository_settings(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = own_repository(request, namespace, name)
    form = TypedNameForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            set_private(found, private=not found.is_private)
        except (NoPrivateLeft, Archived) as refused:
            form.add_error(None, str(refused))
        else:
            note(
                request, Action.REPOSITORY_HIDDEN if found.is_private else Action.REPOSITORY_PUBLISHED, found
            )
            messages.success(request, f"{found} agora é {'privado' if found.is_private else 'público'}.")
            return redirect("repository_settings", found.namespace, found.name)
    return settings_page(request, found, form=form)


@require_POST
@login_required
def repository_description(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = own_repository(request, namespace, name)
    about = DescriptionForm(request.POST)
    if about.is_valid():
        try:
            require_active(found)
        except Archived as archived:
            about.add_error(None, str(archived))
        else:
            found.description = about.cleaned_data["description"]
            found.save(update_fields=["description"])
            messages.success(request, f"A descrição de {found} foi salva.")
            return redirect("repository", found.namespace, found.name)
    return settings_page(request, found, about=about)


@require_http_methods(_FORM)
@login_required
def default_privacy(request: HttpRequest) -> HttpResponse:
    owner = person_of(request)
    now = {"visibility": PRIVATE if owner.default_private else PUBLIC}
    form = DefaultPrivacyForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        owner.default_private = form.cleaned_data["visibility"] == PRIVATE
        owner.save(update_fields=["default_private"])
        messages.success(request, "A privacidade padrão foi salva.")
        return redirect("default_privacy")
    return render(request, "repositories/default_privacy.html", {"form": form, **quota(owner)})
