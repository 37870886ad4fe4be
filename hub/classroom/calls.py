"""Whose work has just changed: left here by whoever saw it, and taken by the judge of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """What to look at: repositories that the learner has just changed, others, and whether all there is."""

    pushed: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    is_whole: bool = False

    def __or__(self, other: Call) -> Call:
        whole = self.is_whole or other.is_whole
        return Call(self.pushed | other.pushed, self.again | other.again, whole)


Called = dict[str, Call]
_waiting: Called = {}  # in order, and each once
_change = threading.Condition()


def call(docker_id: str, repository: str = "") -> None:
    """Something of theirs is another: what is in `repository`, or who knows what."""
    _call(docker_id, Call(pushed=frozenset({repository})) if repository else Call(is_whole=True))


def look_again(docker_id: str, repositories: Iterable[str]) -> None:
    """What was last said of these may be old, whether or not they did anything."""
    _call(docker_id, Call(again=frozenset(repositories)))


def put_back(taken: Mapping[str, Call]) -> None:
    """What came of it nobody knows. They come last, so that one who is trouble holds up nobody."""
    for docker_id, what in taken.items():
        _call(docker_id, what)


def _call(docker_id: str, what: Call) -> None:
    with _change:
        _waiting[docker_id] = _waiting.get(docker_id, Call()) | what
        _change.notify()


def take(most: int, patience: float) -> Called:
    """Some of those who wait, the first ones first; waits `patience` seconds for one at most."""
    with _change:
        if not _waiting:
            _change.wait(patience)
        return {docker_id: _waiting.pop(docker_id) for docker_id in list(_waiting)[:most]}
