"""Deletes manifests that no tag leads to any more, a day after they were found so.

Whoever pushes a tag again leaves what it pointed at in the registry, where only its digest still finds it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from hub.registry.client import RegistryClient
from hub.registry.leads import behind, known_tags
from hub.registry.models import SeenManifest
from hub.repositories.names import RepositoryName

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=1)
_AT_ONCE = 500
_MOST_READ = 1_000  # manifests of one repository; one that needs more waits until it needs less


def sweep(client: RegistryClient, name: RepositoryName) -> None:
    """To be called right after the repository was reconciled: what the database has of its tags is right.

    Raises RegistryError.
    """
    seen = list(SeenManifest.objects.filter(namespace=name.namespace, name=name.name))
    if not seen:
        return
    tags = known_tags(name)
    led_to = {digest for tag in tags.values() for digest in (tag.digest, *(tag.leads or ()))}
    now = timezone.now()
    loose = [one for one in seen if one.digest not in led_to]
    _mark([one for one in seen if one.loose_since and one.digest in led_to], None)
    _mark([one for one in loose if one.loose_since is None], now)
    old = [one for one in loose if (one.loose_since or now) < now - KEPT_FOR]
    if old:
        unsure = [tag for tag, known in tags.items() if known.leads is None]
        _delete(client, name, old, [*unsure, *(one.digest for one in loose if one not in old)])


def _mark(rows: Sequence[SeenManifest], moment: datetime | None) -> None:
    for part in _parts(rows):
        SeenManifest.objects.filter(pk__in=[one.pk for one in part]).update(loose_since=moment)


def _delete(
    client: RegistryClient, name: RepositoryName, old: Sequence[SeenManifest], others: Sequence[str]
) -> None:
    """Those that none of the others leads to: tags with more behind them than is known, younger manifests."""
    if len(others) > _MOST_READ:
        log.warning("Em %s há referências demais para saber quais imagens ficaram sem tag.", name)
        return
    path = str(name)
    in_use = {digest for other in others for digest in behind(client, path, other)}
    gone = [one for one in old if one.digest not in in_use]
    for one in gone:
        client.delete(path, one.digest)
    for part in _parts(gone):
        SeenManifest.objects.filter(pk__in=[one.pk for one in part]).delete()


def _parts(rows: Sequence[SeenManifest]) -> Iterator[Sequence[SeenManifest]]:
    """A database takes only so many parameters."""
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
