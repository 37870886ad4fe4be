"""/v2/access-tokens: a person's own tokens, for programs; the schemas are accessToken and its requests'."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from hub.accounts.models import User
from hub.api import errors
from hub.api.bearer import for_password
from hub.api.body import BadField, Body
from hub.api.paging import paginated
from hub.tokens.models import LONGEST_LABEL, AccessToken, TooManyTokens
from hub.tokens.scopes import Scope


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_password
def tokens(request: HttpRequest, person: User) -> HttpResponse:
    return _create(request, person) if request.method == "POST" else _list(request, person)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
@for_password
def token(request: HttpRequest, person: User, uuid: str) -> HttpResponse:
    found = _find(person, uuid)
    if found is None:
        return errors.not_found()
    if request.method == "PATCH":
        return _change(request, found)
    if request.method == "DELETE":
        found.delete()
        return HttpResponse(status=204)
    return JsonResponse(present(found))


def present(token: AccessToken, secret: str = "") -> dict[str, Any]:
    """The schema accessToken; the secret is there once, in the answer that creates it."""
    return {
        "uuid": str(token.uuid),
        "client_id": "HUB",
        "creator_ip": token.creator_ip,
        "creator_ua": token.creator_ua,
        "created_at": token.created_at,
        "last_used": token.last_used,
        "generated_by": "manual",
        "is_active": token.is_active,
        "token": secret,
        "token_label": token.label,
        "scopes": token.scopes,
        "expires_at": token.expires_at,
    }


def _list(request: HttpRequest, person: User) -> HttpResponse:
    own = AccessToken.objects.filter(owner=person)
    active = own.filter(is_active=True).exclude(expires_at__lte=timezone.now()).count()
    return paginated(request, own, present, active_count=active)


def _create(request: HttpRequest, person: User) -> HttpResponse:
    try:
        body = Body(request)
        label, scopes = read_label(body), _scopes(body)
        expires_at = body.moment("expires_at")
        if expires_at is not None and expires_at <= timezone.now():
            raise BadField("expires_at", "O campo expires_at precisa ser uma data que ainda não passou.")
        made, secret = AccessToken.objects.issue(
            person,
            label,
            scopes,
            expires_at,
            address=request.META.get("REMOTE_ADDR", ""),
            agent=request.headers.get("User-Agent", ""),
        )
    except BadField as bad:
        return errors.invalid(bad.field, str(bad))
    except TooManyTokens as too_many:
        return errors.invalid("token_label", str(too_many))
    return JsonResponse(present(made, secret), status=201)


def _change(request: HttpRequest, token: AccessToken) -> HttpResponse:
    try:
        body = Body(request)
        token.label = read_label(body) if body.has("token_label") else token.label
        token.is_active = body.flag("is_active", token.is_active)
    except BadField as bad:
        return errors.invalid(bad.field, str(bad))
    token.save(update_fields=["label", "is_active"])
    return JsonResponse(present(token))


def read_label(body: Body) -> str:
    label = body.text("token_label", LONGEST_LABEL, shortest=1).strip()
    if not label or not label.isprintable():
        raise BadField("token_label", "O campo token_label precisa ser um nome, em uma linha só.")
    return label


def _scopes(body: Body) -> list[str]:
    scopes, known = body.texts("scopes"), [scope.value for scope in Scope]
    if not scopes or not set(scopes) <= set(known):
        raise BadField("scopes", f"O campo scopes precisa ter ao menos um destes: {', '.join(known)}.")
    return scopes


def _find(person: User, uuid: str) -> AccessToken | None:
    try:
        return AccessToken.objects.filter(owner=person, uuid=UUID(uuid)).first()
    except ValueError:
        return None
