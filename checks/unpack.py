"""Reads one layer of an image from a file: the digest of what it unpacks to, and the secrets in it.

A layer is a tar, plain or compressed with gzip or zstd, and anybody may have written it. It is read once,
in pieces, from the first byte to the last: the digest needs all of them, and a secret may be in any. A tar
library is not used, because it believes the headers (a name of 1 GB is read whole) and says nothing of
what comes after the end of the archive. Here the headers only say in which file a secret is: what they do
not explain is read all the same, without a name.

The bounds: LARGEST bytes unpacked, the moment in `until`, NAMED entries with a name.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final, Protocol

import zstandard

from checks.leaks import Contents, Spot
from checks.secret_names import in_keeper, is_keeper, is_sample
from checks.secrets import Scanner

LARGEST: Final = 512 * 1024 * 1024
_NAMED: Final = 200_000
_SPOTS: Final = 20  # more are not told to anybody
_REMOVALS: Final = 2_000
_PIECE: Final = 256 * 1024
_KEEPER: Final = 256 * 1024  # of a file such as .env, what is looked into
_LONG_NAME: Final = 16 * 1024
_BLOCK: Final = 512
_WINDOW: Final = 128 * 1024 * 1024  # of memory: what zstd itself accepts when nothing is asked
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPED = b"\x2a\x4d\x18"
_WITHOUT_CONTENT = b"123456"  # links, devices, folders, pipes: whatever size they say
_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"


class LayerTooLarge(Exception):  # noqa: N818
    """It unpacks to more than LARGEST bytes."""


class OutOfTime(Exception):  # noqa: N818
    """The moment has come and the layer is not read yet."""


def read(file: IO[bytes], until: float) -> Contents:
    """Reads a layer from the beginning of `file`, until `until` of time.monotonic() at the latest.

    Raises LayerTooLarge or OutOfTime. A layer that is damaged is no error: it has no `diff_id`.
    """
    flow = _Flow(_unpacked(file), until)
    walk = _Walk(io.BufferedReader(flow, _PIECE))
    try:
        walk.go()
    except (EOFError, OSError, zlib.error, zstandard.ZstdError):
        return Contents(None, *walk.seen())
    return Contents(f"sha256:{flow.hash.hexdigest()}", *walk.seen())


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _unpacked(file: IO[bytes]) -> _Source:
    """By its first bytes, as an engine does: what a manifest says of the compression is not believed."""
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    if magic.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file, mode="rb")
    if magic == _ZSTD or magic[1:] == _ZSTD_SKIPPED:
        opened = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        return opened.stream_reader(file, read_across_frames=True, closefd=False)
    return file


class _Flow(io.RawIOBase):
    """The unpacked bytes, hashed and counted as they pass."""

    def __init__(self, source: _Source, until: float) -> None:
        self.hash = hashlib.sha256()
        self._source = source
        self._until = until
        self._left = LARGEST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if time.monotonic() > self._until:
            raise OutOfTime
        piece = self._source.read(min(len(buffer), _PIECE))
        self.hash.update(piece)
        self._left -= len(piece)
        if self._left < 0:
            raise LayerTooLarge
        buffer[: len(piece)] = piece
        return len(piece)


@dataclass(frozen=True)
class _Entry:
    name: str
    kind: bytes
    size: int


class _Walk:
    """Goes through a tar from its first byte to its last, entry by entry."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._spots: dict[Spot, None] = {}
        self._removed: dict[str, None] = {}

    def seen(self) -> tuple[tuple[Spot, ...], tuple[str, ...]]:
        return tuple(self._spots), tuple(self._removed)

    def go(self) -> None:
        long_name = ""
        for _ in range(_NAMED):
            block = self._stream.read(_BLOCK)
            entry = _entry(block)
            if entry is None:
                return self._scan("", None, block)  # the end of the archive, or what is no archive
            if entry.kind in b"Lx" and entry.size <= _LONG_NAME:
                long_name = _long_name(entry, self._stream.read(entry.size)) or long_name
            else:
                name = (long_name or entry.name).removeprefix("./").lstrip("/")
                self._note(name)
                if entry.size:
                    self._scan(name, entry.size)
                long_name = ""
            self._stream.read(-entry.size % _BLOCK)
        return self._scan("", None)

    def _note(self, path: str) -> None:
        folder, _, name = path.rstrip("/").rpartition("/")
        if name.startswith(_WHITEOUT) and len(self._removed) < _REMOVALS:
            inside = f"{folder}/" if folder else ""
            self._removed[inside if name == _OPAQUE else inside + name.removeprefix(_WHITEOUT)] = None

    def _scan(self, path: str, size: int | None, first: bytes = b"") -> None:
        """Looks into the next `size` bytes; without a size, into all that is left."""
        scanner = Scanner()
        kept = bytearray() if size and is_keeper(path) else None
        for piece in self._pieces(size, first):
            scanner.feed(piece)
            if kept is not None and len(kept) < _KEEPER:
                kept += piece
        found = scanner.finish() | (in_keeper(path, bytes(kept)) if kept else frozenset())
        for secret in sorted(found):
            if len(self._spots) < _SPOTS and not is_sample(path, secret):
                self._spots[Spot(secret, path)] = None

    def _pieces(self, size: int | None, first: bytes) -> Iterator[bytes]:
        if first:
            yield first
        while size is None or size > 0:
            piece = self._stream.read(_PIECE if size is None else min(size, _PIECE))
            if not piece:
                return
            yield piece
            size = size if size is None else size - len(piece)


def _entry(block: bytes) -> _Entry | None:
    """A header; None when the block is none, as the zeros at the end of an archive are not."""
    if len(block) < _BLOCK or sum(block[:148]) + sum(block[156:]) + 256 != _number(block[148:156]):
        return None
    size, kind = _number(block[124:136]), block[156:157]
    if size is None:
        return None
    name, prefix = _text(block[:100]), _text(block[345:500]) if block[257:262] == b"ustar" else ""
    return _Entry(f"{prefix}/{name}" if prefix else name, kind, 0 if kind in _WITHOUT_CONTENT else size)


def _number(field: bytes) -> int | None:
    """Octal digits or, with the first bit set, a big-endian number; None when it is neither."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big") if field[0] == 0x80 else None
    digits = field.strip(b"\0 ")
    try:
        return int(digits or b"0", 8)
    except ValueError:
        return None


def _long_name(entry: _Entry, content: bytes) -> str:
    """The name of the next entry, in GNU's form or in the records of pax: `27 path=very/long/…`."""
    if entry.kind == b"L":
        return _text(content)
    at = content.find(b" path=")
    end = content.find(b"\n", at)
    return _text(content[at + 6 : end]) if 0 <= at < end else ""


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode(errors="replace")
