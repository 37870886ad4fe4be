"""The learner's copies of lessons and exercises in trabalho/: delivered once, never overwritten."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lab.paths import course_home, work_home
from lab.state import write

KINDS = ("notebooks", "exercises")
PYTEST = "pytest.ini"  # hidden at the learner's: pytest goes by it there, and not by the project's settings
NOTE = ".entregues.json"  # what was delivered; beside the copies, for it must live as long as they do


@dataclass(frozen=True)
class Delivery:
    """What was put in trabalho/ this time."""

    new: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()  # newer versions, put beside copies that the learner already had


@dataclass(frozen=True)
class Fresh:
    """An exercise as new, and what the learner had of it, under other names."""

    notebook: Path
    kept: tuple[Path, ...] = ()


def deliver() -> Delivery:
    """Copy what is new; a changed file arrives beside the learner's copy, under another name."""
    work = work_home()
    work.mkdir(parents=True, exist_ok=True)
    delivered = _read(work / NOTE)
    before = dict(delivered)
    new: list[Path] = []
    beside: list[Path] = []
    for source, place in _sources():
        mark = _digest(source)
        target = work / place
        if not target.exists():
            new.append(_copy(source, target))
        elif delivered.get(str(place), mark) != mark and _digest(target) != mark:
            beside.append(_copy(source, _free(target, "nova versão")))
        # a copy with no note (trabalho/ came from another machine) counts as delivered: it is the learner's
        delivered[str(place)] = mark
    if delivered != before:
        _note(delivered)
    return Delivery(tuple(new), tuple(beside))


def restart(unit: str) -> Fresh | None:
    """Fresh copies of the exercise of a unit's folder; the old ones stay beside. None when it has none."""
    work = work_home()
    places = [(source, place) for source, place in _sources() if _belongs(place, unit)]
    if not places:
        return None
    delivered, kept = _read(work / NOTE), []
    for source, place in places:
        target, mark = work / place, _digest(source)
        if not target.exists():
            _copy(source, target)
        elif _digest(target) != mark:
            kept.append(_replace(source, target))
        delivered[str(place)] = mark
    _note(delivered)
    return Fresh(work / places[0][1], tuple(kept))


def _belongs(place: Path, unit: str) -> bool:
    return place.parts[0] == "exercises" and place.parts[1] in (unit, f"{unit}.ipynb")


def _replace(source: Path, target: Path) -> Path:
    """A full disk stops it before anything of the learner's is touched; returns where the old one went."""
    with _fresh(source, target) as fresh:
        kept = target.rename(_free(target, f"antes de {datetime.now():%d-%m %Hh%M}"))
        fresh.replace(target)
    return kept


def _sources() -> Iterator[tuple[Path, Path]]:
    """Each file of the course that the learner gets, and its place in trabalho/."""
    course = course_home()
    for kind in KINDS:
        for path in sorted((course.parent / kind).glob("*.ipynb")):
            yield path, Path(kind) / path.name
    for starter in sorted(course.glob("*/starter")):
        for path in sorted(starter.rglob("*")):
            if path.is_file():
                yield path, Path("exercises") / starter.parent.name / path.relative_to(starter)
    if (course / PYTEST).is_file():
        yield course / PYTEST, Path(f".{PYTEST}")


def _copy(source: Path, target: Path) -> Path:
    with _fresh(source, target) as fresh:
        return fresh.replace(target)


@contextmanager
def _fresh(source: Path, target: Path) -> Iterator[Path]:
    """A whole copy beside the target, to take its name: half of one would count as the learner's for ever."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.novo")
    try:
        shutil.copyfile(source, fresh)
        yield fresh
    finally:
        fresh.unlink(missing_ok=True)


def _free(target: Path, label: str) -> Path:
    """A name that is not taken: "40-push (nova versão).ipynb", then "(nova versão 2)" and so on."""
    number = 1
    while True:
        numbered = label if number == 1 else f"{label} {number}"
        candidate = target.with_name(f"{target.stem} ({numbered}){target.suffix}")
        if not candidate.exists():
            return candidate
        number += 1


def _note(delivered: dict[str, str]) -> None:
    text = json.dumps(delivered, indent=2, sort_keys=True, ensure_ascii=False)
    write(work_home() / NOTE, f"{text}\n")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(mark) for name, mark in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}
