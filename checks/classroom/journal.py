"""What a grading has done so far, a line a learner: an interrupted one goes on from there.

{"schema": 1, "units": ["push", …], "started_at": "2026-11-29T12:00:00Z"}
{"key": …, "docker_id": …, "reports": [REPORT, …], "traces": [TRACE, …]}
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

from checks.classroom.grading import Graded

SCHEMA = 1
GOES_ON_FOR = timedelta(hours=12)  # an older one is begun anew: too much may have changed


@dataclass(frozen=True)
class Done:
    """What a journal tells of a grading so far; `finished` are the keys of learners seen whole."""

    started_at: datetime
    finished: frozenset[str] = frozenset()


def read(path: Path, units: Sequence[str], now: datetime) -> Done | None:
    """None when there is nothing to go on from: no journal, an old one, or one of other units."""
    entries = lines(path)
    try:
        head = next(entries)
        started = datetime.fromisoformat(head["started_at"])
        if head["schema"] != SCHEMA or list(units) != head["units"] or now - started > GOES_ON_FOR:
            return None
        return Done(started, frozenset(entry["key"] for entry in entries if _is_whole(entry)))
    except (StopIteration, KeyError, TypeError, ValueError):
        return None


def begin(path: Path, units: Sequence[str]) -> None:
    """A new journal in the place of what was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    head = {"schema": SCHEMA, "units": list(units), "started_at": datetime.now(UTC).isoformat()}
    path.write_text(json.dumps(head) + "\n", encoding="utf-8")


def note(file: TextIO, graded: Graded) -> None:
    """Each line is whole on the disk before the next begins: a process that is killed loses what it held."""
    file.write(json.dumps(graded.to_dict(), ensure_ascii=False) + "\n")
    file.flush()


def forget(path: Path, key: str) -> None:
    """Takes out all that it has of a person."""
    if path.exists():
        kept = [entry for entry in lines(path) if entry.get("key") != key]
        text = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in kept)
        path.write_text(text, encoding="utf-8")


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that are whole; one that was cut short by the end of a process is left out."""
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield entry
    except FileNotFoundError:
        return


def _is_whole(entry: dict[str, Any]) -> bool:
    """Of this grading, and with nothing that could not be verified: that is tried again."""
    outcomes = (check["outcome"] for report in entry["reports"] for check in report["checks"])
    return not any(outcome in ("unverifiable", "error") for outcome in outcomes)
