"""Starting, stopping and cleaning a lab: the order of things, each done by its own module."""

from __future__ import annotations

import shutil
import time
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from lab import (
    addresses,
    engine,
    jupyter,
    registry,
    services,
    state,
    supervisor,
    tools,
    trust,
    universe,
    workspace,
)
from lab.environment import contract
from lab.errors import BadState, LabDown, UsageError
from lab.identity import Person, as_root, can_be_root
from lab.paths import NEEDED_SPACE, Home, require_usable, work_home
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
            "Desligue-o com `lab parar` e repita o comando."
        )
    return Started(present, already=True)


_CAN_STOP = {"RUNNING", "STARTING", "BACKOFF"}
PATIENCE = 20.0
TITLES: dict[Mode, str] = {"treino": "o Hub de treino", "real": "o Docker Hub real"}


def _start(home: Home, mode: Mode, person: Person, progress: Progress) -> Started:
    _require_space(home)
    kept = state.load(home)
    if kept is not None and kept.registry_address:
        universe.forget(home, kept)
    lab, notes = addresses.renew(replace(kept, mode=mode)) if kept else (addresses.new_lab(mode), ())
    state.save(home, lab)
    delivery = workspace.deliver()
    jupyter.prepare(home, lab, as_root=person.is_root)
    if mode == "real":
        from lab import alone

        alone.start(home, lab, person)
        wait_alone(home, lab)
        progress("jupyter")
    else:
        _start_practice(home, lab, person, progress)
    return Started(lab, notes=notes, delivery=delivery)


def _require_space(home: Home) -> None:
    free = shutil.disk_usage(home.root).free
    if free < NEEDED_SPACE:
        raise BadState(
            f"O disco de {home.root} só tem {free // 1_000_000} MB livres, e o laboratório precisa de "
            f"{NEEDED_SPACE // 1_000_000} MB. Libere espaço, ou use outro disco com LAB_HOME=/outro/lugar."
        )


def _start_practice(home: Home, lab: Lab, person: Person, progress: Progress) -> None:
    programs = services.programs(home, lab, person)  # first of all: it says which program is missing
    trust.prepare(home)
    registry.prepare(home, lab)
    engine.prepare(home, tools.version_kept(tools.require(tools.DOCKERD), home.run / "engine-version.json"))
    supervisor.prepare(home, person, programs)
    record = universe.start(home, lab, contract(home, lab, person))
    try:
        wait(home, lab, record, progress)
    except BaseException:  # an interruption too: half a lab would only answer half of the lessons
        stop(home)
        raise


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
        home.root.rmdir()
        return False
    stop(home)
    _require_no_mounts(home.root)
    with as_root() if can_be_root() else nullcontext():
        _delete(home.root)
    return True


def _delete(root: Path) -> None:
    """All of the folder but the learner's copies, should they be kept inside of it."""
    work = work_home()
    if not work.is_relative_to(root) or not work.exists():
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
    points = (
        line.split()[4] for line in mountinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    )
    inner = next((point for point in points if point.startswith(f"{folder}/")), None)
    if inner is not None:
        raise BadState(
            f"Há algo montado em {inner}; desmonte (sudo umount {inner}) e repita. Não apaguei nada."
        )
