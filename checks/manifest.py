"""What a manifest or an index says: where its images' configurations are; pure."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from checks.cache import is_digest

# Without all four a registry answers 404 for what it holds in another format.
MANIFEST_TYPES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_CONFIG_TYPES = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)

Document = Mapping[str, Any]


class BadManifest(Exception):  # noqa: N818
    """Not a manifest as we know it; the text ends the sentence "respondeu algo…: …"."""


@dataclass(frozen=True)
class Layer:
    """A layer as its manifest describes it: the digest of its blob, empty when that is none, and its size."""

    digest: str
    size: int


@dataclass(frozen=True)
class Described:
    """An image as its manifest describes it: the digest of its configuration; its layers, and their
    compressed bytes in all, None when it does not tell."""

    config: str
    layers: tuple[Layer, ...]
    size: int | None


@dataclass(frozen=True)
class Manifest:
    """The little that is wanted of a manifest, which may be large: its image, or an index's manifests."""

    image: Described | None
    children: tuple[str, ...]


def read(body: bytes) -> Manifest:
    """Raises BadManifest."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise BadManifest("o manifesto não é JSON")
    return Manifest(_image(document), tuple(_children(document)))


def _children(document: Document) -> list[str]:
    """The digests of an index's manifests; a build's attestations, which are no images, are left out."""
    entries = document.get("manifests")
    if entries is None:
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadManifest("o índice não tem uma lista de manifestos")
    return [_digest(entry) for entry in entries if not _is_attestation(entry)]


def _image(document: Document) -> Described | None:
    """The image of a manifest; none in an index and in other artifacts (charts, signatures)."""
    config = document.get("config")
    if "manifests" in document:
        return None
    if not isinstance(config, dict):
        raise BadManifest("o manifesto está em um formato que não conheço")
    layers = document.get("layers")
    if layers is None and "layers" in document:
        layers = []  # an engine with the containerd store writes null for an image without layers
    if not isinstance(layers, list):
        raise BadManifest("o manifesto não tem uma lista de camadas")
    if config.get("mediaType") not in _CONFIG_TYPES:
        return None
    return Described(_digest(config), tuple(map(_layer, layers)), _total(layers))


def _layer(descriptor: object) -> Layer:
    told = descriptor if isinstance(descriptor, dict) else {}
    digest, size = told.get("digest"), told.get("size")
    known = isinstance(digest, str) and is_digest(digest)
    return Layer(str(digest) if known else "", size if isinstance(size, int) else 0)


def _total(layers: Iterable[object]) -> int | None:
    sizes = [layer.get("size") if isinstance(layer, dict) else None for layer in layers]
    told = [size for size in sizes if isinstance(size, int) and size >= 0]
    return sum(told) if len(told) == len(sizes) else None


def _digest(descriptor: Document) -> str:
    digest = descriptor.get("digest")
    if not isinstance(digest, str) or not is_digest(digest):
        raise BadManifest("há um digest que não é sha256")
    return digest


def _is_attestation(entry: Document) -> bool:
    """Build attestations sit in an index as platform unknown/unknown."""
    platform = entry.get("platform")
    os = platform.get("os") if isinstance(platform, dict) else None
    annotations = entry.get("annotations")
    kind = annotations.get("vnd.docker.reference.type") if isinstance(annotations, dict) else None
    return os == "unknown" or kind == "attestation-manifest"
