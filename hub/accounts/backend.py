"""Checking a password for the pages: once for each sign-in, whatever was typed as the name."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from hub.accounts.models import User


class OneCheck(AuthenticationBackend):  # type: ignore[misc]
    """allauth tries a known e-mail twice and others once: the time would tell which have an account."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        login = credentials.get("username") or credentials.get("email") or ""
        found: User | None = self._check_password(User.objects.by_login(login), credentials["password"])
        return found
