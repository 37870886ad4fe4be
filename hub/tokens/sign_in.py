"""Signing in with a Docker ID and a secret, which is the password or one of the person's access tokens."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from hub.accounts.models import User
from hub.accounts.passwords import verify
from hub.audit.actions import Action
from hub.audit.log import note
from hub.tokens.models import AccessToken
from hub.tokens.scopes import Scope


@dataclass(frozen=True)
class SignedIn:
    """A person, and the access token that spoke for them; None when they typed their password."""

    person: User
    token: AccessToken | None = None

    def may(self, scope: Scope) -> bool:
        return self.token is None or self.token.allows(scope)

    @property
    def viewer(self) -> User | None:
        """In whose name something is read: with a token for what is public, in nobody's."""
        return self.person if self.may(Scope.READ) else None


class TokenRefused(Exception):  # noqa: N818
    """A token of this very person that does not sign in any more: the sentence says why, and what to do."""


def page() -> str:
    return settings.HUB_WEB_URL + reverse("access_tokens")


def sign_in(username: str, secret: str, address: str = "") -> SignedIn | None:
    """None when name and secret do not match. Raises TokenRefused, SecondFactorNeeded and TooManyAttempts.

    What is no token of that person is tried as the password, so guessing tokens is as slow as guessing it.
    """
    token = AccessToken.objects.with_secret(username, secret)
    if token is None:
        person = verify(username, secret, address)
        return SignedIn(person) if person else None
    if not token.owner.is_active or not token.owner.is_confirmed:
        return None
    if not token.works:
        raise TokenRefused(_why_refused(token))
    if token.note_use():
        note(token.owner, Action.TOKEN_USED, token.label, address=address)
    return SignedIn(token.owner, token)


def _why_refused(token: AccessToken) -> str:
    """In the real hub's words where they are known, then in ours.

    "personal access token is expired" is what docker shows: https://github.com/sailor-sh/CK-X/issues/60.
    """
    again = f"e entre de novo com: docker login -u {token.owner.username}"
    if token.expires_at is not None and token.is_expired:
        when = f"{timezone.localtime(token.expires_at):%d/%m/%Y às %H:%M}"
        return (
            f"personal access token is expired: o token «{token.label}» venceu em {when}. "
            f"Crie outro em {page()} {again}"
        )
    return (
        f"personal access token is inactive: o token «{token.label}» está desativado. "
        f"Ative-o em {page()}, ou crie outro lá {again}"
    )
