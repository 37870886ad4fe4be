"""The last report of each unit, kept in the lab's folder; it can be taken to another machine."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from checks import document, place
from checks.document import PROGRESS, Malformed
from checks.errors import BadDocument
from checks.outcome import Outcome
from checks.report import Report


def save(report: Report) -> Path | None:
    """Keeps a report; outside any lab there is nowhere to keep it. None when it was not kept."""
    folder = _folder()
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder / f"{report.unit}.json", report)
    except OSError:
        return None  # a full disk must not take the result away from the learner


def load(unit_id: str) -> Report | None:
    folder = _folder()
    return _read(folder / f"{unit_id}.json") if folder else None


def forget(unit_id: str) -> None:
    """The unit is to be done again; what was done outside stays done."""
    folder = _folder()
    if folder:
        (folder / f"{unit_id}.json").unlink(missing_ok=True)


def load_all() -> dict[str, Report]:
    """Every kept report by the id of its unit."""
    folder = _folder()
    reports = (_read(path) for path in sorted(folder.glob("*.json"))) if folder else ()
    return {report.unit: report for report in reports if report}


@dataclass(frozen=True)
class Arrival:
    """A report that came from elsewhere, what was kept of its unit, and whether it took its place."""

    came: Report
    kept: Report | None
    taken: bool


def export(reports: Iterable[Report], moment: datetime) -> str:
    """The text of a file that `brought` reads on another machine."""
    return document.dump(
        {
            "kind": PROGRESS,
            "schema": document.SCHEMA,
            "exported_at": document.written(moment),
            "reports": [replace(report, allowance=None).to_dict() for report in reports],
        }
    )


def brought(path: Path) -> tuple[Report, ...]:
    """The reports of an exported file, one a unit; BadDocument when it is none."""
    _, found = document.read(path, PROGRESS)
    try:
        reports = [document.report_of(item) for item in document.items_of(found.get("reports"))]
    except Malformed as error:
        raise BadDocument(path, "está estragado; exporte o progresso de novo na outra máquina") from error
    return tuple({report.unit: report for report in sorted(reports, key=_worth)}.values())


def arrivals(reports: Iterable[Report], kept: Mapping[str, Report]) -> tuple[Arrival, ...]:
    """Of each unit the better report stays, and of two as good the newer; nothing is written yet."""
    pairs = ((report, kept.get(report.unit)) for report in reports)
    return tuple(Arrival(came, was, was is None or _worth(came) > _worth(was)) for came, was in pairs)


def _worth(report: Report) -> tuple[bool, int, datetime]:
    return report.outcome is Outcome.PASSED, report.score, report.checked_at


def _folder() -> Path | None:
    home = place.lab_home()
    return home / "reports" if home else None


def _write(path: Path, report: Report) -> Path:
    """In one move, so that a reader never finds half a report."""
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(report.to_dict(), file, ensure_ascii=False, indent=2)
        return Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _read(path: Path) -> Report | None:
    try:
        return Report.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # absent, or not ours: as if it had never been checked
