"""What is behind a tag: digest, size, and the platforms, read from the registry's manifests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hub.registry.client import IMAGE_TYPES, INDEX_TYPES, Manifest, RegistryClient
from hub.registry.errors import RegistryError
from hub.repositories.models import UNKNOWN_PLATFORM, ImageEntry

# Real indexes have a dozen; a learner's joke of a thousand must not keep the hub busy.
_MOST_IMAGES = 40


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
        config = _part(manifest.content, "config").get("digest")
        platform = client.config(path, config) if isinstance(config, str) else None
        return [_entry(manifest, _platform(platform or {}))]
    if manifest.media_type in INDEX_TYPES:
        return [_child(client, path, part) for part in _parts(manifest.content, "manifests")[:_MOST_IMAGES]]
    return []


def _child(client: RegistryClient, path: str, descriptor: dict[str, Any]) -> ImageEntry:
    digest = descriptor.get("digest")
    if not isinstance(digest, str):
        raise RegistryError(f"O índice de {path} tem uma imagem sem digest.")
    platform = _platform(_part(descriptor, "platform"))
    manifest = client.manifest(path, digest)
    if manifest is None:  # an index may name images that were not sent along
        return ImageEntry(platform=platform, digest=digest, size=0)
    return _entry(manifest, platform)


def _entry(manifest: Manifest, platform: str) -> ImageEntry:
    parts = [_part(manifest.content, "config"), *_parts(manifest.content, "layers")]
    sizes = [size for part in parts if isinstance(size := part.get("size"), int) and size > 0]
    return ImageEntry(platform=platform, digest=manifest.digest, size=sum(sizes))


def _platform(found: dict[str, Any]) -> str:
    """`linux/arm64/v8`; the words of an index's descriptor and of an image's config are the same."""
    words = [found.get(key) for key in ("os", "architecture", "variant")]
    if not (words[0] and words[1]):
        return UNKNOWN_PLATFORM
    return "/".join(str(word) for word in words if word)[:100]


def _part(content: dict[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _parts(content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = content.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
