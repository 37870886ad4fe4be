"""Saves an image of the learner's engine and reads what is saved: its configuration and its layers.

On either image store; how an engine is reached only checks.engine knows.
"""

from __future__ import annotations

import json
import tarfile
import time
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any, Final

from checks import unpack
from checks.leaks import Contents, Leak, of_image
from checks.unpack import LayerTooLarge, OutOfTime

if TYPE_CHECKING:
    from docker import DockerClient

LARGEST: Final = 1024 * 1024 * 1024


class BadArchive(Exception):  # noqa: N818
    """Not what `docker save` writes."""


def save(client: DockerClient, name: str, file: IO[bytes], until: float) -> None:
    """What `docker save` does; OutOfTime of checks.unpack when it gets late, or more than LARGEST."""
    for piece in client.api.get_image(name):
        file.write(piece)
        if time.monotonic() > until or file.tell() > LARGEST:
            raise OutOfTime
    file.seek(0)


def leaks(file: IO[bytes], until: float) -> tuple[tuple[Leak, ...], int]:
    """The secrets of a saved image, and how many layers were too large to be read.

    Raises BadArchive, and OutOfTime of checks.unpack when `until` (of time.monotonic()) has come.
    """
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            described = json.loads(_member(archive, "manifest.json").read())[0]
            config = json.loads(_member(archive, described["Config"]).read())
            contents = [_contents(_member(archive, name), until) for name in described["Layers"]]
    except (tarfile.TarError, ValueError, KeyError, IndexError, TypeError) as error:
        raise BadArchive from error
    known: Mapping[str, Any] = config if isinstance(config, Mapping) else {}
    return of_image(known, contents), contents.count(None)


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    """A file of the archive; a layer that comes twice is a link to the first one."""
    found = archive.extractfile(name)
    if found is None:
        raise BadArchive(name)
    return found


def _contents(layer: IO[bytes], until: float) -> Contents | None:
    try:
        return unpack.read(layer, until)
    except LayerTooLarge:
        return None
