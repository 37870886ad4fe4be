"""The page by which an owner makes a repository."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from hub import live
from hub.accounts.models import User
from hub.accounts.who import person_of
from hub.audit.actions import Action
from hub.audit.log import note
from hub.repositories.forms import PRIVATE, NewRepositoryForm, problem_with
from hub.repositories.models import Repository
from hub.repositories.privacy import PRIVATE_ALLOWED, NameTaken, NoPrivateLeft, create


@require_http_methods(["GET", "HEAD", "POST"])
@live.signed_in
def new_repository(request: HttpRequest) -> HttpResponse:
    owner = person_of(request)
    if request.GET.get("parte") == "nome":
        return _verdict(request, owner, request.GET.get("name", ""))
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
            note(request, Action.REPOSITORY_MADE, made)
            messages.success(request, f"O repositório {made} está pronto.")
            return redirect("repository", made.namespace, made.name)
    return render(request, "repositories/new.html", {"form": form, **quota(owner)})


def _verdict(request: HttpRequest, owner: User, name: str) -> HttpResponse:
    """What the field says while one types; the same rules answer when the form is sent."""
    problem = problem_with(owner.username, name.replace("\0", "\N{REPLACEMENT CHARACTER}"))
    return render(request, "repositories/_verdict.html", {"problem": problem})


def quota(owner: User) -> dict[str, object]:
    """What _quota.html shows of the private repositories that the owner has and may have."""
    taken = Repository.objects.filter(namespace=owner.username, is_private=True).order_by("name")
    return {"private": taken, "private_allowed": PRIVATE_ALLOWED}
