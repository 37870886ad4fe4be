"""What a member does on the hub's pages and the board should know of at once."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.dispatch import receiver

from hub.classroom.calls import call


@receiver(email_confirmed)
def _confirmed(email_address: EmailAddress, **_: Any) -> None:
    call(email_address.user.get_username())
