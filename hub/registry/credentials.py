"""Who is asking for a token: reads Basic or the form, and says in one sentence why it was refused."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from django.conf import settings

from hub.accounts.models import User
from hub.accounts.names import DOCKER_ID
from hub.accounts.two_factor import SecondFactorNeeded
from hub.tokens.models import PREFIX
from hub.tokens.sign_in import SignedIn, TokenRefused, page, sign_in

WRONG = (
    "Docker ID ou senha incorretos. Confira se o Docker ID está em minúsculas "
    "e se a senha é a da sua conta no hub de treino."
)

BY_EMAIL = "No login do docker, use o Docker ID da sua conta no hub de treino, e não o e-mail."


class Refused(Exception):  # noqa: N818
    """The sentence that docker shows."""


@dataclass(frozen=True)
class Credentials:
    username: str
    password: str = field(repr=False)


def read_basic(header: str | None) -> Credentials | None:
    """None when nothing was sent, which asks for a token as anyone."""
    if not header:
        return None
    scheme, _, encoded = header.partition(" ")
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise Refused(WRONG) from error
    username, colon, password = text.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise Refused(WRONG)
    return Credentials(username, password)


def identify(credentials: Credentials | None, address: str) -> SignedIn | None:
    """The person; None for anyone. Raises Refused and TooManyAttempts."""
    if credentials is None:
        return None
    if not DOCKER_ID.fullmatch(credentials.username):
        raise Refused(BY_EMAIL if "@" in credentials.username else WRONG)
    try:
        who = sign_in(credentials.username, credentials.password, address)
    except (TokenRefused, SecondFactorNeeded) as refused:
        raise Refused(str(refused)) from refused
    if who is None:
        raise Refused(_reason(credentials))
    return who


def _reason(credentials: Credentials) -> str:
    # Whether an account is confirmed is public on the practice hub (/v2/users), so this tells nothing new.
    person = User.objects.filter(username=credentials.username, is_active=True).first()
    if person is not None and not person.is_confirmed:
        return (
            f"A conta {person.username} ainda não foi confirmada. "
            f"Entre em {settings.HUB_WEB_URL} e digite o código que chegou por e-mail."
        )
    if credentials.password.startswith(PREFIX):
        return (
            "incorrect username or password: este token de acesso não existe ou foi apagado. "
            f"Crie outro em {page()} e entre de novo com: docker login -u {credentials.username}"
        )
    return WRONG
