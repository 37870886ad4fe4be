"""Rebuilds repositories and tags from what the registry really holds; safe to run at any time.

Notifications are lost when the registry dies with some in its queue, or when the hub's data is new. A push
may happen while this runs, so nothing is overwritten or dropped unless it is still what was read before.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from hub.registry.attention import needs_a_look
from hub.registry.client import RegistryClient
from hub.registry.describe import describe
from hub.registry.errors import RegistryError, RegistryUnavailable
from hub.registry.loose import sweep
from hub.registry.record import ensure_repository, see
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName, is_tag, parse_repository

log = logging.getLogger(__name__)
_MOST_IN_A_ROW = 5  # unread


@dataclass(frozen=True)
class Known:
    """A repository as the round found it, and those of its tags that were read."""

    repository: Repository
    tags: frozenset[str]


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


def reconcile(client: RegistryClient | None = None, since: datetime | None = None) -> Outcome:
    """`since`: when the last round began, where one did; only what may have changed is read tag by tag.

    Raises RegistryError when the registry does not answer, or only with trouble: call it again later.
    """
    client = client or RegistryClient()
    names = {name for path in client.repositories() if (name := parse_repository(path)) is not None}
    known = _known()
    names.update(known)
    dropped = unread = in_a_row = 0
    for name in sorted(names):
        found = _read(client, name, known.get(name), since)
        dropped, unread = dropped + (found or 0), unread + (found is None)
        in_a_row = in_a_row + 1 if found is None else 0
        if in_a_row == _MOST_IN_A_ROW:  # is it these, or the registry?
            next(client.repositories(), None)
            in_a_row = 0
    return Outcome(Repository.objects.count(), Tag.objects.count(), dropped, unread)


def _known() -> dict[RepositoryName, Known]:
    """In two queries: most of what a round finds is what it was."""
    tags: dict[int, set[str]] = defaultdict(set)
    read = Tag.objects.order_by().exclude(images=[])
    for repository, tag in read.values_list("repository_id", "name").iterator():
        tags[repository].add(tag)
    every = Repository.objects.order_by().defer("description", "full_description")
    return {RepositoryName(one.namespace, one.name): Known(one, frozenset(tags[one.pk])) for one in every}


def _read(
    client: RegistryClient, name: RepositoryName, known: Known | None, since: datetime | None
) -> int | None:
    """How many tags were dropped; None where the registry answers, and not well: a repository may be broken.

    Raises RegistryUnavailable where it does not answer.
    """
    try:
        if known is not None and not needs_a_look(known.repository, since, timezone.now()):
            is_settled = known.repository.owner_id is not None and _present(client, name) == known.tags
            return 0 if is_settled else reconcile_repository(client, name, closely=False)
        dropped = reconcile_repository(client, name)
        sweep(client, name)
        return dropped
    except IntegrityError:  # deleted by its owner while it was read
        log.info("%s foi apagado enquanto o hub o conferia.", name)
        return 0
    except RegistryUnavailable:
        raise
    except RegistryError as error:
        log.warning("Não foi possível ler %s no registry: %s", name, error)
        return None


def reconcile_repository(client: RegistryClient, name: RepositoryName, *, closely: bool = True) -> int:
    """How many tags were dropped because the registry has them no more.

    Closely: each tag is asked where it points now, and not only those of which the hub knows too little.
    """
    present = _present(client, name)
    # The catalog lists a repository whose tags are all gone; that alone is no reason to make one.
    found = Repository.objects.named(*name).first()
    repository = ensure_repository(name) if present else found
    if repository is None:
        return 0
    known = {tag.name: tag for tag in repository.tags.order_by()}
    for tag in sorted(present):
        if closely or tag not in known or not known[tag].images:
            _refresh(client, repository, tag, known.get(tag))
    if found is None and not repository.tags.exists():  # its owner deleted it after the list was read
        repository.delete()
        return 0
    return sum(_drop_if_gone(client, repository, known[tag]) for tag in sorted(known.keys() - present))


def _present(client: RegistryClient, name: RepositoryName) -> set[str]:
    return {tag for tag in client.tags(str(name)) or [] if is_tag(tag)}


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
        see(_name(repository), content.digest, *([known.digest] if known else []))
        Repository.objects.filter(pk=repository.pk).update(last_updated=timezone.now())


def _drop_if_gone(client: RegistryClient, repository: Repository, tag: Tag) -> int:
    """Asks once more: the tag may have been pushed after the list was read."""
    if client.digest(repository.full_name, tag.name) is not None:
        return 0
    see(_name(repository), tag.digest)
    dropped, _ = _unchanged(tag).delete()
    return dropped


def _name(repository: Repository) -> RepositoryName:
    return RepositoryName(repository.namespace, repository.name)


def _unchanged(tag: Tag) -> QuerySet[Tag]:
    return Tag.objects.filter(pk=tag.pk, digest=tag.digest, pushed_at=tag.pushed_at)
