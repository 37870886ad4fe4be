"""What was learned of layers, kept from run to run in one file: a line a layer, its digest and some JSON.

A layer never changes, but what is looked for in it may: what an older edition of the course noted is not
there. Nor is a damaged line. Trouble with the disk only means that layers are read again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from checks import leaks, secret_names, secrets, unpack
from checks.leaks import Contents, Spot
from checks.secrets import Kind, Secret

_MOST_BYTES: Final = 4 * 1024 * 1024  # about 12,000 layers


class Unread(StrEnum):
    """Why a layer was not read."""

    TOO_LARGE = "too_large"  # as it is kept
    TOO_SLOW = "too_slow"  # this time
    EXPANDS = "expands"  # to more than is read
    MISSING = "missing"


Learned = Contents | Unread


class Notes:
    """Without a folder, nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / "layers.txt" if folder else None
        self._lines: dict[str, str] | None = None

    def get(self, digest: str) -> Learned | None:
        if self._lines is None:
            self._lines = self._load()
        line = self._lines.get(digest)
        return None if line is None else _read(line)

    def add(self, digest: str, learned: Learned) -> None:
        if self._file is None:
            return
        with suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{digest} {json.dumps(_to_json(learned))}\n")

    def _load(self) -> dict[str, str]:
        try:
            text = self._file.read_text(encoding="utf-8", errors="replace") if self._file else ""
        except OSError:
            return {}
        lines = text.splitlines()
        if self._file and len(text) > _MOST_BYTES:
            lines = lines[len(lines) // 2 :]
            _rewrite(self._file, lines)
        return {digest: rest for digest, _, rest in (line.partition(" ") for line in lines)}


def _rewrite(file: Path, lines: list[str]) -> None:
    """In one move: another program may be reading it."""
    fresh = file.with_suffix(".new")
    with suppress(OSError):
        fresh.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        fresh.replace(file)


@cache
def _edition() -> str:
    modules = (secrets, secret_names, leaks, unpack)
    return sha256(b"".join(Path(str(module.__file__)).read_bytes() for module in modules)).hexdigest()[:16]


def _to_json(learned: Learned) -> Mapping[str, Any]:
    if isinstance(learned, Unread):
        return {"edition": _edition(), "unread": learned}
    spots = [[spot.secret.kind, spot.secret.prefix, spot.path] for spot in learned.spots]
    return {"edition": _edition(), "diff_id": learned.diff_id, "spots": spots, "removed": learned.removed}


def _read(line: str) -> Learned | None:
    try:
        kept = json.loads(line)
        if kept["edition"] != _edition():
            return None
        if "unread" in kept:
            return Unread(kept["unread"])
        spots = tuple(Spot(Secret(Kind(kind), prefix), path) for kind, prefix, path in kept["spots"])
        return Contents(kept["diff_id"], spots, tuple(kept["removed"]))
    except (ValueError, TypeError, KeyError):
        return None
