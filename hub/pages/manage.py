"""The pages by which an owner makes a repository and chooses who sees it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.models import User
from hub.accounts.who import person_of
from hub.repositories.forms import (
    PRIVATE,
    PUBLIC,
    DefaultPrivacyForm,
    DescriptionForm,
    NewRepositoryForm,
    TypedNameForm,
    problem_with,
)
from hub.repositories.models import Repository, by_name
from hub.repositories.privacy import PRIVATE_ALLOWED, NameTaken, NoPrivateLeft, create, set_private

_FORM = ["GET", "HEAD", "POST"]


@require_http_methods(_FORM)
@login_required
def new_repository(request: HttpRequest) -> HttpResponse:
    owner = person_of(request)
    if request.GET.get("parte") == "nome":
        return _live(owner, request.GET.get("name", ""))
    form = NewRepositoryForm(owner, request.POST if request.method == "POST" else None)
    if form.is_valid():
        typed = form.cleaned_data
        private = typed["visibility"] == PRIVATE
        try:
            made = create(owner, typed["name"], typed["description"], private=private)
        except NoPrivateLeft as none_left:
            form.add_error("visibility", str(none_left))
        except NameTaken:
            form.add_error("name", "Este repositório acabou de nascer de um push. Escolha outro nome.")
        else:
            messages.success(request, f"O repositório {made} está pronto.")
            return redirect("repository", made.namespace, made.name)
    return render(request, "repositories/new.html", {"form": form, **_quota(owner)})


def _live(owner: User, name: str) -> HttpResponse:
    """What the field says while one types; the same rules answer when the form is sent."""
    problem = problem_with(owner.username, name.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    return JsonResponse({"good": problem is None, "says": problem or "O nome serve e está livre."})


@require_http_methods(_FORM)
@login_required
def repository_settings(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = by_name(request.user, namespace, name)
    if found is None or not found.belongs_to(request.user):
        raise Http404
    form = TypedNameForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            set_private(found, private=not found.is_private)
        except NoPrivateLeft as none_left:
            form.add_error(None, str(none_left))
        else:
            messages.success(request, f"{found} agora é {'privado' if found.is_private else 'público'}.")
            return redirect("repository_settings", found.namespace, found.name)
    about = DescriptionForm(initial={"description": found.description})
    return _settings(request, found, form, about)


@require_POST
@login_required
def repository_description(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = by_name(request.user, namespace, name)
    if found is None or not found.belongs_to(request.user):
        raise Http404
    about = DescriptionForm(request.POST)
    if not about.is_valid():
        return _settings(request, found, TypedNameForm(found), about)
    found.description = about.cleaned_data["description"]
    found.save(update_fields=["description"])
    messages.success(request, f"A descrição de {found} foi salva.")
    return redirect("repository", found.namespace, found.name)


def _settings(
    request: HttpRequest, found: Repository, form: TypedNameForm, about: DescriptionForm
) -> HttpResponse:
    page = {"form": form, "about": about, "repository": found, "is_mine": True}
    return render(request, "repositories/settings.html", {**page, **_quota(person_of(request))})


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
    return render(request, "repositories/default_privacy.html", {"form": form, **_quota(owner)})


def _quota(owner: User) -> dict[str, object]:
    taken = Repository.objects.filter(namespace=owner.username, is_private=True).order_by("name")
    return {"private": taken, "private_allowed": PRIVATE_ALLOWED}
