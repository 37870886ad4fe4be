"""Erases whom the class has long been over for (LGPD: what is kept is kept for a stated time)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from hub.classroom.erasure import erase
from hub.classroom.models import Attempt, Member, Result


def forget_old_members() -> None:
    """With all that was kept of them in the class; an account on the hub stays."""
    for member in _old(timezone.now() - timedelta(days=settings.HUB_CLASS_DAYS)):
        erase(member)


def _old(since: datetime) -> QuerySet[Member]:
    """What nobody could tell is no news of somebody: the judge looks at that again and again."""
    mine = Result.objects.filter(member=OuterRef("pk"))
    results = mine.filter(Q(is_gradable=True, checked_at__gte=since) | Q(since__gte=since))
    attempts = Attempt.objects.filter(member=OuterRef("pk"), last_at__gte=since)
    quiet = Member.objects.exclude(Exists(results)).exclude(Exists(attempts))
    return quiet.filter(Q(claimed_at=None) | Q(claimed_at__lt=since), added_at__lt=since)
