"""What is known of layers: each is fetched and read once, ever, for its content never changes.

A configuration only claims what its layers unpack to, and anybody can push the right configuration over
other layers; so the blob of each layer is read and compared. The bounds: a layer of more than 64 MiB as it
is kept (compressed), or one that does not come in SECONDS, is believed; so a check can be deceived by
somebody who pads the wrong layer to that size, but never stops a learner whose image is big or whose
internet is slow. One that unpacks to more than 512 MiB is neither read nor believed.

Docker Hub counts manifests as pulls; blobs it does not count.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from checks import unpack
from checks.cache import is_digest
from checks.download import Download
from checks.errors import OutOfReach, TooSlow
from checks.layer_notes import Learned, Notes, Unread
from checks.leaks import Contents
from checks.library import Library
from checks.manifest import Layer
from checks.unpack import LayerTooLarge, OutOfTime

SECONDS: Final = 6.0  # to fetch a layer, and as many again to read it
_AT_ONCE: Final = 3  # this many temporary files of 64 MiB at most
_IN_MEMORY: Final = 1024 * 1024  # of a layer, before it goes to the disk
_AT_HAND: Final = 64 * 1024  # of a layer, read without a thread
_EXPANDS = (
    f"Uma camada da imagem se expande para mais de {unpack.LARGEST // 1024 // 1024} MiB quando aberta, e não "
    "leio além disso. Envie uma imagem com camadas menores e verifique de novo; nenhum ponto foi perdido."
)


# Puts the blob into the file, verified, or says that it is not there.
Fetch = Callable[[Download], Awaitable[bool]]


class Layers:
    """Layers by the digest of their blob: learned now, or long ago and kept in a folder."""

    def __init__(self, library: Library, folder: Path | None) -> None:
        self._library = library  # of which only `alone` is used: a layer is not fetched twice at a time
        self._folder = folder
        self._notes = Notes(folder)
        self._known: dict[str, Learned] = {}
        self._turn = asyncio.Semaphore(_AT_ONCE)

    def known(self, digest: str) -> Learned | None:
        """What is known without asking anybody."""
        if digest not in self._known and (noted := self._notes.get(digest)):
            self._known[digest] = noted
        return self._known.get(digest)

    async def are(
        self, diff_ids: Sequence[str], layers: Sequence[Layer], fetch: Callable[[Layer], Fetch]
    ) -> bool:
        """Whether the layers unpack to what a configuration says, as far as they are read.

        Raises OutOfReach for one that is neither read nor believed, and what `learn` raises.
        """
        if len(diff_ids) != len(layers):
            return False
        # What is not compressed has one digest for both. The small ones first: what they teach is kept.
        packed = [pair for pair in zip(layers, diff_ids, strict=True) if pair[0].digest != pair[1]]
        for layer, diff_id in sorted(packed, key=lambda pair: pair[0].size):
            learned = await self.learn(layer.digest, fetch(layer))
            if learned is Unread.TOO_SLOW:
                break  # the larger ones would not come either
            if learned is Unread.EXPANDS:
                raise OutOfReach(_EXPANDS)
            if learned is Unread.MISSING or (isinstance(learned, Contents) and learned.diff_id != diff_id):
                return False
        return True

    async def contents(
        self, layers: Sequence[Layer], fetch: Callable[[Layer], Fetch]
    ) -> list[Contents | None]:
        """What is in each layer, None for one that is too large; raises what `learn` raises.

        TooSlow when one did not come in time: those that came are kept for the next try.
        """
        learned = {
            layer: await self.learn(layer.digest, fetch(layer))
            for layer in sorted(layers, key=lambda layer: layer.size)
        }
        if Unread.TOO_SLOW in learned.values():
            raise TooSlow("uma camada da imagem", SECONDS)
        found = (learned[layer] for layer in layers)
        return [what if isinstance(what, Contents) else None for what in found]

    async def learn(self, digest: str, fetch: Fetch) -> Learned:
        """What is in a layer; raises TooSlow when it could not be read in time, and what `fetch` raises."""
        if not is_digest(digest):
            return Unread.MISSING
        while (learned := self.known(digest)) is None:
            async with self._library.alone(f"layer {digest}") as is_alone:
                if is_alone:
                    return await self._read(digest, fetch)
        return learned

    async def _read(self, digest: str, fetch: Fetch) -> Learned:
        async with self._turn:
            with tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=self._place()) as file:
                learned = await _fetched(file, fetch)
        if learned is Unread.MISSING:
            return learned  # here; another repository may have it
        self._known[digest] = learned
        if learned is not Unread.TOO_SLOW:
            self._notes.add(digest, learned)
        return learned

    def _place(self) -> str | None:
        """On the disk of the cache: the system's folder for temporary files may be in memory."""
        with suppress(OSError):
            if self._folder is not None:
                self._folder.mkdir(parents=True, exist_ok=True)
                return str(self._folder)
        return None


async def _fetched(file: IO[bytes], fetch: Fetch) -> Learned:
    download = Download(file, SECONDS)
    if not await fetch(download):
        return Unread.MISSING
    if download.is_cut:
        return Unread.TOO_LARGE if download.is_too_large else Unread.TOO_SLOW
    if file.tell() <= _AT_HAND:
        return _unpacked(file)  # over before a thread has begun
    return await asyncio.to_thread(_unpacked, file)


def _unpacked(file: IO[bytes]) -> Learned:
    try:
        return unpack.read(file, time.monotonic() + SECONDS)
    except LayerTooLarge:
        return Unread.EXPANDS
    except OutOfTime:
        raise TooSlow("a leitura de uma camada da imagem", SECONDS) from None
