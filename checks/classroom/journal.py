"""What a grading has done so far, a line a learner: an interrupted one goes on from there.

    {"schema": 1, "what": {…}, "started_at": "2026-11-29T12:00:00Z"}
    {"key": …, "docker_id": …, "reports": [REPORT, …], "traces": [TRACE, …]}

`what` is all that makes it another grading: hub, units, models. It holds names and results, so nobody else
may read it, and it goes when the grading has come to its end.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from checks.classroom.grading import Graded

SCHEMA = 1
GOES_ON_FOR = timedelta(hours=12)  # an older one is begun anew: too much may have changed


@dataclass(frozen=True)
class Done:
    """What a journal tells of a grading so far; `finished` are learners seen whole: key and Docker ID."""

    started_at: datetime
    finished: frozenset[tuple[str, str]] = frozenset()


def read(path: Path, what: Mapping[str, Any], now: datetime) -> Done | None:
    """None when there is nothing to go on from: no journal, an old one, or one of another grading."""
    entries = lines(path)
    try:
        head = next(entries)
        started = datetime.fromisoformat(head["started_at"])
        if head["schema"] != SCHEMA or head["what"] != what or now - started > GOES_ON_FOR:
            return None
        whole = ((entry["key"], entry["docker_id"]) for entry in entries if _is_whole(entry))
        return Done(started, frozenset(whole))
    except (StopIteration, KeyError, TypeError, ValueError):
        return None


def begin(path: Path, what: Mapping[str, Any]) -> BinaryIO:
    """A new journal in the place of what was there."""
    path.unlink(missing_ok=True)
    file = _opened(path)
    _write(file, {"schema": SCHEMA, "what": what, "started_at": datetime.now(UTC).isoformat()})
    return file


def go_on(path: Path) -> BinaryIO:
    """The journal as it is, less a line that the end of a process cut short."""
    file = _opened(path)
    whole = path.read_bytes().rpartition(b"\n")[0]
    file.truncate(len(whole) + 1 if whole else 0)
    file.seek(0, os.SEEK_END)
    return file


def note(file: BinaryIO, graded: Graded) -> None:
    """Each line is whole on the disk before the next begins: a process that is killed loses what it held."""
    _write(file, graded.to_dict())


def forget(path: Path, key: str) -> None:
    """Takes out all that it has of a person."""
    if not path.exists():
        return
    kept = [entry for entry in lines(path) if entry.get("key") != key]
    beside = path.with_suffix(".novo")
    with _opened(beside) as file:
        for entry in kept:
            _write(file, entry)
    beside.replace(path)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that are whole, as they are read; what is no JSON object is left out."""
    try:
        with path.open("rb") as file:
            for line in file:
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield entry
    except FileNotFoundError:
        return


def _opened(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    return os.fdopen(descriptor, "r+b")


def _write(file: BinaryIO, entry: Mapping[str, Any]) -> None:
    file.write(json.dumps(entry).encode("ascii") + b"\n")
    file.flush()


def _is_whole(entry: Mapping[str, Any]) -> bool:
    """Of a learner, and with nothing that could not be verified: that is tried again."""
    outcomes = (check["outcome"] for report in entry["reports"] for check in report["checks"])
    return not any(outcome in ("unverifiable", "error") for outcome in outcomes)
