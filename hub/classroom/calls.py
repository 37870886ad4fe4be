"""Whose work has just changed: left here by whoever saw it, and taken by the judge of this process."""

from __future__ import annotations

import threading

_waiting: dict[str, frozenset[str] | None] = {}  # in order, and each once
_change = threading.Condition()
Called = dict[str, frozenset[str] | None]


def call(docker_id: str, repository: str = "") -> None:
    """Something of theirs is another: what is in `repository`, or who knows what."""
    with _change:
        known = _waiting.get(docker_id, frozenset())
        _waiting[docker_id] = known | {repository} if repository and known is not None else None
        _change.notify()


def take(most: int, patience: float) -> Called:
    """Some of those who wait, the first ones first, each with the repositories that changed (None for any);
    waits `patience` seconds for one at most."""
    with _change:
        if not _waiting:
            _change.wait(patience)
        return {docker_id: _waiting.pop(docker_id) for docker_id in list(_waiting)[:most]}
