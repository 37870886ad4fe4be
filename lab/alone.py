"""The lab with the real Docker Hub: JupyterLab alone, as the learner, on any system."""

from __future__ import annotations

import json
import subprocess
import sys

import psutil

from lab.environment import contract
from lab.identity import Person, can_be_root
from lab.paths import Home, work_home
from lab.processes import know
from lab.services import drop_to
from lab.state import Lab, write

_DETACHED = 0x00000008 | 0x00000200  # Windows: DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP


def start(home: Home, lab: Lab, person: Person) -> None:
    command = [sys.executable, "-m", "lab.jupyter"]
    if can_be_root():
        command = [*drop_to(person), *command]
    with home.log("jupyter").open("a", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=work_home(),
            env=contract(home, lab, person), start_new_session=sys.platform != "win32",
            creationflags=_DETACHED if sys.platform == "win32" else 0,
        )  # fmt: skip
    noted = {"pid": process.pid, "mark": _mark(process.pid)}
    write(home.run / "jupyter.json", json.dumps(noted) + "\n")


def find(home: Home) -> psutil.Process | None:
    """The JupyterLab that runs; None when it does not."""
    try:
        noted = json.loads((home.run / "jupyter.json").read_text(encoding="utf-8"))
        process = psutil.Process(int(noted["pid"]))
        return process if noted["mark"] == _mark(process.pid) != "" else None
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None


def _mark(pid: int) -> str:
    """What no other process with that pid will have, however the clock jumps; "" when it has ended."""
    if sys.platform == "linux":
        known = know(pid)
        return f"{known.boot} {known.started}" if known else ""
    try:
        return str(psutil.Process(pid).create_time())
    except psutil.Error:
        return ""


def stop(home: Home) -> bool:
    """Whether there was one to stop."""
    process = find(home)
    if process is not None:
        family = [process, *process.children(recursive=True)]
        process.terminate()
        _, slow = psutil.wait_procs(family, timeout=8)
        for one in slow:
            one.kill()
    (home.run / "jupyter.json").unlink(missing_ok=True)
    return process is not None
