"""The lab with the real Docker Hub: JupyterLab alone, as the learner, on any system."""

from __future__ import annotations

import json
import subprocess
import sys

import psutil

from lab import jupyter
from lab.environment import contract
from lab.errors import ServiceFailed
from lab.identity import Person, can_be_root
from lab.paths import Home, work_home
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
    try:
        started = psutil.Process(process.pid).create_time()
    except psutil.NoSuchProcess as error:
        raise ServiceFailed("O JupyterLab não começou. Veja por quê com `lab registros jupyter`.") from error
    write(home.run / "jupyter.json", json.dumps({"pid": process.pid, "started": started}) + "\n")


def find(home: Home) -> psutil.Process | None:
    """The JupyterLab that runs; None when it does not."""
    try:
        noted = json.loads((home.run / "jupyter.json").read_text(encoding="utf-8"))
        process = psutil.Process(int(noted["pid"]))
        same = abs(process.create_time() - float(noted["started"])) < 1
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return None


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


def prepare(home: Home, lab: Lab, person: Person) -> None:
    jupyter.prepare(home, lab, as_root=person.is_root)
