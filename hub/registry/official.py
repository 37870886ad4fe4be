"""Images that the hub itself offers under library/, read from an OCI image layout and pushed to the registry.

Whoever runs a hub for a class adds others with `skopeo copy docker://… oci:FOLDER:NAME:TAG`: the name is kept
in the annotation that the layout's specification has for it
(https://github.com/opencontainers/image-spec/blob/main/annotations.md).
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.reference import OFFICIAL
from hub.registry.client import INDEX_TYPES, RegistryClient
from hub.registry.describe import is_digest
from hub.registry.errors import RegistryError, RegistryUnavailable
from hub.registry.record import ensure_repository
from hub.repositories.models import LONGEST_DESCRIPTION
from hub.repositories.names import RepositoryName, is_tag, parse_repository

log = logging.getLogger(__name__)
_REFERENCE = "org.opencontainers.image.ref.name"
_DESCRIPTION = "org.opencontainers.image.description"
_NONSENSE = (OSError, ValueError, KeyError, TypeError, AttributeError)  # what somebody else's files may raise


@dataclass(frozen=True)
class Offer:
    """What one entry of the layout's index offers."""

    name: RepositoryName
    tag: str
    digest: str
    media_type: str
    description: str


def offer(folder: Path | None, client: RegistryClient) -> int:
    """Pushes what the registry has not yet; how many tags that were.

    What makes no sense, or is not whole, is told in the log, and the others are offered all the same. Raises
    RegistryUnavailable.
    """
    if folder is None:
        return 0
    return sum(_offer_if_whole(folder, entry, client) for entry in _entries(folder))


def _offer_if_whole(folder: Path, entry: Any, client: RegistryClient) -> bool:
    try:
        one = _understood(entry)
        return one is not None and _offer(folder, one, client)
    except RegistryUnavailable:
        raise
    except (*_NONSENSE, RegistryError) as error:
        log.warning("Uma imagem oficial de %s não pôde ser oferecida: %r", folder, error)
        return False


def _offer(folder: Path, one: Offer, client: RegistryClient) -> bool:
    path = str(one.name)
    if client.digest(path, one.tag) == one.digest:
        return False
    _push(folder, client, path, one.tag, {"digest": one.digest, "mediaType": one.media_type})
    repository = ensure_repository(one.name)
    if not repository.description:
        repository.description = one.description[:LONGEST_DESCRIPTION]
        repository.save(update_fields=["description"])
    return True


def _push(folder: Path, client: RegistryClient, path: str, reference: str, what: dict[str, Any]) -> None:
    """What it is made of goes first: the images of an index, the config and the layers of an image."""
    manifest = _blob(folder, what["digest"])
    content = json.loads(manifest)
    if what["mediaType"] in INDEX_TYPES:
        for part in content["manifests"]:
            _push(folder, client, path, part["digest"], part)
    else:
        for part in (content["config"], *content["layers"]):
            client.upload(path, part["digest"], _blob(folder, part["digest"]))
    client.put(path, reference, manifest, what["mediaType"])


def _entries(folder: Path) -> list[Any]:
    try:
        return list(json.loads((folder / "index.json").read_text(encoding="utf-8"))["manifests"])
    except _NONSENSE as error:
        log.warning("A pasta de imagens oficiais %s não é um layout OCI que se entenda: %r", folder, error)
        return []


def _understood(entry: dict[str, Any]) -> Offer | None:
    """None for an entry without a name that an official image may have."""
    notes = entry.get("annotations") or {}
    name, _, tag = str(notes.get(_REFERENCE, "")).partition(":")
    repository = parse_repository(f"{OFFICIAL}/{name}")
    if repository is None or not is_tag(tag):
        return None
    described = str(notes.get(_DESCRIPTION, ""))
    return Offer(repository, tag, entry["digest"], entry["mediaType"], described)


def _blob(folder: Path, digest: str) -> bytes:
    if not is_digest(digest):  # nor a way out of the folder
        raise ValueError(digest)
    algorithm, _, encoded = digest.partition(":")
    return (folder / "blobs" / algorithm / encoded).read_bytes()
