"""Writing down who did what, for a bounded time and never with a secret."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from hub.audit.actions import BY_PROGRAMS, Action
from hub.audit.models import LONGEST_ADDRESS, LONGEST_SUBJECT, Entry

KEPT_FOR = timedelta(days=90)
MOST_FAILURES = 20_000  # anybody can make one, so their number is bounded too
MOST_BY_PROGRAMS = 2_000  # of each person


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
    _keep_newest(Entry.objects.filter(action=Action.SIGN_IN_FAILED), MOST_FAILURES)
    by_programs = Entry.objects.filter(action__in=BY_PROGRAMS)
    counts = by_programs.order_by().values("person").annotate(entries=Count("pk"))
    for one in counts.filter(entries__gt=MOST_BY_PROGRAMS):
        _keep_newest(by_programs.filter(person=one["person"]), MOST_BY_PROGRAMS)


def _keep_newest(entries: QuerySet[Entry], most: int) -> None:
    oldest = entries.order_by("-pk").values_list("pk", flat=True)[most - 1 : most].first()
    if oldest is not None:
        entries.filter(pk__lt=oldest).delete()
