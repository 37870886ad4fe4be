"""Who may read what: on one's own machine everything, on a server of a class only what is one's own.

A code to choose a new password is then shown to nobody: whoever asked for it is not signed in. A hub for many
machines that wants it sends real e-mail (HUB_SMTP_HOST), or lets the teacher choose a password.
"""

from __future__ import annotations

from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from hub.accounts.models import User
from hub.inbox.models import Mail


def is_open() -> bool:
    is_open: bool = settings.HUB_MAILBOX == "open"
    return is_open


def readable(request: HttpRequest) -> QuerySet[Mail]:
    return Mail.objects.all() if is_open() else Mail.objects.filter(recipient__in=_own_addresses(request))


def _own_addresses(request: HttpRequest) -> set[str]:
    """Of whoever is signed in, and of the account that is being confirmed in this very browser."""
    found = {request.user.email} if isinstance(request.user, User) else set()
    pending = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY) or {}
    # Without telling so, allauth goes through the motions for an address that somebody else has already.
    if pending.get("user_id") and not pending.get("account_already_exists"):
        found.add(str(pending.get("email", "")))
    return {address.lower() for address in found if address}
