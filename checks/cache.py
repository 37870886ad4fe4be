"""Manifests and configurations kept on disk by digest, so that nothing is fetched twice; and the digest that
each name had when it was last seen.

What is read back is hashed again: what was damaged or edited is simply not there. Reading from the cache
never stands for permission, and a remembered digest never for the present one: the registry has always just
been asked. The digest only chooses the question: a name never seen is asked for with its content, a known
one for its digest alone (HEAD), which Docker Hub does not count as a pull.

One SQLite file, written in one go when a run ends: with a file a document, writing cost as much as asking.
"""

import hashlib
import os
import re
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from checks.place import lab_home

FILE: Final = "registry.sqlite3"
_SHA256 = re.compile(r"sha256:[a-f0-9]{64}", re.ASCII)
# A class of a thousand learners and their images of several platforms, of about 3 kB a document.
_KEEP: Final = 12_000
_KEEP_BYTES: Final = 128 * 1024 * 1024
# What a run holds in memory, written or not.
_AT_HAND_BYTES: Final = 16 * 1024 * 1024
_WAIT = 1.0  # seconds, for another program that writes at the same time
_TABLES = (
    "CREATE TABLE IF NOT EXISTS documents (digest TEXT PRIMARY KEY, body BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS names (name TEXT PRIMARY KEY, digest TEXT NOT NULL)",
)
# Counted from the newest, what comes after so many documents or so many bytes.
_TOO_MANY_DOCUMENTS = """
    DELETE FROM documents WHERE rowid IN (
        SELECT id FROM (
            SELECT rowid AS id,
                row_number() OVER (ORDER BY rowid DESC) AS place,
                sum(length(body)) OVER (ORDER BY rowid DESC) AS bytes
            FROM documents
        ) WHERE place > ? OR bytes > ?
    )
"""
_TOO_MANY_NAMES = "DELETE FROM names WHERE rowid <= (SELECT max(rowid) FROM names) - ?"


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


def forget(folder: Path, docker_id: str) -> None:
    """Takes out where the names of a person's images led; the documents say nothing of whose they were."""
    path = folder / FILE
    if path.is_file():
        with closing(sqlite3.connect(path, timeout=_WAIT)) as file, file, suppress(sqlite3.Error):
            file.execute("DELETE FROM names WHERE name LIKE ?", (f"%/{docker_id}/%",))


class Cache:
    """Documents and names of one run over those of the runs before; without a folder, of this run alone.

    For one thread. `close` writes what is new; trouble with the disk only means no cache.
    """

    def __init__(self, folder: Path | None, keep: int = _KEEP, keep_bytes: int = _KEEP_BYTES) -> None:
        self.folder = folder
        self._keep = keep
        self._keep_bytes = keep_bytes
        self._at_hand: dict[str, bytes] = {}
        self._at_hand_bytes = 0
        self._names: dict[str, str] = {}
        self._new_documents: set[str] = set()
        self._new_names: set[str] = set()
        self._file: sqlite3.Connection | None = None
        # What another run writes meanwhile is not needed: asking again is always right.
        self._is_empty = folder is None or not (folder / FILE).is_file()

    def get(self, digest: str) -> bytes | None:
        if (held := self._at_hand.get(digest)) is not None:
            return held
        body = self._kept("SELECT body FROM documents WHERE digest = ?", digest)
        if not isinstance(body, bytes) or digest_of(body) != digest:
            return None
        self._hold(digest, body)
        return body

    def put(self, digest: str, body: bytes) -> None:
        if digest_of(body) == digest:
            self._hold(digest, body)
            self._new_documents.add(digest)

    def last_digest(self, name: str) -> str | None:
        """Where a name led when it was last seen."""
        if name not in self._names:
            digest = self._kept("SELECT digest FROM names WHERE name = ?", name)
            if not isinstance(digest, str) or not is_digest(digest):
                return None
            self._names[name] = digest
        return self._names[name]

    def remember(self, name: str, digest: str) -> None:
        if self.last_digest(name) != digest:
            self._names[name] = digest
            self._new_names.add(name)

    def close(self) -> None:
        self._write_down()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _hold(self, digest: str, body: bytes) -> None:
        self._at_hand_bytes += len(body) - len(self._at_hand.pop(digest, b""))
        self._at_hand[digest] = body
        if self._at_hand_bytes > _AT_HAND_BYTES:
            self._write_down()
        while self._at_hand_bytes > _AT_HAND_BYTES:
            oldest = next(iter(self._at_hand))
            self._at_hand_bytes -= len(self._at_hand.pop(oldest))

    def _write_down(self) -> None:
        if self.folder is not None and (self._new_documents or self._new_names):
            try:
                self._write(self._open(self.folder))
                self._is_empty = False
            except (sqlite3.OperationalError, OSError):  # busy, full, or not ours to write
                pass
            except sqlite3.DatabaseError:  # damaged: the next run begins anew
                with suppress(OSError):
                    (self.folder / FILE).unlink()
        self._new_documents.clear()
        self._new_names.clear()

    def _write(self, file: sqlite3.Connection) -> None:
        documents = [(digest, self._at_hand[digest]) for digest in self._new_documents]
        names = [(name, self._names[name]) for name in self._new_names]
        file.execute("BEGIN IMMEDIATE")
        file.executemany("INSERT OR REPLACE INTO documents VALUES (?, ?)", documents)
        file.executemany("INSERT OR REPLACE INTO names VALUES (?, ?)", names)
        # What was written first goes, until the rest fits.
        file.execute(_TOO_MANY_DOCUMENTS, (self._keep, self._keep_bytes))
        file.execute(_TOO_MANY_NAMES, (self._keep,))
        file.execute("COMMIT")

    def _kept(self, question: str, key: str) -> object:
        """The only column of the only row, or None."""
        if self.folder is None or self._is_empty:
            return None
        try:
            row = self._open(self.folder).execute(question, (key,)).fetchone()
        except (sqlite3.Error, OSError):
            return None
        return row[0] if row else None

    def _open(self, folder: Path) -> sqlite3.Connection:
        if self._file is None:
            folder.mkdir(parents=True, exist_ok=True)
            # By hand: a reader must not hold others up between two questions.
            file = sqlite3.connect(folder / FILE, timeout=_WAIT, isolation_level=None)
            try:
                # A power cut may cost the cache, which is looked at again before it is believed.
                file.execute("PRAGMA synchronous = OFF")
                for table in _TABLES:
                    file.execute(table)
            except sqlite3.Error:
                file.close()
                raise
            self._file = file
        return self._file
