"""Rebuilds repositories and tags from what the registry really holds; safe to run at any time.

Notifications are lost when the registry dies with some in its queue, or when the hub's data is new. A push
may happen while this runs, so nothing is overwritten or dropped unless it is still what was read before.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from hub.registry.client import RegistryClient
from hub.registry.describe import describe
from hub.registry.errors import RegistryError, RegistryUnavailable
from hub.registry.record import ensure_repository
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName, is_tag, parse_repository

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    repositories: int
    tags: int
    dropped: int
    unread: int

    def __str__(self) -> str:
        counts = f"repositórios: {self.repositories}; tags: {self.tags}; tags retiradas: {self.dropped}"
        if self.unread:
            return f"O hub conferiu o registry, mas não leu tudo (sem ler: {self.unread}; {counts})."
        return f"O hub está em dia com o registry ({counts})."


def reconcile(client: RegistryClient | None = None) -> Outcome:
    """Raises RegistryUnavailable when the registry does not answer: then call it again later."""
    client = client or RegistryClient()
    names = {name for path in client.repositories() if (name := parse_repository(path)) is not None}
    names.update(RepositoryName(*pair) for pair in Repository.objects.values_list("namespace", "name"))
    dropped = unread = 0
    for name in sorted(names):
        try:
            dropped += reconcile_repository(client, name)
        except RegistryUnavailable:
            raise
        except RegistryError as error:
            log.warning("Não foi possível ler %s no registry: %s", name, error)
            unread += 1
        except IntegrityError:  # deleted by its owner while it was read
            log.info("%s foi apagado enquanto o hub o conferia.", name)
    return Outcome(Repository.objects.count(), Tag.objects.count(), dropped, unread)


def reconcile_repository(client: RegistryClient, name: RepositoryName) -> int:
    """How many tags were dropped because the registry has them no more."""
    present = {tag for tag in client.tags(str(name)) or [] if is_tag(tag)}
    # The catalog lists a repository whose tags are all gone; that alone is no reason to make one.
    found = Repository.objects.named(*name).first()
    repository = ensure_repository(name) if present else found
    if repository is None:
        return 0
    known = {tag.name: tag for tag in repository.tags.all()}
    for tag in sorted(present):
        _refresh(client, repository, tag, known.get(tag))
    if found is None and not repository.tags.exists():  # its owner deleted it after the list was read
        repository.delete()
        return 0
    return sum(_drop_if_gone(client, repository, known[tag]) for tag in sorted(known.keys() - present))


def _refresh(client: RegistryClient, repository: Repository, name: str, known: Tag | None) -> None:
    digest = client.digest(repository.full_name, name)
    if digest is None or (known is not None and known.digest == digest and known.images):
        return
    content = describe(client, repository.full_name, name)
    if content is None:
        return
    fields = {
        "digest": content.digest,
        "media_type": content.media_type,
        "size": content.size,
        "images": content.images,
    }
    if known is None:  # whoever wrote it meanwhile knows when it was pushed, and we don't
        _, is_news = Tag.objects.get_or_create(repository=repository, name=name, defaults=fields)
    else:
        is_news = known.digest != content.digest
        fields |= {"pushed_at": timezone.now(), "pushed_by": None} if is_news else {}
        _unchanged(known).update(**fields)
    if is_news:
        Repository.objects.filter(pk=repository.pk).update(last_updated=timezone.now())


def _drop_if_gone(client: RegistryClient, repository: Repository, tag: Tag) -> int:
    """Asks once more: the tag may have been pushed after the list was read."""
    if client.digest(repository.full_name, tag.name) is not None:
        return 0
    dropped, _ = _unchanged(tag).delete()
    return dropped


def _unchanged(tag: Tag) -> QuerySet[Tag]:
    return Tag.objects.filter(pk=tag.pk, digest=tag.digest, pushed_at=tag.pushed_at)
