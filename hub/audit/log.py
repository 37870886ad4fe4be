"""Writing down who did what, for a bounded time and never with a secret."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from hub.audit.actions import Action
from hub.audit.models import LONGEST_ADDRESS, LONGEST_SUBJECT, Entry

KEPT_FOR = timedelta(days=90)
MOST_FAILURES = 20_000  # anybody can make one, so their number is bounded too


def note(
    who: HttpRequest | AbstractBaseUser | None,
    action: Action,
    subject: object = "",
    *,
    person: AbstractBaseUser | None = None,
    address: str = "",
) -> None:
    """One entry. A request tells its address, and who is signed in unless `person` says whose entry it is.

    `subject` is a name (a repository, a token's label), never what somebody typed as a secret.
    """
    if isinstance(who, HttpRequest):
        address = address or who.META.get("REMOTE_ADDR", "")
        who = getattr(who, "user", None)
    person = person or (who if isinstance(who, AbstractBaseUser) else None)
    Entry.objects.create(
        person_id=person.pk if person else None,
        action=action,
        subject=str(subject).replace("\0", "")[:LONGEST_SUBJECT],
        address=address[:LONGEST_ADDRESS],
    )


def forget_old_entries() -> None:
    Entry.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()
    failures = Entry.objects.filter(action=Action.SIGN_IN_FAILED)
    oldest = failures.order_by("-pk").values_list("pk", flat=True)[MOST_FAILURES - 1 : MOST_FAILURES].first()
    if oldest is not None:
        failures.filter(pk__lt=oldest).delete()
