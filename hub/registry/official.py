"""Images that the hub itself offers under library/, read from an OCI image layout and pushed to the registry.

Whoever runs a hub for a class adds others with `skopeo copy docker://… oci:FOLDER:NAME:TAG`: the name is kept
in the annotation that the layout's specification has for it
(https://github.com/opencontainers/image-spec/blob/main/annotations.md).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.reference import OFFICIAL
from hub.registry.client import RegistryClient
from hub.registry.record import ensure_repository
from hub.repositories.models import LONGEST_DESCRIPTION
from hub.repositories.names import RepositoryName, is_tag, parse_repository

log = logging.getLogger(__name__)
_REFERENCE = "org.opencontainers.image.ref.name"
_DESCRIPTION = "org.opencontainers.image.description"


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

    Raises RegistryError; a layout that makes no sense is told in the log, and offers nothing.
    """
    if folder is None:
        return 0
    return sum(_offer(folder, one, client) for one in _offers(folder))


def _offer(folder: Path, one: Offer, client: RegistryClient) -> bool:
    path = str(one.name)
    if client.digest(path, one.tag) == one.digest:
        return False
    manifest = _blob(folder, one.digest)
    parts = json.loads(manifest)
    for part in (parts["config"], *parts["layers"]):
        client.upload(path, part["digest"], _blob(folder, part["digest"]))
    client.put(path, one.tag, manifest, one.media_type)
    repository = ensure_repository(one.name)
    if not repository.description:
        repository.description = one.description[:LONGEST_DESCRIPTION]
        repository.save(update_fields=["description"])
    return True


def _offers(folder: Path) -> Iterator[Offer]:
    try:
        entries = json.loads((folder / "index.json").read_text(encoding="utf-8"))["manifests"]
        for entry in entries:
            yield from _understood(entry)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.warning("A pasta de imagens oficiais %s não é um layout OCI que se entenda: %r", folder, error)


def _understood(entry: dict[str, Any]) -> Iterator[Offer]:
    notes = entry.get("annotations") or {}
    name, _, tag = str(notes.get(_REFERENCE, "")).partition(":")
    repository = parse_repository(f"{OFFICIAL}/{name}")
    if repository is not None and is_tag(tag):
        described = str(notes.get(_DESCRIPTION, ""))
        yield Offer(repository, tag, entry["digest"], entry["mediaType"], described)


def _blob(folder: Path, digest: str) -> bytes:
    algorithm, _, encoded = digest.partition(":")
    return (folder / "blobs" / algorithm / encoded).read_bytes()
