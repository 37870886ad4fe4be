"""Which repositories the hub reads tag by tag in a round: to read all of all would be thousands of requests.

A tag can only have moved where a push was allowed: those are read until the token has ended, and once more.
The others have their turn once a day, each at its own time, in case another hand changed the registry.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from hub.registry.tokens import LASTS
from hub.repositories.models import Repository

_DAY = 24 * 60 * 60
_NOTED_EVERY = timedelta(minutes=1)
_SPREAD = 2_654_435_761  # a prime: neighbours in the table come at times far apart


def note_push(repository: Repository) -> None:
    """A push was allowed. docker asks several times for each: it is written once a minute."""
    now = timezone.now()
    if repository.push_allowed_at is None or repository.push_allowed_at < now - _NOTED_EVERY:
        Repository.objects.filter(pk=repository.pk).update(push_allowed_at=now)


def needs_a_look(repository: Repository, since: datetime | None, now: datetime) -> bool:
    """`since`: when the last round began; None for the first one, which reads everything."""
    if since is None:
        return True
    last_push = max(repository.push_allowed_at or repository.created_at, repository.created_at)
    return last_push > since - LASTS - _NOTED_EVERY or _has_its_turn(repository.pk, since, now)


def _has_its_turn(pk: int, since: datetime, now: datetime) -> bool:
    moment = pk * _SPREAD % _DAY
    return (now.timestamp() - moment) % _DAY < (now - since).total_seconds()
