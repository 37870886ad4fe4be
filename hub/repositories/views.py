"""Repositories and tags of Docker Hub's /v2.

Each view answers at today's address (/v2/namespaces/…) and at the one before it (/v2/repositories/…), which
Docker Hub calls deprecated and programs still use.
"""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse

from hub.accounts.models import User
from hub.accounts.names import DOCKER_ID
from hub.api import errors
from hub.api.bearer import for_anyone
from hub.api.body import BadField, Body
from hub.api.endpoint import endpoint
from hub.api.paging import Manners, paginated
from hub.repositories import changes, present
from hub.repositories.models import Repository
from hub.repositories.names import LONGEST_PATH
from hub.repositories.reach import find_repository, find_tag, plain, viewer_of
from hub.tokens.sign_in import SignedIn

ORDERINGS = ("name", "-name", "last_updated", "-last_updated", "pull_count", "-pull_count")
_TODAY, _BEFORE = Manners(wrong=400, bounds_size=False), Manners(wrong=400)


@endpoint("GET", "HEAD")
def user(request: HttpRequest, docker_id: str) -> HttpResponse:
    known = DOCKER_ID.fullmatch(docker_id) is not None
    person = User.objects.filter(username=docker_id, is_active=True).first() if known else None
    return JsonResponse(present.person(person)) if person else errors.not_found()


@endpoint("GET", "HEAD", "POST")
@for_anyone
def repositories(
    request: HttpRequest, who: SignedIn | None, namespace: str, is_legacy: bool = False
) -> HttpResponse:
    if request.method == "POST":
        return changes.make(request, who, Body(request), namespace)
    ordering = request.GET.get("ordering", "-last_updated")
    if ordering not in ORDERINGS:
        raise BadField("ordering", f"O parâmetro ordering aceita: {', '.join(ORDERINGS)}.")
    viewer = viewer_of(who)
    rows = Repository.objects.visible_to(viewer).filter(namespace=plain(namespace))
    wanted = plain(request.GET.get("name", ""))
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    # The name settles ties, so that a page never repeats what another showed.
    ordered = rows.order_by(ordering, "name")
    entries = partial(present.repository_entries, viewer=viewer)
    return paginated(request, ordered, entries, _BEFORE if is_legacy else _TODAY)


@endpoint("POST")
@for_anyone
def new_repository(request: HttpRequest, who: SignedIn | None) -> HttpResponse:
    """POST /v2/repositories: the namespace is only in the body."""
    body = Body(request)
    return changes.make(request, who, body, body.text("namespace", LONGEST_PATH))


@endpoint("GET", "HEAD", "PATCH", "DELETE")
@for_anyone
def repository(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    if request.method == "PATCH":
        return changes.describe(request, who, namespace, name)
    if request.method == "DELETE":
        return changes.delete(request, who, namespace, name)
    found = find_repository(who, namespace, name)
    return JsonResponse(present.repository_info(found, viewer_of(who)))


@endpoint("POST")
@for_anyone
def privacy(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    """As told in https://github.com/RyanTheAllmighty/Docker-Hub-API/issues/20."""
    return changes.set_visibility(request, who, namespace, name)


@endpoint("GET", "HEAD")
@for_anyone
def tags(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    found = find_repository(who, namespace, name)
    return paginated(request, found.tags.select_related("pushed_by"), present.tags)


@endpoint("GET", "HEAD", "DELETE")
@for_anyone
def tag(request: HttpRequest, who: SignedIn | None, namespace: str, name: str, tag: str) -> HttpResponse:
    """DELETE: https://github.com/docker/hub-feedback/issues/1759."""
    if request.method == "DELETE":
        return changes.delete_tag(request, who, namespace, name, tag)
    return JsonResponse(present.tag(find_tag(find_repository(who, namespace, name), tag)))


@endpoint("PATCH")
@for_anyone
def immutable_tags(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    return changes.set_immutable(request, who, namespace, name)


@endpoint("POST")
@for_anyone
def verify_rule(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    return changes.verify_rule(request, who, namespace, name)
