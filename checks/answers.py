"""What a learner answered in a notebook, kept in the lab's folder; outside any lab, in memory alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from checks import place

_in_memory: dict[str, dict[str, str]] = {}


def save(unit_id: str, key: str, text: str) -> None:
    """Keeps the last answer to each key."""
    answers = {**load_all(unit_id), key: text}
    path = _path(unit_id)
    if path and _written(path, answers):
        _in_memory.pop(unit_id, None)
    else:
        _in_memory[unit_id] = answers


def load(unit_id: str, key: str) -> str | None:
    return load_all(unit_id).get(key)


def load_all(unit_id: str) -> dict[str, str]:
    """Every answer of a unit by its key."""
    path = _path(unit_id)
    kept = _read(path) if path else {}
    return {**kept, **_in_memory.get(unit_id, {})}


def forget(unit_id: str) -> None:
    _in_memory.pop(unit_id, None)
    path = _path(unit_id)
    if path:
        path.unlink(missing_ok=True)


def _path(unit_id: str) -> Path | None:
    home = place.lab_home()
    return home / "answers" / f"{unit_id}.json" if home else None


def _written(path: Path, answers: Mapping[str, str]) -> bool:
    """Whether they are on the disk now; a full one must not take the answer away from the learner."""
    draft = path.with_suffix(".new")  # in one move, so that a reader never finds half a file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(answers, indent=2), encoding="utf-8")
        draft.replace(path)
    except OSError:
        return False
    return True


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: text for key, text in found.items() if isinstance(text, str)}
