"""Processes by pid and start time, so that a pid used again by another program is never taken for ours."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True)
class Known:
    """A process as noted down: it is the same one only if all three still agree."""

    pid: int
    started: int  # clock ticks since the machine's start: a clock that jumps does not change it
    boot: str

    @property
    def alive(self) -> bool:
        return self.boot == boot_id() and _started(self.pid) == self.started

    def kill(self) -> None:
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> bool:
        """Whether it ended in time."""
        deadline = time.monotonic() + seconds
        while self.alive:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True


def know(pid: int) -> Known | None:
    started = _started(pid)
    return None if started is None else Known(pid, started, boot_id())


def boot_id() -> str:
    return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def children(pid: int) -> list[int]:
    """The pids of a process's children, from every thread of it."""
    found: list[int] = []
    for path in _PROC.glob(f"{pid}/task/*/children"):
        try:
            found += [int(child) for child in path.read_text(encoding="ascii").split()]
        except OSError:
            continue
    return found


def descendants(pid: int) -> list[int]:
    found = children(pid)
    for child in list(found):
        found += descendants(child)
    return found


def pid_inside(pid: int) -> int | None:
    """The pid that a process has in its own pid namespace."""
    try:
        status = (_PROC / str(pid) / "status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    line = next((line for line in status.splitlines() if line.startswith("NSpid:")), "")
    return int(line.split()[-1]) if line else None


def _started(pid: int) -> int | None:
    """None when there is no such process, and when it is dead and only waits to be collected."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()  # the name before it may hold spaces and brackets
    return None if fields[0] in "ZX" else int(fields[19])
