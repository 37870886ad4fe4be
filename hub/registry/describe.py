"""What is behind a tag: digest, size, and the platforms, read from the registry's manifests."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from hub.registry.client import IMAGE_TYPES, INDEX_TYPES, Manifest, RegistryClient
from hub.registry.errors import RegistryError, RegistryFailing, RegistryUnavailable
from hub.repositories.models import UNKNOWN_PLATFORM, ImageEntry

# Real indexes have a dozen; a learner's joke of a thousand must not keep the hub busy.
MOST_IMAGES = 40
# Nobody's layers weigh that much, and a database counts no further than 2⁶³.
_LARGEST = 2**53
_WORD = re.compile(r"[A-Za-z0-9._-]{1,30}", re.ASCII)
_DIGEST = re.compile(r"[a-z0-9+._-]{1,20}:[a-f0-9]{32,128}", re.ASCII)


@dataclass(frozen=True)
class Content:
    """What a tag points at; `size` is what the first image of a real platform weighs, as on the real hub."""

    digest: str
    media_type: str
    size: int = 0
    images: list[ImageEntry] = field(default_factory=list)


def describe(client: RegistryClient, path: str, reference: str) -> Content | None:
    """None when the registry no longer has it."""
    manifest = client.manifest(path, reference)
    if manifest is None:
        return None
    images = _images(client, path, manifest)
    real = [image for image in images if image["platform"] != UNKNOWN_PLATFORM] or images
    return Content(manifest.digest, manifest.media_type, real[0]["size"] if real else 0, images)


def _images(client: RegistryClient, path: str, manifest: Manifest) -> list[ImageEntry]:
    if manifest.media_type in IMAGE_TYPES:
        return [_entry(manifest, _platform(_config(client, path, manifest)))]
    if manifest.media_type in INDEX_TYPES:
        parts = _parts(manifest.content, "manifests")[:MOST_IMAGES]
        return [_child(client, path, digest, part) for part in parts if (digest := _digest(part))]
    return []


def _config(client: RegistryClient, path: str, manifest: Manifest) -> dict[str, Any]:
    """Empty where there is none that says something: an artifact's may be anything."""
    digest = _digest(_part(manifest.content, "config"))
    try:
        return (client.config(path, digest) if digest else None) or {}
    except (RegistryUnavailable, RegistryFailing):
        raise
    except RegistryError:
        return {}


def _child(client: RegistryClient, path: str, digest: str, descriptor: dict[str, Any]) -> ImageEntry:
    platform = _platform(_part(descriptor, "platform"))
    manifest = client.manifest(path, digest)
    if manifest is None:  # an index may name images that were not sent along
        return ImageEntry(platform=platform, digest=digest, size=0)
    return _entry(manifest, platform)


def _entry(manifest: Manifest, platform: str) -> ImageEntry:
    parts = [_part(manifest.content, "config"), *_parts(manifest.content, "layers")]
    sizes = [size for part in parts if isinstance(size := part.get("size"), int) and size > 0]
    return ImageEntry(platform=platform, digest=manifest.digest, size=min(sum(sizes), _LARGEST))


def _platform(found: dict[str, Any]) -> str:
    """`linux/arm64/v8`; the words of an index's descriptor and of an image's config are the same."""
    words = [found.get(key) or "" for key in ("os", "architecture", "variant")]
    system, architecture, variant = (
        word if isinstance(word, str) and _WORD.fullmatch(word) else "" for word in words
    )
    if not (system and architecture):
        return UNKNOWN_PLATFORM
    return "/".join(filter(None, (system, architecture, variant)))


def _digest(descriptor: dict[str, Any]) -> str:
    found = descriptor.get("digest")
    return found if isinstance(found, str) and is_digest(found) else ""


def is_digest(text: str) -> bool:
    return _DIGEST.fullmatch(text) is not None


def _part(content: dict[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _parts(content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = content.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
