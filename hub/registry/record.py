"""Writes down what the registry holds: the one place that makes repositories and moves tags."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from hub.accounts.models import User
from hub.registry.describe import Content
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName


def ensure_repository(name: RepositoryName) -> Repository:
    """The repository, made when it is new; a namespace that has no person has no owner."""
    owner = User.objects.filter(username=name.namespace).first()
    repository, _ = Repository.objects.get_or_create(
        namespace=name.namespace, name=name.name, defaults={"owner": owner}
    )
    if repository.owner_id is None and owner is not None:
        repository.owner = owner
        repository.save(update_fields=["owner"])
    return repository


@transaction.atomic
def move_tag(name: RepositoryName, tag: str, content: Content, at: datetime, by: User | None) -> None:
    """Makes the tag point at the content, unless something pushed later is already there."""
    repository = Repository.objects.select_for_update().get(pk=ensure_repository(name).pk)
    newer = repository.tags.filter(name=tag, pushed_at__gt=at).first()
    if newer is not None and not (newer.pushed_by_id is None and newer.digest == content.digest):
        return
    fields = {
        "digest": content.digest,
        "media_type": content.media_type,
        "size": content.size,
        "images": content.images,
        "pushed_at": at,
        "pushed_by": by,
    }
    Tag.objects.update_or_create(repository=repository, name=tag, defaults=fields)
    Repository.objects.filter(pk=repository.pk, last_updated__lt=at).update(last_updated=at)


def newer_push_is_known(name: RepositoryName, tag: str, at: datetime) -> bool:
    """What was found in the registry has a later time and no pusher: the push itself tells it better."""
    return Tag.objects.filter(
        repository__namespace=name.namespace,
        repository__name=name.name,
        name=tag,
        pushed_at__gt=at,
        pushed_by__isnull=False,
    ).exists()
