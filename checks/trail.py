"""Noticing that the learner did something with docker, and when it has come to rest.

In the lab the recorder's file says that docker did something to an image, and docker's own configuration
that somebody logged in or out. With the real hub there is no recorder, and the engine itself is asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from checks import place
from checks.errors import CourseError
from checks.login import config_file

QUIET = 0.5  # a command makes several events; the check waits for the last of them
ENGINE_PAUSE = 2.0


class Debounce:
    """Ripe once, when nothing has stirred for a while."""

    def __init__(self, quiet: float = QUIET) -> None:
        self._quiet = quiet
        self._last: float | None = None

    def stir(self, now: float) -> None:
        self._last = now

    def ripe(self, now: float) -> bool:
        if self._last is None or now - self._last < self._quiet:
            return False
        self._last = None
        return True

    def calm(self) -> None:
        self._last = None


class Trail(Protocol):
    """What docker commands leave behind."""

    def moved(self) -> bool:
        """Whether something was left since the last time it was asked."""
        ...

    def close(self) -> None:
        """Nobody will ask any more."""
        ...


class FileTrail:
    """Files that grow or are written anew."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = tuple(paths)
        self._seen = self._look()

    def moved(self) -> bool:
        before, self._seen = self._seen, self._look()
        return self._seen != before

    def close(self) -> None:
        pass

    def _look(self) -> tuple[tuple[int, int], ...]:
        return tuple(map(_signature, self._paths))


def _signature(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


class EngineTrail:
    """The engine's last event, asked for every few seconds by a thread, so that no key waits for it."""

    def __init__(self, ask: Callable[[], object], pause: float = ENGINE_PAUSE) -> None:
        self._ask, self._pause = ask, pause
        self._known: object = None
        self._moved = threading.Event()
        self._closed = threading.Event()
        threading.Thread(target=self._listen, name="engine-trail", daemon=True).start()

    def moved(self) -> bool:
        found = self._moved.is_set()
        self._moved.clear()
        return found

    def close(self) -> None:
        self._closed.set()

    def _listen(self) -> None:
        while not self._closed.is_set():
            try:
                last = self._ask()
            except CourseError:  # the engine is off: the check says so better than we could
                last = self._known
            if self._known not in (None, last):
                self._moved.set()
            self._known = last
            self._closed.wait(self._pause)


class Both:
    """Two trails as one."""

    def __init__(self, *trails: Trail) -> None:
        self._trails = trails

    def moved(self) -> bool:
        moved = [trail.moved() for trail in self._trails]  # each has to be asked
        return any(moved)

    def close(self) -> None:
        for trail in self._trails:
            trail.close()


def here() -> Trail:
    """The trail of where this process runs."""
    home = place.lab_home()
    if place.is_practice() and home:
        return FileTrail([home / "events.jsonl", config_file()])
    return Both(FileTrail([config_file()]), EngineTrail(_last_event))


def _last_event() -> object:
    from checks import engine

    return engine.history().events[-1:]
