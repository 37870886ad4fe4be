"""The reading part of Docker Hub's /v2, and the search that `docker search` asks for."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from hub.accounts.attempts import TooManyAttempts
from hub.accounts.models import User
from hub.accounts.names import DOCKER_ID
from hub.accounts.passwords import verify
from hub.repositories import errors, present
from hub.repositories.bearer import BadToken, issue, viewer_of
from hub.repositories.models import Repository, Tag, by_name
from hub.repositories.names import is_tag, parse_repository
from hub.repositories.paging import paginated

ORDERINGS = ("name", "-name", "last_updated", "-last_updated", "pull_count", "-pull_count")
_MOST_FOUND = 100
_P = ParamSpec("_P")


def reader(
    view: Callable[Concatenate[HttpRequest, User | None, _P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, _P], HttpResponse]:
    """A view that only reads, told who asks; a token that is not good is refused, not ignored."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        try:
            viewer = viewer_of(request)
        except BadToken:
            return errors.bad_token()
        return view(request, viewer, *args, **kwargs)

    return answer


@csrf_exempt
@require_POST
def create_token(request: HttpRequest) -> HttpResponse:
    try:
        asked = json.loads(request.body)
        identifier, secret = asked["identifier"], asked["secret"]
    except (ValueError, KeyError, TypeError):
        return errors.invalid("identifier", "Mande um JSON com identifier (o Docker ID) e secret (a senha).")
    if not (isinstance(identifier, str) and isinstance(secret, str)):
        return errors.invalid("identifier", "Os campos identifier e secret precisam ser textos.")
    address = request.META.get("REMOTE_ADDR", "")
    try:
        person = verify(identifier, secret, address) if DOCKER_ID.fullmatch(identifier) else None
    except TooManyAttempts as too_many:
        return errors.too_many(str(too_many), too_many.seconds)
    if person is None:
        return errors.failure(401, "Docker ID ou senha incorretos, ou conta ainda não confirmada.")
    return JsonResponse({"access_token": issue(person)})


@require_safe
def user(request: HttpRequest, docker_id: str) -> HttpResponse:
    known = DOCKER_ID.fullmatch(docker_id) is not None
    person = User.objects.filter(username=docker_id, is_active=True).first() if known else None
    return JsonResponse(present.person(person)) if person else errors.not_found()


@reader
def repositories(request: HttpRequest, viewer: User | None, namespace: str) -> HttpResponse:
    ordering = request.GET.get("ordering", "-last_updated")
    if ordering not in ORDERINGS:
        return errors.invalid("ordering", f"O parâmetro ordering aceita: {', '.join(ORDERINGS)}.")
    rows = Repository.objects.visible_to(viewer).filter(namespace=_plain(namespace))
    wanted = _plain(request.GET.get("name", ""))
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    # The name settles ties, so that a page never repeats what another showed.
    ordered = rows.order_by(ordering, "name").prefetch_related("tags")
    return paginated(request, ordered, partial(present.repository_entry, viewer=viewer))


@reader
def repository(request: HttpRequest, viewer: User | None, namespace: str, name: str) -> HttpResponse:
    found = _find(viewer, namespace, name)
    return JsonResponse(present.repository_info(found, viewer)) if found else errors.not_found()


@reader
def tags(request: HttpRequest, viewer: User | None, namespace: str, name: str) -> HttpResponse:
    found = _find(viewer, namespace, name)
    if found is None:
        return errors.not_found()
    return paginated(request, found.tags.select_related("pushed_by"), present.tag)


@reader
def tag(request: HttpRequest, viewer: User | None, namespace: str, name: str, tag: str) -> HttpResponse:
    found = _find(viewer, namespace, name)
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


@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """Anything else under /v2: programs ask here, so the answer is JSON."""
    return errors.failure(404, "O hub de treino não tem este endereço em /v2.")


def _find(viewer: User | None, namespace: str, name: str) -> Repository | None:
    path = parse_repository(f"{namespace}/{name}")
    return by_name(viewer, *path) if path else None


def _plain(text: str) -> str:
    """Without NUL, which PostgreSQL refuses in any text."""
    return text.replace("\0", "")
