"""Writes down what the registry holds: the one place that makes repositories and moves tags."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from hub.accounts.models import User
from hub.accounts.names import RESERVED_NAMES
from hub.registry.describe import Content
from hub.registry.models import ExpectedRepository, SeenManifest
from hub.registry.tokens import LASTS
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName

log = logging.getLogger(__name__)
MOST_EXPECTED = 1_000  # of each namespace
_REMEMBER_EXPECTED = timedelta(days=30)


def ensure_repository(name: RepositoryName) -> Repository:
    """The repository, made when it is new; a namespace that has no person has no owner."""
    owner = User.objects.filter(username=name.namespace).first()
    repository = Repository.objects.named(*name).first()
    if repository is None:
        fields = {"owner": owner, "is_private": _is_private_at_first(name)}
        repository, _ = Repository.objects.get_or_create(
            namespace=name.namespace, name=name.name, defaults=fields
        )
    if repository.owner_id is None and owner is not None:
        repository.owner = owner
        repository.save(update_fields=["owner"])
    return repository


def _is_private_at_first(name: RepositoryName) -> bool:
    """As its owner wanted when the push was allowed; private when that is not known."""
    if name.namespace in RESERVED_NAMES:
        return False
    expected = ExpectedRepository.objects.filter(namespace=name.namespace, name=name.name).first()
    if expected is not None:
        return expected.is_private
    log.warning("%s está no registry, e o hub não sabe se era público: voltou como privado.", name)
    return True


def expect(name: RepositoryName, *, private: bool) -> None:
    """A push to this name was allowed, and makes a repository if it arrives.

    Of somebody who asks and never pushes the oldest are forgotten; what does arrive of them is born private.
    """
    others = ExpectedRepository.objects.filter(namespace=name.namespace).exclude(name=name.name)
    newest_first = others.order_by("-allowed_at", "-pk").values_list("pk", flat=True)
    ExpectedRepository.objects.filter(pk__in=list(newest_first[MOST_EXPECTED - 1 :])).delete()
    ExpectedRepository.objects.update_or_create(
        namespace=name.namespace, name=name.name, defaults={"is_private": private}
    )


def is_expected(name: RepositoryName) -> bool:
    """Whether a push to this name, without a repository, was allowed by a token that may still be good."""
    known = ExpectedRepository.objects.filter(namespace=name.namespace, name=name.name)
    return known.filter(allowed_at__gt=timezone.now() - LASTS).exists()


def forget_expected() -> None:
    """A push arrives within minutes of being allowed; a hub that is off reads of it when it starts."""
    ExpectedRepository.objects.filter(allowed_at__lt=timezone.now() - _REMEMBER_EXPECTED).delete()


def see(name: RepositoryName, *digests: str) -> None:
    """These manifests are there, and go some day: with the repository, or after the last of their tags."""
    # In one order, so that two that write the same ones wait for each other, and not both for the other.
    rows = [SeenManifest(namespace=name.namespace, name=name.name, digest=one) for one in sorted({*digests})]
    SeenManifest.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["namespace", "name", "digest"],
        update_fields=["loose_since"],
    )


@transaction.atomic
def move_tag(name: RepositoryName, tag: str, content: Content, at: datetime, by: User | None) -> None:
    """Makes the tag point at the content, unless something pushed later is already there."""
    repository = Repository.objects.select_for_update().get(pk=ensure_repository(name).pk)
    before = repository.tags.filter(name=tag).first()
    see(name, content.digest, *([before.digest] if before else []))
    if before and before.pushed_at > at and (before.pushed_by_id or before.digest != content.digest):
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
