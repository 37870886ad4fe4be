"""What the hub does when the registry says that something was pushed, pulled or deleted.

Events come at least once and in any order, and some never come. So a push or a delete is taken as a hint:
the tag is read again from the registry, and what was pushed last wins. A pull is a count, so its id is kept.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.actions import Action
from hub.audit.log import note
from hub.classroom.calls import call
from hub.registry import INTERNAL_SUBJECT
from hub.registry.client import IMAGE_TYPES, MANIFEST_TYPES, RegistryClient
from hub.registry.describe import Content, describe, is_digest
from hub.registry.errors import RegistryError
from hub.registry.events import Event
from hub.registry.models import CountedPull
from hub.registry.record import move_tag, newer_push_is_known, see
from hub.repositories.models import Repository, Tag
from hub.webhooks.queue import tell_push

log = logging.getLogger(__name__)
_REMEMBER_PULLS = timedelta(days=1)
_UNTIL_IT_IS_THERE = (0.0, 0.02, 0.1, 0.5)  # seconds to wait before each look


def handle(event: Event, client: RegistryClient) -> None:
    if event.action == "push" and event.media_type in MANIFEST_TYPES:
        if event.actor == INTERNAL_SUBJECT:  # the hub's own: it reconciles, or deletes at once
            return
        if is_digest(event.digest):
            see(event.repository, event.digest)
        if event.tag:
            _pushed(event, client)
            _write_down(event, Action.PUSHED, f"{event.repository}:{event.tag}")
            tell_push(event.repository, event.tag, event.at, event.actor, event.id or event.at.isoformat())
            call(*event.repository)
    elif event.action == "pull":
        _pulled(event)
    elif event.action == "delete":
        _deleted(event)
        if event.tag:
            _write_down(event, Action.TAG_DELETED, f"{event.repository}:{event.tag}")
        else:
            _write_down(event, Action.CONTENT_DELETED, f"{event.repository}@{event.digest}")
        call(*event.repository)


def _pushed(event: Event, client: RegistryClient) -> None:
    if newer_push_is_known(event.repository, event.tag, event.at):
        return
    content = _content(event, client)
    if content is None:  # deleted since: its own event may well come before this one
        return
    pusher = User.objects.filter(username=event.actor).first()
    move_tag(event.repository, event.tag, content, event.at, pusher)


def _content(event: Event, client: RegistryClient) -> Content | None:
    """What the registry has under the tag now; what the event says, when the registry can't be read.

    The registry notifies right before it moves the tag (`PutManifest` in its handlers/manifests.go): for a
    moment there is no tag, half a one (a 500), or still the one before.
    """
    found, trouble = None, None
    for pause in _UNTIL_IT_IS_THERE:
        time.sleep(pause)
        try:
            found, trouble = describe(client, str(event.repository), event.tag), None
        except RegistryError as error:
            trouble = error
        if found is not None and found.digest == event.digest:
            return found
    if trouble is None:
        return found
    log.warning("Sem os detalhes de %s:%s por enquanto: %s", event.repository, event.tag, trouble)
    return Content(event.digest, event.media_type)


def _pulled(event: Event) -> None:
    """One pull for each image fetched, as on the real hub: an index alone, or a HEAD, is none."""
    is_read = event.method == "GET" and event.media_type in IMAGE_TYPES
    if not is_read or event.actor == INTERNAL_SUBJECT:
        return
    repository = Repository.objects.named(*event.repository)
    try:
        with transaction.atomic():
            CountedPull.objects.create(event_id=event.id)
            repository.update(pull_count=F("pull_count") + 1)
    except IntegrityError:
        return  # counted before


def _write_down(event: Event, action: Action, subject: str) -> None:
    """In the name of whoever did it, once; what the hub did itself is written down where it was asked for."""
    person = User.objects.filter(username=event.actor).first()
    if person is None:
        return
    try:
        with transaction.atomic():
            CountedPull.objects.create(event_id=event.id or event.at.isoformat())
            note(person, action, subject)
    except IntegrityError:
        return  # told before


def forget_counted_pulls() -> None:
    """The registry gives up repeating a notification long before a day has passed."""
    CountedPull.objects.filter(counted_at__lt=timezone.now() - _REMEMBER_PULLS).delete()


def _deleted(event: Event) -> None:
    """By tag or by digest; a tag that was pushed again afterwards stays."""
    tags = Tag.objects.filter(
        repository__namespace=event.repository.namespace,
        repository__name=event.repository.name,
        pushed_at__lte=event.at,
    )
    if event.tag:  # a registry 3.x leaves the manifest there
        see(event.repository, *tags.filter(name=event.tag).values_list("digest", flat=True))
        tags.filter(name=event.tag).delete()
    elif event.digest:
        tags.filter(digest=event.digest).delete()
