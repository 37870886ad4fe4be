"""The token service of auth.docker.io, and the door where the registry leaves its notifications."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from hub.accounts.attempts import TooManyAttempts
from hub.registry import INTERNAL_SUBJECT, SERVICE, limits
from hub.registry.access import Denied, NotAllowed, grant
from hub.registry.client import RegistryClient
from hub.registry.credentials import Credentials, Refused, identify, read_basic
from hub.registry.events import BadEnvelope, read_events
from hub.registry.grader import is_grader, reads
from hub.registry.notifications import handle
from hub.registry.scope import parse_scopes
from hub.registry.tokens import LIFE, mint

# The registry waits for the answer (10 s in its configuration): what was not read by then comes later.
_READ_FOR = 4.0


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def token(request: HttpRequest) -> HttpResponse:
    """GET with Basic, as docker's classic store asks; POST of a form, as its containerd store does."""
    asked = request.GET if request.method == "GET" else request.POST
    if asked.get("service", SERVICE) != SERVICE:
        return _bad_request(f"Este serviço só dá permissões para {SERVICE}.", "invalid_request")
    if request.method == "POST" and asked.get("grant_type") != "password":
        return _bad_request(
            "Aqui só se entra com Docker ID e senha ou token de acesso.", "unsupported_grant_type"
        )
    scopes, address = parse_scopes(asked.getlist("scope")), request.META.get("REMOTE_ADDR", "")
    try:
        credentials = _credentials(request)
        if is_grader(credentials):
            return _granted(INTERNAL_SUBJECT, reads(scopes))
        limits.check(address)
        who = identify(credentials, address)
        access = grant(who, scopes, gate_tells=_gate_tells(request))
    except Denied as denied:
        return _refusal(403, "DENIED", str(denied), {})
    except (Refused, NotAllowed) as refused:
        return _unauthorized(str(refused))
    except (TooManyAttempts, limits.TooManyRequests) as too_many:
        return _refusal(429, "TOOMANYREQUESTS", str(too_many), {"Retry-After": str(too_many.seconds)})
    return _granted(who.person.username if who else "", access)


def _gate_tells(request: HttpRequest) -> bool:
    """containerd's store asks by POST, and of a refusal here it shows the status alone."""
    return request.method == "POST" and bool(settings.HUB_GATE_BINDS)


def _credentials(request: HttpRequest) -> Credentials | None:
    if request.method == "GET":
        return read_basic(request.headers.get("Authorization"))
    return Credentials(request.POST.get("username", ""), request.POST.get("password", ""))


def _granted(subject: str, access: Sequence[Any]) -> HttpResponse:
    # No refresh_token, ever: docker would store it in place of the password and come back with it.
    minted = mint(subject, access)
    return JsonResponse(
        {
            "token": minted.text,
            "access_token": minted.text,
            "expires_in": int(LIFE.total_seconds()),
            "issued_at": minted.issued_at.isoformat().replace("+00:00", "Z"),
        }
    )


def _unauthorized(sentence: str) -> HttpResponse:
    realm = 'Basic realm="auth.docker.io", charset="UTF-8"'
    return _refusal(401, "UNAUTHORIZED", sentence, {"WWW-Authenticate": realm})


def _refusal(status: int, code: str, sentence: str, headers: dict[str, str]) -> HttpResponse:
    """docker shows `details`; other clients know the registry's own list of errors."""
    body = {"details": sentence, "errors": [{"code": code, "message": sentence, "detail": None}]}
    return JsonResponse(body, status=status, headers=headers)


def _bad_request(sentence: str, code: str) -> HttpResponse:
    return JsonResponse({"error": code, "error_description": sentence, "details": sentence}, status=400)


@csrf_exempt
@require_POST
def notifications(request: HttpRequest) -> HttpResponse:
    secret, brought = settings.HUB_NOTIFICATIONS_SECRET, request.headers.get("Authorization", "")
    if not secret or not constant_time_compare(brought, f"Bearer {secret}"):
        return JsonResponse({"detail": "Só o registry entrega notificações aqui."}, status=403)
    try:
        events = list(read_events(json.loads(request.body)))
    except (ValueError, BadEnvelope):
        return JsonResponse({"detail": "O corpo não é uma notificação de registry."}, status=400)
    client = RegistryClient(deadline=_READ_FOR)
    for event in events:
        handle(event, client)
    return HttpResponse(status=202)
