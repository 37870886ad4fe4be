"""The short-lived tokens of the hub's own API: made by /v2/auth/token, brought by `Authorization: Bearer`.

They are signed with the hub's secret and not with the registry's key, so neither side takes the other's.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jwt
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from hub.accounts.models import User

LIFE = timedelta(minutes=10)
AUDIENCE = "https://hub.docker.com"


class BadToken(Exception):  # noqa: N818
    """A token came, and it is not good."""


def issue(person: User) -> str:
    now = datetime.now(UTC)
    claims = {"iss": AUDIENCE, "aud": AUDIENCE, "sub": person.username, "iat": now, "exp": now + LIFE}
    return jwt.encode(claims, _key(), algorithm="HS256")


def viewer_of(request: HttpRequest) -> User | None:
    """Who asks; None for anyone. A browser's session does not count here, as on the real hub."""
    header = request.headers.get("Authorization", "")
    if not header:
        return None
    scheme, _, text = header.partition(" ")
    if scheme.lower() not in {"bearer", "jwt"}:
        raise BadToken
    try:
        claims = jwt.decode(
            text.strip(),
            _key(),
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=AUDIENCE,
            options={"require": ["exp", "sub"]},
        )
    except jwt.InvalidTokenError as error:
        raise BadToken from error
    person = User.objects.filter(username=claims["sub"], is_active=True).first()
    if person is None:
        raise BadToken
    return person


def _key() -> bytes:
    return salted_hmac("hub.repositories.bearer", "", algorithm="sha256").digest()
