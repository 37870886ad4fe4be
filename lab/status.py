"""What runs right now: each service with its state, address, version and pid."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from http.client import HTTPException
from importlib.metadata import version
from typing import Any, Literal

from lab import health, presence, services, state, tools, universe
from lab.engine import image_store
from lab.engine_api import Engine
from lab.errors import LabDown
from lab.paths import Home
from lab.processes import descendants, pid_inside
from lab.state import Lab
from lab.supervisor import Process, Refused, processes

SCHEMA = 1
State = Literal["up", "starting", "down"]


@dataclass(frozen=True)
class ServiceStatus:
    name: str
    title: str  # for the learner
    state: State
    address: str
    version: str
    pid: int | None  # valid where the command runs


@dataclass(frozen=True)
class Status:
    id: str
    mode: str
    home: str
    running: bool
    store: str  # the engine's image store: "classic", "containerd", or "" when it cannot be asked
    services: tuple[ServiceStatus, ...]

    @property
    def all_up(self) -> bool:
        return self.running and all(service.state == "up" for service in self.services)

    def to_dict(self) -> dict[str, Any]:
        return {"schema": SCHEMA, **asdict(self), "all_up": self.all_up}


def look(home: Home) -> Status:
    """Ask every service, at the same time."""
    lab = state.load(home)
    if lab is None:
        return Status("", "", str(home.root), False, "", ())
    found = {process.name: process for process in _processes(home, lab)}
    names = [service.name for service in services.of(lab)]
    seen = [found.get(name, Process(name, "STOPPED", 0)) for name in names]
    with ThreadPoolExecutor(len(seen) + 1) as pool:
        store = pool.submit(_store, home, lab)
        answers = list(pool.map(lambda process: health.ask(home, lab, process), seen))
    pids = _outer_pids(home, lab)
    places = services.addresses(home, lab)
    rows = tuple(
        ServiceStatus(
            process.name,
            services.TITLES[process.name],
            _state(process, answer),
            places[process.name],
            answer.version or _version(home, process.name),
            pids.get(process.pid, process.pid) or None,
        )
        for process, answer in zip(seen, answers, strict=True)
    )
    return Status(lab.id, lab.mode, str(home.root), presence.running(home) is not None, store.result(), rows)


def _processes(home: Home, lab: Lab) -> tuple[Process, ...]:
    if lab.mode == "real":
        from lab import alone

        server = alone.find(home)
        return (Process("jupyter", "RUNNING", server.pid),) if server else ()
    try:
        return processes(home)
    except (LabDown, Refused):
        return ()


def _state(process: Process, answer: health.Answer) -> State:
    if answer.healthy:
        return "up"
    return "starting" if process.state in {"RUNNING", "STARTING", "BACKOFF"} else "down"


def _store(home: Home, lab: Lab) -> str:
    try:
        return image_store(Engine(home.engine_socket).info()) if lab.mode == "treino" else ""
    except (OSError, ValueError, HTTPException):
        return ""


def _version(home: Home, name: str) -> str:
    """Of the services that do not tell it themselves, what their program says; asked once of each program."""
    if name == "jupyter":
        return version("jupyterlab")
    tool = {"containerd": tools.CONTAINERD, "registry": tools.REGISTRY}.get(name)
    program = tools.find(tool) if tool else None
    if program is None:
        return ""
    may_note = os.access(home.run, os.W_OK)  # somebody else may look too
    found = (
        tools.version_kept(program, home.run / f"{name}-version.json")
        if may_note
        else tools.version_of(program)
    )
    return ".".join(map(str, found))


def _outer_pids(home: Home, lab: Lab) -> dict[int, int]:
    """Pids of the universe as they are out here; empty inside of it, where they are valid as they are."""
    if lab.mode == "real" or universe.inside(lab):
        return {}
    record = universe.find(home)
    if record is None:
        return {}
    return {inner: pid for pid in descendants(record.init.pid) if (inner := pid_inside(pid)) is not None}
