"""What the owner of a repository changes through the API; everybody else is refused before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from hub.accounts.models import User
from hub.api import errors
from hub.api.body import BadField, Body
from hub.api.errors import Refused
from hub.audit.actions import Action
from hub.audit.log import note
from hub.registry.errors import RegistryError
from hub.registry.removal import delete_repository, delete_tags
from hub.repositories import present
from hub.repositories.life import Archived, require_active
from hub.repositories.models import LONGEST_DESCRIPTION, LONGEST_OVERVIEW, Repository
from hub.repositories.mutability import BadRule, ImmutableTag, matching, set_mutability
from hub.repositories.names import LONGEST_PATH, problem_with_new_name
from hub.repositories.privacy import NameTaken, NoPrivateLeft, create, set_private
from hub.repositories.reach import find_repository, find_tag, manager_of
from hub.rows import change
from hub.tokens.sign_in import SignedIn

NO_REGISTRY = "O registry não respondeu, e algo ainda pode estar lá. Tente de novo em instantes."


@contextmanager
def _refusals() -> Iterator[None]:
    """What stands in the way of a change, as the API answers it."""
    try:
        yield
    except (Archived, ImmutableTag, NoPrivateLeft) as refused:
        raise Refused(errors.failure(403, refused.told_to_programs)) from refused
    except RegistryError as trouble:
        raise Refused(errors.failure(503, NO_REGISTRY)) from trouble


def make(request: HttpRequest, who: SignedIn | None, body: Body, namespace: str) -> HttpResponse:
    person = manager_of(who, namespace)
    name = body.text("name", LONGEST_PATH)
    if body.text("namespace", LONGEST_PATH) != namespace:
        raise BadField("namespace", "O campo namespace precisa ser o mesmo do endereço.")
    if problem := problem_with_new_name(namespace, name):
        raise BadField("name", problem)
    body.text("registry", LONGEST_PATH, "docker.io")  # there is one registry here
    description = body.text("description", LONGEST_DESCRIPTION, "")
    overview = body.text("full_description", LONGEST_OVERVIEW, "")
    private = body.flag("is_private", False)
    try:
        with _refusals():
            made = create(person, name, description, private=private, full_description=overview)
    except NameTaken as taken:
        raise BadField("name", f"Já existe o repositório {namespace}/{name}.") from taken
    note(request, Action.REPOSITORY_MADE, made, person=person)
    return JsonResponse(present.repository_info(made, person), status=201)


def describe(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    """As docker/hub-mcp (src/repos.ts) and peter-evans/dockerhub-description send it."""
    person, found = _own(who, namespace, name)
    body = Body(request)
    if body.has("status"):
        raise BadField("status", "O hub de treino não muda o campo status.")
    longest = {"description": LONGEST_DESCRIPTION, "full_description": LONGEST_OVERVIEW}
    sent = {field: body.text(field, most) for field, most in longest.items() if body.has(field)}
    with _refusals():
        require_active(found)
    before = found.description, found.full_description
    change(found, **sent, last_updated=timezone.now())
    if found.description != before[0]:
        note(request, Action.DESCRIPTION_CHANGED, found, person=person)
    if found.full_description != before[1]:
        note(request, Action.OVERVIEW_CHANGED, found, person=person)
    return JsonResponse(present.repository_info(found, person))


def set_visibility(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    person, found = _own(who, namespace, name)
    is_private = Body(request).flag("is_private")
    with _refusals():
        is_news = set_private(found, is_private)
    if is_news:
        action = Action.REPOSITORY_HIDDEN if is_private else Action.REPOSITORY_PUBLISHED
        note(request, action, found, person=person)
    return JsonResponse(present.repository_info(found, person))


def delete(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    person, found = _own(who, namespace, name)
    with _refusals():
        delete_repository(found)
    note(request, Action.REPOSITORY_DELETED, found, person=person)
    return HttpResponse(status=202)


def delete_tag(
    request: HttpRequest, who: SignedIn | None, namespace: str, name: str, tag: str
) -> HttpResponse:
    person, found = _own(who, namespace, name)
    row = find_tag(found, tag)
    with _refusals():
        delete_tags(found, [row.name])
    note(request, Action.TAG_DELETED, row, person=person)
    return HttpResponse(status=204)


def set_immutable(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    person, found = _own(who, namespace, name)
    body = Body(request)
    immutable, rules = body.flag("immutable_tags"), body.texts("immutable_tags_rules")
    try:
        with _refusals():
            is_news = set_mutability(found, immutable, rules)
    except BadRule as bad:
        raise BadField("immutable_tags_rules", str(bad)) from bad
    if is_news:
        note(request, Action.MUTABILITY_CHANGED, found, person=person)
    return JsonResponse(present.repository_info(found, person))


def verify_rule(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    """The tags that a rule would hold, before anybody sets it."""
    _, found = _own(who, namespace, name)
    rule = Body(request).secret("regex")
    try:
        return JsonResponse({"tags": matching(found, rule)})
    except BadRule as bad:
        raise BadField("regex", str(bad)) from bad


def _own(who: SignedIn | None, namespace: str, name: str) -> tuple[User, Repository]:
    return manager_of(who, namespace), find_repository(who, namespace, name)
