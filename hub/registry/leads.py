"""Which tags lead to a manifest, also as a part of an index.

The database knows nearly all of it. The registry is asked about the tags that seem to lead there, and about
those of which the database may know less: to read every tag would be thousands of requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from hub.registry.client import INDEX_TYPES, Manifest, RegistryClient
from hub.registry.describe import MOST_IMAGES, is_digest
from hub.registry.errors import RegistryError
from hub.repositories.models import Tag
from hub.repositories.names import RepositoryName

_MOST_READ = 50  # manifests behind one tag: what a learner makes up must end
MOST_TAGS_READ = 100


class TooMuchToRead(RegistryError):  # noqa: N818
    """The database knows too little of too many tags; reconciling teaches it."""


@dataclass(frozen=True)
class Known:
    """What the database has of a tag; `leads` is None where there may be more behind it."""

    digest: str
    leads: frozenset[str] | None


def known_tags(name: RepositoryName) -> dict[str, Known]:
    """By name."""
    tags = Tag.objects.filter(repository__namespace=name.namespace, repository__name=name.name)
    return {tag.name: Known(tag.digest, _leads(tag)) for tag in tags.order_by()}


def _leads(tag: Tag) -> frozenset[str] | None:
    if tag.media_type and tag.media_type not in INDEX_TYPES:
        return frozenset({tag.digest})
    sizes = [image["size"] for image in tag.images]
    if not 0 < len(sizes) < MOST_IMAGES or not all(sizes):  # unread, cut short, or an index in an index
        return None
    return frozenset({tag.digest, *(image["digest"] for image in tag.images)})


def holders(
    client: RegistryClient, name: RepositoryName, digests: Collection[str], tags: Collection[str]
) -> dict[str, str]:
    """For each digest that some of these tags of the registry lead to, one of them.

    Of few tags the registry is asked what they point at now. Of many that is left to reconciling, so that one
    which moved without notice in the last minutes is not seen. Raises RegistryError, such as TooMuchToRead.
    """
    known, wanted, found = known_tags(name), set(digests), dict[str, str]()
    read, is_small = 0, len(tags) <= MOST_TAGS_READ
    for tag in sorted(tags, key=lambda tag: not _seems_to_lead(known.get(tag), wanted)):
        missing = wanted - found.keys()
        if not missing:
            break
        if not _seems_to_lead(known.get(tag), missing) and not (
            is_small and client.digest(str(name), tag) != known[tag].digest
        ):
            continue
        read += 1
        if read > MOST_TAGS_READ:
            raise TooMuchToRead(f"O hub ainda não sabe o que há em muitas tags de {name}.")
        found |= dict.fromkeys(missing.intersection(behind(client, str(name), tag)), tag)
    return found


def _seems_to_lead(known: Known | None, digests: Collection[str]) -> bool:
    return known is None or known.leads is None or not known.leads.isdisjoint(digests)


def behind(client: RegistryClient, path: str, reference: str) -> list[str]:
    """The digests that a tag or digest leads to, an index before what it lists; empty when it is gone."""
    found: dict[str, None] = {}
    left = [reference]
    for _ in range(_MOST_READ):
        if not left:
            return list(found)
        manifest = client.manifest(path, left.pop())
        if manifest is not None:
            found[manifest.digest] = None
            parts = dict(listed(manifest))
            left += [digest for digest, media_type in parts.items() if media_type in INDEX_TYPES]
            found |= dict.fromkeys(parts)
    raise RegistryError(f"{path}, em {reference}, tem índices demais, uns dentro dos outros.")


def listed(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Digest and media type of each part of an index; nothing for an image."""
    parts = manifest.content.get("manifests") if manifest.media_type in INDEX_TYPES else None
    for part in parts if isinstance(parts, list) else []:
        digest = part.get("digest") if isinstance(part, dict) else None
        if isinstance(digest, str) and is_digest(digest):
            yield digest, str(part.get("mediaType"))
