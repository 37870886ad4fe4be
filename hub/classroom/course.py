"""The units of the class, in course order, as a class is graded on them: see checks.classroom.remote."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from checks.classroom.models import load
from checks.classroom.remote import remote_forms
from checks.unit import Unit, load_course


def units() -> tuple[Unit, ...]:
    """A course that changes is there after the hub starts again; new models at once."""
    path: Path | None = settings.HUB_CLASS_MODELS_FILE
    changed = path.stat().st_mtime_ns if path is not None and path.exists() else 0
    return _units(path, changed)


@lru_cache(maxsize=1)
def _units(models: Path | None, changed: int) -> tuple[Unit, ...]:
    return remote_forms(load_course(), load(models))


def title_of(unit_id: str) -> str:
    """The id itself for a unit that the course no longer has."""
    return next((unit.title for unit in units() if unit.id == unit_id), unit_id)
