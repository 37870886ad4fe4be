"""Where a body too big for the memory goes: a file, with bounds on its size and on the time it takes."""

from __future__ import annotations

import hashlib
import time
from typing import IO, Final

LARGEST: Final = 64 * 1024 * 1024


class Download:
    """One body on its way to a file; each try begins it again."""

    def __init__(self, file: IO[bytes], seconds: float) -> None:
        self.is_too_large = False
        self.is_too_slow = False
        self._file = file
        self._seconds = seconds
        self._begin()

    def begin(self, length: int | None) -> bool:
        """Before the first byte; whether it is worth reading, by the length that is told beforehand."""
        self._begin()
        self.is_too_large = (length or 0) > LARGEST
        return not self.is_too_large

    def take(self, piece: bytes) -> bool:
        """The next bytes; whether more are wanted."""
        self._file.write(piece)
        self._hash.update(piece)
        self.is_too_large = self._file.tell() > LARGEST
        self.is_too_slow = time.monotonic() > self._end
        return not self.is_cut

    @property
    def is_cut(self) -> bool:
        """Whether it was not taken to its end."""
        return self.is_too_large or self.is_too_slow

    @property
    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"

    def _begin(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._hash = hashlib.sha256()
        self._end = time.monotonic() + self._seconds
        self.is_too_large = self.is_too_slow = False
