"""Who may read what: on one's own machine everything, on a server of a class only what is one's own.

A code to choose a new password is then shown to nobody: whoever asked for it is not signed in. A hub for many
machines that wants it sends real e-mail (HUB_SMTP_HOST), or lets the teacher choose a password.
"""

from __future__ import annotations

from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.models import EmailAddress
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
    own = EmailAddress.objects.filter(user=request.user.pk, verified=True).values_list("email", flat=True)
    return {"", *own, *_pending(request)}  # never empty: the database is asked alike, whoever it is


def _pending(request: HttpRequest) -> list[str]:
    """The session alone proves nothing: the account may have another address now, and this one another owner.
    And whoever signs up may name an address that somebody has, or that somebody else named first."""
    state = request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY)
    process = EmailVerificationProcess(request, state) if state else None
    if process is None or process.user is None or not process.is_valid():
        return []
    email = process.email.lower()
    named = EmailAddress.objects.filter(user=process.user, email=email, verified=False)
    return [email] if named.exists() and User.objects.by_email(email) == process.user else []
