"""/v2/access-tokens: a person's own tokens, for programs; the schemas are accessToken and its requests'."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from hub.accounts.models import User
from hub.api import errors
from hub.api.bearer import for_password
from hub.api.body import BadField, Body
from hub.api.endpoint import endpoint
from hub.api.paging import Manners, paginated
from hub.audit.actions import Action
from hub.audit.log import note
from hub.rows import change
from hub.tokens.models import LONGEST_LABEL, LONGEST_LIFE, AccessToken, TooManyTokens
from hub.tokens.scopes import Scope

_MANNERS = Manners(wrong=400, after_last=400)


@endpoint("GET", "HEAD", "POST")
@for_password
def tokens(request: HttpRequest, person: User) -> HttpResponse:
    return _create(request, person) if request.method == "POST" else _list(request, person)


@endpoint("GET", "HEAD", "PATCH", "DELETE")
@for_password
def token(request: HttpRequest, person: User, uuid: str) -> HttpResponse:
    found = _find(person, uuid)
    if found is None:
        return errors.not_found()
    if request.method == "PATCH":
        return _change(request, found)
    if request.method == "DELETE":
        found.delete()
        note(request, Action.TOKEN_REVOKED, found, person=person)
        return HttpResponse(status=204)
    return JsonResponse(present(found))


def present(token: AccessToken, secret: str = "") -> dict[str, Any]:
    """The schema accessToken; the secret is there once, in the answer that creates it.

    A token that never expires has no `expires_at`: the schema knows no null there.
    """
    described = {
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
    }
    return described if token.expires_at is None else described | {"expires_at": token.expires_at}


def _list(request: HttpRequest, person: User) -> HttpResponse:
    own = AccessToken.objects.filter(owner=person)
    active = own.filter(is_active=True).exclude(expires_at__lte=timezone.now()).count()
    return paginated(request, own, lambda rows: [present(row) for row in rows], _MANNERS, active_count=active)


def _create(request: HttpRequest, person: User) -> HttpResponse:
    body = Body(request)
    label, scopes, expires_at = read_label(body), _scopes(body), _expiry(body)
    try:
        made, secret = AccessToken.objects.issue(
            person,
            label,
            scopes,
            expires_at,
            address=request.META.get("REMOTE_ADDR", ""),
            agent=request.headers.get("User-Agent", ""),
        )
    except TooManyTokens as too_many:
        raise BadField("token_label", str(too_many)) from too_many
    note(request, Action.TOKEN_MADE, made, person=person)
    return JsonResponse(present(made, secret), status=201)


def _change(request: HttpRequest, token: AccessToken) -> HttpResponse:
    body, was_active = Body(request), token.is_active
    sent: dict[str, str | bool] = {}
    if body.has("token_label"):
        sent["label"] = read_label(body)
    if body.has("is_active"):
        sent["is_active"] = body.flag("is_active")
    change(token, **sent)
    if token.is_active != was_active:
        switched = Action.TOKEN_SWITCHED_ON if token.is_active else Action.TOKEN_SWITCHED_OFF
        note(request, switched, token, person=token.owner)
    return JsonResponse(present(token))


def read_label(body: Body) -> str:
    label = body.text("token_label", LONGEST_LABEL, shortest=1).strip()
    if not label or not label.isprintable():
        raise BadField("token_label", "O campo token_label precisa ser um nome, em uma linha só.")
    return label


def _expiry(body: Body) -> datetime | None:
    expires_at, now = body.moment("expires_at"), timezone.now()
    if expires_at is not None and not now < expires_at <= now + LONGEST_LIFE:
        raise BadField(
            "expires_at", "O campo expires_at precisa ser uma data que ainda não passou, de agora a um ano."
        )
    return expires_at


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
