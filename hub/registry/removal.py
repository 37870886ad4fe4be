"""Deletes repositories and tags, in the registry first and then in the hub.

A registry 2.8 deletes by digest alone, and takes every tag of that digest along. So a tag is first moved to a
manifest made for this one moment, and that one is deleted, as regclient does
(https://github.com/regclient/regclient, `tag delete`). What the tag pointed at is then deleted too, unless
another tag, or an index behind one, still leads to it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import transaction

from hub.registry.client import Manifest, RegistryClient
from hub.registry.describe import is_digest
from hub.registry.errors import RegistryError
from hub.registry.leads import TooMuchToRead, behind, holders, listed
from hub.registry.models import ExpectedRepository, SeenManifest
from hub.registry.record import see
from hub.repositories.life import require_active
from hub.repositories.models import Repository, Tag
from hub.repositories.mutability import ImmutableTag, immutable_among
from hub.repositories.names import RepositoryName, is_tag

INDEX = "application/vnd.oci.image.index.v1+json"


def delete_repository(repository: Repository, client: RegistryClient | None = None) -> None:
    """Every manifest that ever came, with or without tags, immutable ones too, and the repository.

    Raises RegistryError, and then it is all still there or partly gone: calling it again goes on.
    """
    name = RepositoryName(repository.namespace, repository.name)
    tagged = repository.tags.order_by().values_list("digest", flat=True)
    _delete_content(client or RegistryClient(), name, tagged)
    with transaction.atomic():
        _forget(name)
        repository.delete()


def delete_namespace(namespace: str, client: RegistryClient | None = None) -> int:
    """How many repositories went. So does what was pushed without a tag, or so lately that it made none yet.

    Raises RegistryError, and then it is all still there or partly gone: calling it again goes on.
    """
    client = client or RegistryClient()
    repositories = list(Repository.objects.filter(namespace=namespace))
    for repository in repositories:
        delete_repository(repository, client)
    rows = (model.objects.filter(namespace=namespace) for model in (ExpectedRepository, SeenManifest))
    for name in {name for found in rows for name in found.values_list("name", flat=True)}:
        _delete_content(client, RepositoryName(namespace, name))
        _forget(RepositoryName(namespace, name))
    return len(repositories)


def _delete_content(client: RegistryClient, name: RepositoryName, tagged: Iterable[str] = ()) -> None:
    seen = SeenManifest.objects.filter(namespace=name.namespace, name=name.name)
    # What the hub knows by digest takes its tags along; what it has not heard of yet is left.
    _delete_whole(client, name, {*tagged, *seen.values_list("digest", flat=True)})
    _delete_whole(client, name, client.tags(str(name)) or [])


def _forget(name: RepositoryName) -> None:
    # Or what a push left half way would come back as public as it was: see hub.registry.guard.
    ExpectedRepository.objects.filter(namespace=name.namespace, name=name.name).delete()
    SeenManifest.objects.filter(namespace=name.namespace, name=name.name).delete()


def _delete_whole(client: RegistryClient, name: RepositoryName, references: Iterable[str]) -> None:
    """What they lead to, and its layers: a new repository of this name must not have them."""
    path, left, gone = str(name), list(references), set[str]()
    while left:
        manifest = client.manifest(path, left.pop())
        if manifest is None or manifest.digest in gone:
            continue
        parts = [digest for digest, _ in listed(manifest)]
        see(name, *parts)  # so that whoever calls again after trouble finds them
        client.delete(path, manifest.digest)
        for blob in set(_blobs(manifest)) - gone:
            client.unlink(path, blob)
            gone.add(blob)
        gone.add(manifest.digest)
        left += parts


def _blobs(manifest: Manifest) -> Iterator[str]:
    layers = manifest.content.get("layers")
    parts: list[Any] = [manifest.content.get("config"), *(layers if isinstance(layers, list) else [])]
    for part in parts:
        digest = part.get("digest") if isinstance(part, dict) else None
        if isinstance(digest, str) and is_digest(digest):
            yield digest


def delete_tags(repository: Repository, names: Iterable[str], client: RegistryClient | None = None) -> None:
    """Those tags, or none of them. Raises ImmutableTag, Archived and RegistryError; after the last, some of
    them may be gone."""
    wanted = sorted({name for name in names if is_tag(name)})
    require_active(repository)
    if immutable := immutable_among(repository, wanted):
        raise ImmutableTag(repository, immutable[0])
    client = client or RegistryClient()
    path = RepositoryName(repository.namespace, repository.name)
    loose: list[str] = []
    for name in wanted:
        loose += behind(client, str(path), name)
        see(path, *loose)
        _untag(client, str(path), name)
        Tag.objects.filter(repository=repository, name=name).delete()
    if loose:
        _delete_unless_in_use(client, path, list(dict.fromkeys(loose)))


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


def _delete_unless_in_use(client: RegistryClient, name: RepositoryName, loose: Sequence[str]) -> None:
    try:
        in_use = holders(client, name, loose, client.tags(str(name)) or [])
    except TooMuchToRead:
        return  # hub.registry.loose deletes it later
    gone = [digest for digest in loose if digest not in in_use]
    for digest in gone:
        client.delete(str(name), digest)
    SeenManifest.objects.filter(namespace=name.namespace, name=name.name, digest__in=gone).delete()
