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
    VISIBILITIES,
    DefaultPrivacyForm,
    DescriptionForm,
    MutabilityForm,
    TypedNameForm,
    VisibilityForm,
)
from hub.repositories.life import Archived, require_active
from hub.repositories.models import Repository, by_name
from hub.repositories.privacy import NoPrivateLeft, set_private
from hub.rows import change

_FORM = ["GET", "HEAD", "POST"]
IS_NOW = {PRIVATE: "{} agora é privado.", PUBLIC: "{} agora é público."}
IS_ALREADY = {PRIVATE: "{} já era privado.", PUBLIC: "{} já era público."}


def own_repository(request: HttpRequest, namespace: str, name: str) -> Repository:
    """Raises Http404, also for what is somebody else's."""
    found = by_name(request.user, namespace, name)
    if found is None or not found.belongs_to(request.user):
        raise Http404
    return found


def settings_page(request: HttpRequest, found: Repository, **bound: Any) -> HttpResponse:
    """The page with a form for each thing; `bound` are those that were sent, with what was typed."""
    fresh = {
        "form": VisibilityForm(found),
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
    form = VisibilityForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _set_visibility(request, found, form.cleaned_data["visibility"])
        except (NoPrivateLeft, Archived) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("repository_settings", found.namespace, found.name)
    return settings_page(request, found, form=form)


def _set_visibility(request: HttpRequest, found: Repository, wanted: str) -> None:
    """Raises NoPrivateLeft, Archived and Http404."""
    if not set_private(found, wanted == PRIVATE):
        messages.info(request, IS_ALREADY[wanted].format(found))
        return
    action = Action.REPOSITORY_HIDDEN if found.is_private else Action.REPOSITORY_PUBLISHED
    note(request, action, found)
    messages.success(request, IS_NOW[wanted].format(found))


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
            before = found.description
            change(found, description=about.cleaned_data["description"])
            if found.description != before:
                note(request, Action.DESCRIPTION_CHANGED, found)
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
        chosen = form.cleaned_data["visibility"]
        if owner.default_private != (chosen == PRIVATE):
            note(request, Action.DEFAULT_PRIVACY_CHANGED, dict(VISIBILITIES)[chosen])
        owner.default_private = chosen == PRIVATE
        owner.save(update_fields=["default_private"])
        messages.success(request, "A privacidade padrão foi salva.")
        return redirect("default_privacy")
    return render(request, "repositories/default_privacy.html", {"form": form, **quota(owner)})
