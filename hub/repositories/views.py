"""Repositories and tags of Docker Hub's /v2, and the search that `docker search` asks for."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.accounts.models import User
from hub.accounts.names import DOCKER_ID
from hub.api import errors
from hub.api.bearer import for_anyone
from hub.api.body import BadField, Body
from hub.api.paging import paginated
from hub.repositories import present
from hub.repositories.models import LONGEST_DESCRIPTION, LONGEST_OVERVIEW, Repository, Tag, by_name
from hub.repositories.names import LONGEST_PATH, is_tag, parse_repository, problem_with_new_name
from hub.repositories.privacy import NameTaken, NoPrivateLeft, create, set_private
from hub.tokens.scopes import Scope
from hub.tokens.sign_in import SignedIn

ORDERINGS = ("name", "-name", "last_updated", "-last_updated", "pull_count", "-pull_count")
_MOST_FOUND = 100


@require_safe
def user(request: HttpRequest, docker_id: str) -> HttpResponse:
    known = DOCKER_ID.fullmatch(docker_id) is not None
    person = User.objects.filter(username=docker_id, is_active=True).first() if known else None
    return JsonResponse(present.person(person)) if person else errors.not_found()


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_anyone
def repositories(request: HttpRequest, who: SignedIn | None, namespace: str) -> HttpResponse:
    if request.method == "POST":
        return _create(request, who, namespace)
    ordering = request.GET.get("ordering", "-last_updated")
    if ordering not in ORDERINGS:
        return errors.invalid("ordering", f"O parâmetro ordering aceita: {', '.join(ORDERINGS)}.")
    viewer = who.viewer if who else None
    rows = Repository.objects.visible_to(viewer).filter(namespace=_plain(namespace))
    wanted = _plain(request.GET.get("name", ""))
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    # The name settles ties, so that a page never repeats what another showed.
    ordered = rows.order_by(ordering, "name").prefetch_related("tags")
    return paginated(request, ordered, partial(present.repository_entry, viewer=viewer))


def _create(request: HttpRequest, who: SignedIn | None, namespace: str) -> HttpResponse:
    person = _manager(who, namespace)
    if isinstance(person, HttpResponse):
        return person
    try:
        body = Body(request)
        name = body.text("name", LONGEST_PATH)
        if body.text("namespace", LONGEST_PATH) != namespace:
            raise BadField("namespace", "O campo namespace precisa ser o mesmo do endereço.")
        if problem := problem_with_new_name(namespace, name):
            raise BadField("name", problem)
        made = create(
            person,
            name,
            body.text("description", LONGEST_DESCRIPTION, ""),
            private=body.flag("is_private", False),
            full_description=body.text("full_description", LONGEST_OVERVIEW, ""),
        )
    except BadField as bad:
        return errors.invalid(bad.field, str(bad))
    except NameTaken:
        return errors.invalid("name", f"Já existe o repositório {namespace}/{name}.")
    except NoPrivateLeft as none_left:
        return errors.failure(403, none_left.told_to_programs)
    return JsonResponse(present.repository_info(made, person), status=201)


@csrf_exempt
@require_POST
@for_anyone
def privacy(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    """As told in https://github.com/RyanTheAllmighty/Docker-Hub-API/issues/20."""
    person = _manager(who, namespace)
    if isinstance(person, HttpResponse):
        return person
    found = _find(who, namespace, name)
    if found is None:
        return errors.not_found()
    try:
        set_private(found, Body(request).flag("is_private"))
    except BadField as bad:
        return errors.invalid(bad.field, str(bad))
    except NoPrivateLeft as none_left:
        return errors.failure(403, none_left.told_to_programs)
    return JsonResponse(present.repository_info(found, person))


def _manager(who: SignedIn | None, namespace: str) -> User | HttpResponse:
    """The person whose namespace it is, or the refusal; a token needs the widest permission."""
    if who is None:
        return errors.sign_in_first()
    if who.person.username != namespace:
        return errors.failure(403, "Só quem é dono do namespace cuida dos repositórios dele.")
    return who.person if who.may(Scope.ADMIN) else errors.insufficient_scope()


@require_safe
@for_anyone
def repository(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    found = _find(who, namespace, name)
    viewer = who.viewer if who else None
    return JsonResponse(present.repository_info(found, viewer)) if found else errors.not_found()


@require_safe
@for_anyone
def tags(request: HttpRequest, who: SignedIn | None, namespace: str, name: str) -> HttpResponse:
    found = _find(who, namespace, name)
    if found is None:
        return errors.not_found()
    return paginated(request, found.tags.select_related("pushed_by"), present.tag)


@require_safe
@for_anyone
def tag(request: HttpRequest, who: SignedIn | None, namespace: str, name: str, tag: str) -> HttpResponse:
    found = _find(who, namespace, name)
    row: Tag | None = None
    if found is not None and is_tag(tag):
        row = found.tags.select_related("pushed_by").filter(name=tag).first()
    return JsonResponse(present.tag(row)) if row else errors.not_found()


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The index's classic search: public repositories only, whoever asks."""
    query = _plain(request.GET.get("q", "")).strip()
    found = Repository.objects.visible_to(None).search(query).order_by("-pull_count", "namespace", "name")
    limit = request.GET.get("n", "")
    most = min(int(limit), _MOST_FOUND) if limit.isascii() and limit.isdigit() and len(limit) < 6 else 25
    results = [present.search_result(one) for one in found[: max(most, 1)]]
    return JsonResponse({"num_results": found.count(), "query": query, "results": results})


def _find(who: SignedIn | None, namespace: str, name: str) -> Repository | None:
    path = parse_repository(f"{namespace}/{name}")
    return by_name(who.viewer if who else None, *path) if path else None


def _plain(text: str) -> str:
    """Without NUL, which PostgreSQL refuses in any text."""
    return text.replace("\0", "")
