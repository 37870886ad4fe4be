"""Calls those of whom something may be old, which no word of a push told of: the judge was away when it
came, the registry was away when the judge looked, or another process heard it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from allauth.account.models import EmailAddress
from django.utils import timezone

from checks.classroom.subjects import asks_for_account, repositories_of
from checks.outcome import Outcome
from checks.unit import Unit
from hub.accounts.models import User
from hub.classroom import calls
from hub.classroom.course import units
from hub.classroom.models import Member, Result
from hub.repositories.models import Repository

AGAIN_AFTER = timedelta(minutes=1)  # since a look that could not tell
MOST_AGAIN = 16  # learners of one sweep: a push must not wait for all whom an outage left unsure
_NEVER = datetime.min.replace(tzinfo=UTC)
_COLUMNS = ("member", "unit", "outcome", "is_gradable", "checked_at", "unseen_at")


@dataclass(frozen=True)
class _Look:
    """The last one at a unit of somebody."""

    at: datetime
    is_sure: bool
    is_passed: bool


_Looks = Mapping[str, _Look]  # by unit
_Changes = Mapping[str, datetime]  # by repository


def sweep() -> None:
    """Whoever has a repository that changed after the last look at a unit that it is about, or an account
    and nothing said; and, a few at a time, those of whom the last look could not tell."""
    members = dict(Member.objects.with_account().values_list("docker_id", "pk"))
    accounts = _accounts(members)
    looks, changes = _looks(), _changes(members)
    unsure: list[tuple[datetime, str, frozenset[str] | None]] = []
    for docker_id, pk in members.items():
        mine = looks.get(pk)
        if mine is None:
            if docker_id in accounts:
                calls.call(docker_id)
            continue
        if newer := _newer(mine, changes.get(docker_id, {})):
            calls.look_again(docker_id, newer)
        if docker_id in accounts and (found := list(_unsure(mine, is_confirmed=accounts[docker_id]))):
            unsure.append((min(at for at, _ in found), docker_id, _together(unit for _, unit in found)))
    for _, docker_id, repositories in sorted(unsure, key=lambda one: one[0])[:MOST_AGAIN]:
        if repositories is None:
            calls.call(docker_id)
        else:
            calls.look_again(docker_id, repositories)


def _newer(mine: _Looks, changes: _Changes) -> set[str]:
    """The repositories that changed after the last look at some unit."""
    return {
        name
        for unit in units()
        for name in repositories_of(unit)
        if name in changes and (unit.id not in mine or mine[unit.id].at < changes[name])
    }


def _unsure(mine: _Looks, *, is_confirmed: bool) -> Iterator[tuple[datetime, Unit]]:
    """The units to look at again, with the last look at each. Nobody notes when an e-mail is confirmed."""
    latest = timezone.now() - AGAIN_AFTER
    for unit in units():
        look = mine.get(unit.id)
        is_new = is_confirmed and asks_for_account(unit) and not (look and look.is_passed)
        at = look.at if look else _NEVER
        if (is_new or (look and not look.is_sure)) and at <= latest:
            yield at, unit


def _together(found: Iterator[Unit]) -> frozenset[str] | None:
    """The repositories that the units are about; None for all, where one is about none."""
    each = [repositories_of(unit) for unit in found]
    return frozenset().union(*each) if all(each) else None


def _accounts(members: Mapping[str, int]) -> dict[str, bool]:
    """Whether each that this hub has is confirmed. A class may also work on the real Docker Hub."""
    active = User.objects.filter(username__in=members, is_active=True).values_list("username", flat=True)
    verified = EmailAddress.objects.filter(user__username__in=members, verified=True)
    confirmed = set(verified.values_list("user__username", flat=True))
    return {docker_id: docker_id in confirmed for docker_id in active}


def _looks() -> dict[int, dict[str, _Look]]:
    found: dict[int, dict[str, _Look]] = defaultdict(dict)
    rows = Result.objects.order_by().values_list(*_COLUMNS)
    for member, unit, outcome, is_gradable, checked_at, unseen_at in rows.iterator():
        at = max(checked_at, unseen_at) if unseen_at else checked_at
        is_sure = is_gradable and unseen_at is None
        found[member][unit] = _Look(at, is_sure, outcome == Outcome.PASSED)
    return found


def _changes(members: Mapping[str, int]) -> dict[str, dict[str, datetime]]:
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    rows = Repository.objects.filter(namespace__in=members).order_by()
    for namespace, name, changed in rows.values_list("namespace", "name", "last_updated"):
        found[namespace][name] = changed
    return found
