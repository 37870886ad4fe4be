"""Erases a person (LGPD): what the class knows of them, and their account when that is asked for too."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import transaction

from hub.accounts.models import User
from hub.api.limits import forget_use_of
from hub.audit.actions import Action
from hub.audit.models import Entry
from hub.classroom import versions
from hub.classroom.models import Attempt, Member, Result
from hub.inbox.models import Mail
from hub.registry.removal import delete_namespace

CLASS_ACTIONS = (Action.CLASS_ENTERED, Action.CLASS_LEFT)


@dataclass(frozen=True)
class Erased:
    """What was there, and is no more."""

    name: str
    docker_id: str
    results: int
    attempts: int
    activity: int
    account: bool = False
    repositories: int = 0
    mails: int = 0

    def to_dict(self) -> dict[str, object]:
        return asdict(self)


def find(word: str) -> Member | None:
    """By key, or by Docker ID."""
    by_key = Member.objects.filter(key=word).first()
    return by_key or Member.objects.with_account().filter(docker_id=word.lower()).first()


def erase(member: Member, *, account: bool = False) -> Erased:
    """From the class; the account on the hub stays, unless `account` says so.

    Raises RegistryError while the registry does not answer: then the account is closed, some repositories of
    it may be gone, and everything else is still there to go on with.
    """
    docker_id = member.docker_id
    person = User.objects.filter(username=docker_id).first() if docker_id else None
    repositories = _delete_repositories(person) if account and person else 0
    with transaction.atomic():
        version = versions.take()
        activity = Entry.objects.filter(person=person, person__isnull=False, action__in=CLASS_ACTIONS)
        told = Erased(
            name=member.name,
            docker_id=docker_id,
            results=Result.objects.filter(member=member).count(),
            attempts=Attempt.objects.filter(member=member).count(),
            activity=activity.count(),
            account=account and person is not None,
            repositories=repositories,
            mails=_delete_account(person) if account and person else 0,
        )
        activity.delete()
        member.delete()
        versions.publish(version)
    return told


def _delete_repositories(person: User) -> int:
    # First closed, since a push that was allowed before would bring something back: see hub.registry.guard.
    User.objects.filter(pk=person.pk).update(is_active=False)
    return delete_namespace(person.username)


def _delete_account(person: User) -> int:
    """How many e-mails of the practice mailbox went with it."""
    is_theirs = User.objects.by_email(person.email) == person  # else the letters are somebody else's
    mails = Mail.objects.filter(recipient__iexact=person.email).delete()[0] if is_theirs else 0
    forget_use_of(person.username)
    person.delete()
    return mails
