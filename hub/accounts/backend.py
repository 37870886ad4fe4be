"""Checking a password for the pages: once for each sign-in, whatever was typed as the name."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from hub.accounts.models import User


class OneCheck(AuthenticationBackend):  # type: ignore[misc]
    """allauth tries a known e-mail twice and others once: the time would tell which have an account."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        name, password = credentials.get("username") or "", credentials.get("password") or ""
        found: User | None
        if name and "@" not in name:
            found = self._authenticate_by_username(name, password)
        else:
            found = self._authenticate_by_email(credentials.get("email") or name, password)
        return found
