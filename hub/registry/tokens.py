"""Signs what the registry trusts: a short-lived list of what its bearer may do."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypedDict

import jwt

from hub.registry import INTERNAL_SUBJECT, ISSUER, SERVICE
from hub.registry.keys import signing_key

LIFE = timedelta(seconds=240)
LEEWAY = timedelta(seconds=60)  # for which the registry still takes one that has ended
LASTS = LIFE + LEEWAY  # what somebody may still do who may no more


# An entry that no registry knows, and so grants nothing: why its bearer may not push, in a sentence.
REFUSED: Final = "refused-push"


class Access(TypedDict):
    """One entry of the claim `access`, as the registry reads it; of REFUSED, `actions` has the sentence."""

    type: str
    name: str
    actions: list[str]


@dataclass(frozen=True)
class RegistryToken:
    text: str
    issued_at: datetime


def mint(subject: str, access: Sequence[Access]) -> RegistryToken:
    """A token for `subject`, empty for an anonymous one."""
    key = signing_key()
    now = datetime.now(UTC).replace(microsecond=0)
    claims = {
        "iss": ISSUER,
        "sub": subject,
        "aud": SERVICE,  # a list would be refused by registry 2.8
        "exp": now + LIFE,
        "nbf": now,
        "iat": now,
        "jti": secrets.token_urlsafe(16),
        "access": list(access),
    }
    # x5c is the one way of naming the key that 2.8 and 3.x read alike.
    text = jwt.encode(claims, key.private, algorithm="ES256", headers={"x5c": list(key.x5c)})
    return RegistryToken(text, now)


def read(text: str) -> list[Access]:
    """What a token that is ours, and still good, lets its bearer do; nothing for any other."""
    try:
        claims = jwt.decode(
            text,
            signing_key().private.public_key(),
            algorithms=["ES256"],
            audience=SERVICE,
            issuer=ISSUER,
            leeway=LEEWAY,
        )
    except jwt.InvalidTokenError:
        return []
    granted: list[Access] = claims["access"]
    return granted


def mint_internal(access: Access) -> str:
    """A token for the hub's own reads, which are nobody's pulls."""
    return mint(INTERNAL_SUBJECT, [access]).text
