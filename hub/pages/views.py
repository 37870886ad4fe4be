"""The pages of repositories and people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from hub.accounts.models import User
from hub.repositories.models import Repository, RepositoryQuerySet, Tag, by_name

TAGS_SHOWN = 8  # on a profile; the repository's page has them all


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/home.html")


def health(request: HttpRequest) -> JsonResponse:
    """Ready means that the database answers too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_required
def my_profile(request: HttpRequest) -> HttpResponse:
    return redirect("profile", docker_id=request.user.get_username())


def profile(request: HttpRequest, docker_id: str) -> HttpResponse:
    person = get_object_or_404(User, username=docker_id, is_active=True)
    page = {
        "person": person,
        "is_me": person == request.user,
        "repositories": _repositories(request, person),
        "tags_shown": TAGS_SHOWN,
    }
    # `?parte=lista` is what an open page asks for, every other second, to keep its list fresh.
    part = request.GET.get("parte") == "lista"
    return render(request, "pages/_repositories.html" if part else "pages/profile.html", page)


def repository(request: HttpRequest, namespace: str, name: str) -> HttpResponse:
    found = by_name(request.user, namespace, name)
    if found is None:
        raise Http404
    page = {"repository": found, "tags": found.tags.all(), "is_mine": found.belongs_to(request.user)}
    part = request.GET.get("parte") == "lista"
    return render(request, "pages/_tags.html" if part else "pages/repository.html", page)


def _repositories(request: HttpRequest, person: User) -> RepositoryQuerySet:
    return (
        Repository.objects.visible_to(request.user)
        .filter(namespace=person.username)
        .prefetch_related(Prefetch("tags", queryset=Tag.objects.order_by("-pushed_at")))
    )
