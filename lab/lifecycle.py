"""Starting, stopping and cleaning a lab: the order of things, each done by its own module."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from lab import (
    addresses,
    engine,
    health,
    jupyter,
    registry,
    school,
    services,
    state,
    supervisor,
    tools,
    trust,
    typed,
    universe,
    workspace,
)
from lab.environment import contract
from lab.errors import BadState, LabDown, ServiceFailed, UsageError
from lab.identity import Person, as_root, can_be_root
from lab.paths import NEEDED_FOR_WORK, NEEDED_SPACE, Home, make, require_usable, work_home
from lab.presence import running
from lab.readiness import PAUSE, Progress, wait, wait_alone
from lab.state import Lab, Mode


@dataclass(frozen=True)
class Started:
    lab: Lab
    already: bool = False
    notes: tuple[str, ...] = ()
    delivery: workspace.Delivery = field(default_factory=workspace.Delivery)


def start(home: Home, mode: Mode, person: Person, progress: Progress) -> Started:
    """Bring everything up; returns only when each service answered."""
    if mode == "treino":
        require_usable(home)
    present = running(home)
    if present is None:
        state.prepare(home)
        with state.locked(home):
            present = running(home)  # another terminal may have started it while this one waited
            if present is None:
                return _start(home, mode, person, progress)
    if present.mode != mode:
        raise UsageError(
            f"Já está ligado o laboratório com {TITLES[present.mode]}. "
            f"Desligue-o com `{typed.lab()} parar` e repita o comando."
        )
    return Started(present, already=True)


_CAN_STOP = {"RUNNING", "STARTING", "BACKOFF"}
PATIENCE = 20.0
TITLES: dict[Mode, str] = {"treino": "o Hub de treino", "real": "o Docker Hub real"}


def _start(home: Home, mode: Mode, person: Person, progress: Progress) -> Started:
    make(work_home(), "WORK_HOME")
    _require_space(home)
    kept = state.load(home)
    if kept is not None and kept.registry_address:
        universe.forget(home, kept)
    lab, notes = addresses.renew(replace(kept, mode=mode)) if kept else (addresses.new_lab(mode), ())
    delivery = workspace.deliver()
    told_once = _once(progress)
    try:
        _bring_up(home, lab, person, told_once)
    except ServiceFailed:
        lab, taken = addresses.renew(lab)
        if not taken:
            raise
        notes += taken  # somebody was faster than the service: once more, with others
        _bring_up(home, lab, person, told_once)
    return Started(lab, notes=notes, delivery=delivery)


def _once(progress: Progress) -> Progress:
    """Tells of each service the first time only."""
    told: set[str] = set()

    def tell(name: str) -> None:
        if name not in told:
            told.add(name)
            progress(name)

    return tell


def _bring_up(home: Home, lab: Lab, person: Person, progress: Progress) -> None:
    """Every service, answering; when one does not, none is left running."""
    state.save(home, lab)
    jupyter.prepare(home, lab, as_root=person.is_root)
    record = None if lab.mode == "real" else _open_universe(home, lab, person)
    try:
        if record is None:
            _start_alone(home, lab, person, progress)
        else:
            wait(home, lab, record, progress)
    except BaseException:  # an interruption too: half a lab would only answer half of the lessons
        stop(home)
        raise


def _start_alone(home: Home, lab: Lab, person: Person, progress: Progress) -> None:
    from lab import alone

    alone.start(home, lab, person)
    wait_alone(home, lab)
    progress("jupyter")


def _require_space(home: Home) -> None:
    for folder, needed, variable in (
        (home.root, NEEDED_SPACE, "LAB_HOME"),
        (work_home(), NEEDED_FOR_WORK, "WORK_HOME"),
    ):
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise BadState(
                f"O disco de {folder} só tem {free // 1_000_000} MB livres, e o laboratório precisa de "
                f"{needed // 1_000_000} MB. Libere espaço, ou use outro disco com {variable}=/outro/lugar."
            )


def _open_universe(home: Home, lab: Lab, person: Person) -> universe.Record:
    if lab.server:
        health.require_server(home.class_authority, school.parse(lab.server))
    programs = services.programs(home, lab, person)  # first of all: it says which program is missing
    trust.prepare(home, lab)
    registry.prepare(home, lab)
    engine.prepare(home, tools.version_kept(tools.require(tools.DOCKERD), home.run / "engine-version.json"))
    supervisor.prepare(home, person, programs)
    return universe.start(home, lab, contract(home, lab, person))


def stop(home: Home) -> bool:
    """Stop what runs; whether there was something to stop. All of it is asked, then made to end."""
    lab = state.load(home)
    if lab is None:
        return False
    if lab.mode == "real":
        from lab import alone

        return alone.stop(home)
    record = universe.find(home)
    if record is not None:
        _ask_to_end(home)
        if not record.init.wait(PATIENCE):
            with as_root():
                record.init.kill()
            record.init.wait(5)
        record.keeper.wait(5)
    universe.forget(home, lab)
    return record is not None


def _ask_to_end(home: Home) -> None:
    """All but containerd end together; it has to outlive the engine, which asks it to end containers."""
    try:
        running = {process.name for process in supervisor.processes(home) if process.state in _CAN_STOP}
        for name in running - {"containerd"}:
            supervisor.call(home, "stopProcess", name, False)
        deadline = time.monotonic() + PATIENCE
        while any(one.pid and one.name != "containerd" for one in supervisor.processes(home)):
            if time.monotonic() > deadline:
                break
            time.sleep(PAUSE)
        if "containerd" in running:  # left to `shutdown`, it would wait a second for each of the others
            supervisor.call(home, "stopProcess", "containerd", True)
        supervisor.call(home, "shutdown")
    except (LabDown, supervisor.Refused):
        return  # it is ending already; whoever waits will see


def clean(home: Home) -> bool:
    """Stop, then delete the lab's folder; whether there was one. The learner's copies stay."""
    if not home.root.exists():
        return False
    if not state.is_ours(home):
        if any(home.root.iterdir()):
            raise BadState(f"{home.root} não é a pasta de um laboratório; não apaguei nada.")
        if not _has_to_stay(home.root):
            home.root.rmdir()
        return False
    stop(home)
    _require_no_mounts(home.root)
    with as_root() if can_be_root() else nullcontext():
        _delete(home.root)
    return True


def _has_to_stay(root: Path) -> bool:
    """A disk that is mounted, or a link to elsewhere: only what is in it is the lab's."""
    return os.path.ismount(root) or root.is_symlink()


def _delete(root: Path) -> None:
    """All of the folder but the learner's copies, should they be kept inside of it."""
    work = work_home()
    keeps_work = work.is_relative_to(root) and work.exists()
    if not keeps_work and not _has_to_stay(root):
        shutil.rmtree(root)
        return
    for path in root.iterdir():
        if work.is_relative_to(path):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _require_no_mounts(folder: Path) -> None:
    """Deleting must never walk into something mounted there by others."""
    mountinfo = Path("/proc/self/mountinfo")
    if not mountinfo.exists():
        return
    lines = mountinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    points = (_OCTAL.sub(lambda found: chr(int(found[1], 8)), line.split()[4]) for line in lines)
    inner = next((point for point in points if point.startswith(f"{folder.resolve()}/")), None)
    if inner is not None:
        raise BadState(
            f"Há algo montado em {inner}; desmonte com `sudo umount {shlex.quote(inner)}` e repita. "
            "Não apaguei nada."
        )


_OCTAL = re.compile(r"\\([0-7]{3})")  # how the kernel writes a space in a path
