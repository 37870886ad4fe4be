"""The short-lived tokens of the hub's own API: made by /v2/auth/token, brought by `Authorization: Bearer`.

They are signed with the hub's secret and not with the registry's key, so neither side takes the other's.
One that was asked for with a personal access token remembers which, and dies with it; one that was asked
for with the password dies when the password changes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import jwt
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from hub.accounts.models import User
from hub.api import errors
from hub.tokens.models import AccessToken
from hub.tokens.sign_in import SignedIn

LIFE = timedelta(minutes=10)
AUDIENCE = "https://hub.docker.com"
_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, _P], HttpResponse]


class BadToken(Exception):  # noqa: N818
    """A token came, and it is not good."""


def issue(who: SignedIn) -> str:
    now = datetime.now(UTC)
    claims = {"iss": AUDIENCE, "aud": AUDIENCE, "sub": who.person.username, "iat": now, "exp": now + LIFE}
    if who.token is None:
        claims["standing"] = _standing(who.person)
    else:
        claims["pat"] = str(who.token.uuid)
    return jwt.encode(claims, _key(), algorithm="HS256")


def asker_of(request: HttpRequest) -> SignedIn | None:
    """Who asks; None for anyone. A browser's session does not count here, as on the real hub."""
    claims = _claims(request)
    if claims is None:
        return None
    person = User.objects.filter(username=claims["sub"], is_active=True).first()
    if person is None:
        raise BadToken
    if "pat" in claims:
        return SignedIn(person, _access_token(person, claims["pat"]))
    if not constant_time_compare(str(claims.get("standing")), _standing(person)):
        raise BadToken
    return SignedIn(person)


def subject_of(request: HttpRequest) -> str | None:
    """The Docker ID that a good token names, without asking whether the account still has it."""
    try:
        claims = _claims(request)
    except BadToken:
        return None
    return claims["sub"] if claims else None


def _claims(request: HttpRequest) -> dict[str, Any] | None:
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _, text = header.partition(" ")
    if scheme.lower() not in {"bearer", "jwt"}:
        raise BadToken
    try:
        claims: dict[str, Any] = jwt.decode(
            text.strip(),
            _key(),
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=AUDIENCE,
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError as error:
        raise BadToken from error
    return claims


def _access_token(person: User, uuid: str) -> AccessToken:
    token = AccessToken.objects.filter(uuid=UUID(uuid), owner=person).first()
    if token is None or not token.works:
        raise BadToken
    return token


def for_anyone(view: Callable[Concatenate[HttpRequest, SignedIn | None, _P], HttpResponse]) -> _View[_P]:
    """A view told who asks; a token that is not good is refused, not ignored."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        try:
            who = asker_of(request)
        except BadToken:
            return errors.bad_token()
        return view(request, who, *args, **kwargs)

    return answer


def for_password(view: Callable[Concatenate[HttpRequest, User, _P], HttpResponse]) -> _View[_P]:
    """A view for whoever signed in with the password: no access token makes or ends another."""

    @for_anyone
    @wraps(view)
    def answer(
        request: HttpRequest, who: SignedIn | None, /, *args: _P.args, **kwargs: _P.kwargs
    ) -> HttpResponse:
        if who is None:
            return errors.sign_in_first()
        if who.token is not None:
            return errors.password_only()
        return view(request, who.person, *args, **kwargs)

    return answer


def _standing(person: User) -> str:
    """Another password, or two-factor switched on or off, ends what was signed in with the password."""
    return salted_hmac("hub.api.standing", person.standing, algorithm="sha256").hexdigest()


def _key() -> bytes:
    return salted_hmac("hub.api.bearer", "", algorithm="sha256").digest()
