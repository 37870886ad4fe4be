"""Runs a command of the hub (`python -m hub VERB`) as the learner, with what only the hub may know."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from contextlib import nullcontext
from typing import Any, BinaryIO

from lab import typed
from lab.environment import contract
from lab.errors import LabError, ServiceFailed, from_os
from lab.identity import Person, as_root, can_be_root
from lab.paths import Home
from lab.services import drop_to, hub_environment
from lab.state import Lab

ROOM = 1_000_000  # bytes; with less, the hub's database cannot take another account
Done = subprocess.CompletedProcess[str]


def run(
    home: Home,
    lab: Lab,
    person: Person,
    arguments: list[str],
    text: str | BinaryIO = "",
    *,
    show: bool = False,
) -> Done:
    """`text`, or a file, is its standard input; what it says is taken, or shown as it comes."""
    command = [sys.executable, "-m", "hub", *arguments]
    if can_be_root():
        command = [*drop_to(person), *command]
    with as_root() if can_be_root() else nullcontext():
        return subprocess.run(
            command, **_input(text), stdout=None if show else subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, encoding="utf-8", check=False,
            env=contract(home, lab, person) | hub_environment(home, lab),
        )  # fmt: skip


def _input(text: str | BinaryIO) -> dict[str, Any]:
    return {"input": text} if isinstance(text, str) else {"stdin": text}


def failure(home: Home, said: str, what: str) -> LabError:
    """A fault of the hub or of the disk under it, never of what was typed; `what` begins the sentence."""
    full = OSError(errno.ENOSPC, "", str(home / "hub"))
    if shutil.disk_usage(home / "hub").free < ROOM and (known := from_os(full)):
        return known
    last = said.strip().splitlines()[-1:]
    return ServiceFailed(
        f"{what} "
        + "".join(f"A última linha que deixou: «{line[:300]}». " for line in last)
        + f"Veja se tudo está ligado com `{typed.lab()} status`."
    )
