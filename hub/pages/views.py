"""The front page, and the pages of people."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from hub import live
from hub.accounts.models import User
from hub.pages.listing import page_of
from hub.repositories.models import Repository, RepositoryQuerySet, Tag

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


@require_safe
def profile(request: HttpRequest, docker_id: str) -> HttpResponse:
    person = get_object_or_404(User, username=docker_id, is_active=True)
    repositories = page_of(request, _repositories(request, person))
    page = {
        "person": person,
        "is_me": person == request.user,
        "page": repositories,
        "tags_shown": TAGS_SHOWN,
    }
    items = (f"{one} {one.is_private} {_names(one)}" for one in repositories)
    news = "A lista de repositórios mudou."
    return live.show(request, "pages/profile.html", "pages/_repositories.html", page, items, news)


def _repositories(request: HttpRequest, person: User) -> RepositoryQuerySet:
    """Each with its newest tags; one more than are shown tells that there are more."""
    newest = Tag.objects.order_by("-pushed_at", "name")[: TAGS_SHOWN + 1]
    return (
        Repository.objects.visible_to(request.user)
        .filter(namespace=person.username)
        .prefetch_related(Prefetch("tags", newest, to_attr="newest_tags"))
    )


def _names(one: Repository) -> list[tuple[str, str]]:
    newest: list[Tag] = getattr(one, "newest_tags")  # noqa: B009, mypy knows nothing of it
    return [(tag.name, tag.digest) for tag in newest]
