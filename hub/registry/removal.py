"""Deletes repositories and tags, in the registry first and then in the hub.

A registry 2.8 deletes by digest alone, and takes every tag of that digest along. So a tag is first moved to a
manifest made for this one moment, and that one is deleted, as regclient does
(https://github.com/regclient/regclient, `tag delete`). What the tag pointed at is then deleted too, unless
another tag, or an index behind one, still leads to it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator

from django.db import transaction

from hub.registry.client import INDEX_TYPES, Manifest, RegistryClient
from hub.registry.describe import is_digest
from hub.registry.errors import RegistryError
from hub.registry.models import ExpectedRepository
from hub.repositories.life import require_active
from hub.repositories.models import Repository, Tag
from hub.repositories.mutability import ImmutableTag, immutable_among
from hub.repositories.names import is_tag

INDEX = "application/vnd.oci.image.index.v1+json"
_MOST_READ = 50  # manifests behind one tag: what a learner makes up must end


def delete_repository(repository: Repository, client: RegistryClient | None = None) -> None:
    """Every tag, immutable ones too, and the repository. Raises RegistryError, and then it is all still there
    or partly gone: calling it again goes on."""
    client = client or RegistryClient()
    path = repository.full_name
    for tag in client.tags(path) or []:
        for digest in behind(client, path, tag):
            client.delete(path, digest)
    with transaction.atomic():
        expected = ExpectedRepository.objects.filter(namespace=repository.namespace, name=repository.name)
        expected.delete()  # or what a push left half way would come back as public as it was
        repository.delete()


def delete_tags(repository: Repository, names: Iterable[str], client: RegistryClient | None = None) -> None:
    """Those tags, or none of them. Raises ImmutableTag, Archived and RegistryError; after the last, some of
    them may be gone."""
    wanted = sorted({name for name in names if is_tag(name)})
    require_active(repository)
    if immutable := immutable_among(repository, wanted):
        raise ImmutableTag(repository, immutable[0])
    client = client or RegistryClient()
    loose: list[str] = []
    for name in wanted:
        loose += behind(client, repository.full_name, name)
        _untag(client, repository.full_name, name)
        Tag.objects.filter(repository=repository, name=name).delete()
    if loose:
        _delete_unless_in_use(client, repository.full_name, loose)


def _untag(client: RegistryClient, path: str, tag: str) -> None:
    if client.digest(path, tag) is None:
        return
    # An empty index needs no other content; a name of its own makes its digest one that nobody else has.
    only_once = {"dockerhub-na-pratica.removed": secrets.token_hex(16)}
    empty = {"schemaVersion": 2, "mediaType": INDEX, "manifests": [], "annotations": only_once}
    digest = client.put(path, tag, json.dumps(empty).encode("utf-8"), INDEX)
    if not digest:
        raise RegistryError(f"O registry não deixou apagar a tag {tag} de {path}.")
    client.delete(path, digest)


def _delete_unless_in_use(client: RegistryClient, path: str, loose: list[str]) -> None:
    in_use = {digest for tag in client.tags(path) or [] for digest in behind(client, path, tag)}
    for digest in loose:
        if digest not in in_use:
            client.delete(path, digest)


def behind(client: RegistryClient, path: str, tag: str) -> list[str]:
    """The digests that a tag leads to, an index before what it lists; empty when it is gone."""
    found: dict[str, None] = {}
    left = [tag]
    for _ in range(_MOST_READ):
        if not left:
            return list(found)
        manifest = client.manifest(path, left.pop())
        if manifest is not None:
            found[manifest.digest] = None
            listed = dict(_listed(manifest))
            left += [digest for digest, media_type in listed.items() if media_type in INDEX_TYPES]
            found |= dict.fromkeys(listed)
    raise RegistryError(f"A tag {tag} de {path} tem índices demais, uns dentro dos outros.")


def _listed(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Digest and media type of each part of an index."""
    listed = manifest.content.get("manifests") if manifest.media_type in INDEX_TYPES else None
    for part in listed if isinstance(listed, list) else []:
        digest = part.get("digest") if isinstance(part, dict) else None
        if isinstance(digest, str) and is_digest(digest):
            yield digest, str(part.get("mediaType"))
