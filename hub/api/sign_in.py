"""Where a Docker ID and a secret become a token for the API: today's address, and the one before it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse

from hub.accounts.attempts import TooManyAttempts
from hub.accounts.names import DOCKER_ID
from hub.accounts.two_factor import SecondFactorNeeded
from hub.api import errors
from hub.api.bearer import issue
from hub.api.body import BadField, Body
from hub.api.endpoint import endpoint
from hub.api.second_step import ask_for_code
from hub.tokens.sign_in import SignedIn, TokenRefused, sign_in

WRONG = "Docker ID ou senha incorretos, ou conta ainda não confirmada."


@endpoint("POST")
def create_token(request: HttpRequest) -> HttpResponse:
    """POST /v2/auth/token; the secret is a password or a personal access token."""
    try:
        return _answer(request, "identifier", "secret", "access_token", WRONG)
    except SecondFactorNeeded as needed:
        return errors.failure(401, str(needed))


@endpoint("POST")
def login(request: HttpRequest) -> HttpResponse:
    """POST /v2/users/login, which Docker Hub calls deprecated and programs still use."""
    try:
        return _answer(request, "username", "password", "token", "Incorrect authentication credentials")
    except SecondFactorNeeded as needed:
        return ask_for_code(needed.person)


def _answer(request: HttpRequest, name: str, secret: str, result: str, wrong: str) -> HttpResponse:
    """Raises SecondFactorNeeded."""
    try:
        body = Body(request)
        typed = body.secret(name), body.secret(secret)
        who = _sign_in(*typed, address=request.META.get("REMOTE_ADDR", ""))
    except (BadField, TokenRefused) as refused:
        # Also for a body without the fields: the documentation knows 200 and 401 here, and nothing else.
        return errors.failure(401, str(refused))
    except TooManyAttempts as too_many:
        return errors.too_many(str(too_many), too_many.seconds)
    return errors.failure(401, wrong) if who is None else JsonResponse({result: issue(who)})


def _sign_in(username: str, secret: str, address: str) -> SignedIn | None:
    return sign_in(username, secret, address) if DOCKER_ID.fullmatch(username) else None
