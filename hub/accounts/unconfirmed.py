"""Accounts that nobody confirmed: after a while, their Docker IDs are free again."""

from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef
from django.utils import timezone

from hub.accounts.models import User

KEPT_FOR = timedelta(days=7)


def forget_unconfirmed() -> None:
    """Not those whom whoever runs the hub has closed: a name that was somebody's stays theirs."""
    confirmed = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    old = User.objects.filter(date_joined__lt=timezone.now() - KEPT_FOR, is_active=True, repositories=None)
    old.exclude(Exists(confirmed)).delete()
