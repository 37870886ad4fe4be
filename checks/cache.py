"""Manifests and configurations kept on disk by digest, so that nothing is fetched twice.

What is read back is hashed again: a damaged or edited file is simply not there. Reading from the
cache never stands for permission; the registry has always just been asked (HEAD).
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from checks.place import lab_home

_SHA256 = re.compile(r"sha256:[a-f0-9]{64}", re.ASCII)
_KEEP: Final = 2000


def is_digest(text: object) -> bool:
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def digest_of(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()


def default_folder() -> Path:
    """Inside the lab, or where the user's programs keep caches."""
    home = lab_home()
    if home:
        return home / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dockerhub-na-pratica"


class Cache:
    """A folder with one file a digest; without a folder it keeps nothing."""

    def __init__(self, folder: Path | None, keep: int = _KEEP) -> None:
        self._folder = folder
        self._keep = keep

    def get(self, digest: str) -> bytes | None:
        if self._folder is None or not is_digest(digest):
            return None
        try:
            body = self._path(self._folder, digest).read_bytes()
        except OSError:
            return None
        return body if digest_of(body) == digest else None

    def put(self, digest: str, body: bytes) -> None:
        """A full disk or a folder that cannot be written only means no cache."""
        if self._folder is None or digest_of(body) != digest:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._make_room(self._folder)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".new-", delete=False) as file:
                file.write(body)
            Path(file.name).replace(self._path(self._folder, digest))
        except OSError:
            return

    def _make_room(self, folder: Path) -> None:
        files = list(folder.iterdir())
        if len(files) < self._keep:
            return
        files.sort(key=lambda file: file.stat().st_mtime)
        for old in files[: len(files) - self._keep + max(1, self._keep // 10)]:
            old.unlink(missing_ok=True)

    @staticmethod
    def _path(folder: Path, digest: str) -> Path:
        return folder / digest.replace(":", "-")
