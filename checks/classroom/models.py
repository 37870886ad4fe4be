"""The images that the teacher handed out, by which a class's pushes are known: their content, kept as JSON.

    {"schema": 1, "images": {"docker-is-cool:latest": [CONFIG, …]}}

CONFIG is an image configuration as the OCI image specification writes it, cut to what makes two images the
same (checks.content). A name has more than one where learners' computers differ (amd64, arm64).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.content import Image
from checks.errors import BadDocument
from checks.reference import Reference

SCHEMA = 1
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True)
class Models:
    """Images by familiar name."""

    images: Mapping[str, tuple[Image, ...]] = field(default_factory=dict)

    def named(self, reference: Reference) -> tuple[Image, ...]:
        return self.images.get(reference.familiar, ())

    @property
    def contents(self) -> frozenset[object]:
        return frozenset(image.content for images in self.images.values() for image in images)

    def to_json(self) -> str:
        images = {name: [_config(image) for image in images] for name, images in self.images.items()}
        return json.dumps({"schema": SCHEMA, "images": images}, ensure_ascii=False, indent=1) + "\n"


def load(path: Path | None) -> Models:
    """No models where there is no file. Raises BadDocument for one that is not what `to_json` writes."""
    if path is None or not path.exists():
        return Models()
    try:
        return read(path.read_bytes()[:_LARGEST])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise BadDocument(path, "não tem as imagens modelo da turma") from None


def read(text: str | bytes) -> Models:
    """What `to_json` wrote; ValueError, KeyError, TypeError or AttributeError when it is not that."""
    data = json.loads(text)
    if data["schema"] != SCHEMA:
        raise ValueError("another schema")
    return Models({str(name): tuple(_images(found)) for name, found in data["images"].items()})


def _images(configs: Iterable[Any]) -> Iterable[Image]:
    return (Image.from_config(config) for config in configs)


def _config(image: Image) -> dict[str, object]:
    run = image.run
    return {
        "os": image.platform.os,
        "architecture": image.platform.architecture,
        "variant": image.platform.variant,
        "rootfs": {"diff_ids": list(image.diff_ids)},
        "config": {
            "Cmd": list(run.cmd),
            "Entrypoint": list(run.entrypoint),
            "Env": list(run.env),
            "User": run.user,
            "WorkingDir": run.working_dir,
            "Labels": dict(run.labels),
            "ExposedPorts": {port: {} for port in run.exposed_ports},
            "Volumes": {volume: {} for volume in run.volumes},
        },
    }
