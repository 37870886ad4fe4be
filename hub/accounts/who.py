"""Whoever is signed in to a page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from hub.accounts.models import User


def person_of(request: HttpRequest) -> User:
    """For views behind `login_required`. Raises PermissionDenied for a visitor."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
