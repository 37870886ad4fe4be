"""Starting, stopping and cleaning a lab: the order of things, each done by its own module."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path

from lab import (
    addresses,
    alone,
    engine,
    health,
    image,
    jupyter,
    pki,
    registry,
    services,
    state,
    supervisor,
    tools,
    universe,
    workspace,
)
from lab.environment import contract
from lab.errors import BadState, LabDown, ServiceFailed, UsageError
from lab.identity import Person, as_root, can_be_root
from lab.paths import NEEDED_SPACE, Home, require_usable, work_home
from lab.presence import running
from lab.state import Lab, Mode

PATIENCE = 90.0
_PAUSE = 0.05
Progress = Callable[[str], None]  # told the name of each service as soon as it is ready


@dataclass(frozen=True)
class Started:
    lab: Lab
    already: bool = False
    notes: tuple[str, ...] = ()
    delivery: workspace.Delivery = workspace.Delivery()


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
            f"Já está ligado o laboratório com {TITLES[present.mode]}. Desligue-o com `lab parar` e repita o comando."
        )
    return Started(present, already=True)


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
        alone.start(home, lab, person)
        _wait_alone(home, lab)
        progress("jupyter")
    else:
        _start_practice(home, lab, person, progress)
    return Started(lab, notes=notes, delivery=delivery)


def _require_space(home: Home) -> None:
    free = shutil.disk_usage(home.root).free
    if free < NEEDED_SPACE:
        raise BadState(
            f"O disco de {home.root} só tem {free // 1_000_000} MB livres, e o laboratório precisa de "
            f"{NEEDED_SPACE // 1_000_000} MB. Libere espaço, ou escolha outro disco com LAB_HOME=/outro/lugar."
        )


def _start_practice(home: Home, lab: Lab, person: Person, progress: Progress) -> None:
    programs = services.programs(home, lab, person)  # first of all: it says which program is missing
    pki.prepare(home)
    registry.prepare(home, lab)
    engine.prepare(home, tools.version_of(tools.require(tools.DOCKERD)))
    supervisor.prepare(home, person, programs)
    record = universe.start(home, lab, contract(home, lab, person))
    try:
        _wait(home, lab, record, progress)
    except BaseException:  # an interruption too: half a lab would only answer half of the lessons
        stop(home)
        raise


def _wait(home: Home, lab: Lab, record: universe.Record, progress: Progress) -> None:
    """Ask every service until all have answered; the image is built as soon as the engine does."""
    pending = {service.name for service in services.SERVICES}
    deadline = time.monotonic() + PATIENCE
    with ThreadPoolExecutor(len(pending) + 1) as pool:
        built: Future[bool] | None = None
        while pending:
            _require_hope(home, record, pending, deadline)
            found = [process for process in supervisor.processes(home) if process.name in pending]
            _require_none_failed(home, found)
            answers = pool.map(lambda process: health.ask(home, lab, process), found)
            for process, answer in zip(found, answers, strict=True):
                if answer.healthy:
                    pending.discard(process.name)
                    progress(process.name)
            if built is None and "engine" not in pending:
                built = pool.submit(image.ensure, home)
            time.sleep(_PAUSE)
        if built is not None:
            built.result()


def _require_hope(home: Home, record: universe.Record, pending: set[str], deadline: float) -> None:
    if not record.alive:
        raise ServiceFailed(f"O laboratório parou enquanto ligava. {_last_words(home, 'supervisor')}")
    if time.monotonic() > deadline:
        name = sorted(pending)[0]
        names = ", ".join(services.TITLES[one] for one in sorted(pending))
        raise ServiceFailed(f"Esperei {PATIENCE:.0f} s e não respondeu: {names}. {_last_words(home, name)}")


def _require_none_failed(home: Home, processes: list[supervisor.Process]) -> None:
    for process in processes:
        if process.state == "FATAL":
            title = services.TITLES[process.name]
            raise ServiceFailed(f"{title} não conseguiu começar. {_last_words(home, process.name)}")


def _last_words(home: Home, name: str) -> str:
    try:
        lines = home.log(name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    said = f"A última linha que deixou: «{lines[-1][:300]}». " if lines else ""
    return f"{said}Veja o resto com `lab registros {name}`."


def _wait_alone(home: Home, lab: Lab) -> None:
    deadline = time.monotonic() + PATIENCE
    process = supervisor.Process("jupyter", "RUNNING", 0)
    while not health.ask(home, lab, process).healthy:
        if alone.find(home) is None or time.monotonic() > deadline:
            raise ServiceFailed(f"O JupyterLab não conseguiu começar. {_last_words(home, 'jupyter')}")
        time.sleep(_PAUSE)


def stop(home: Home) -> bool:
    """Stop what runs; whether there was something to stop. All of it is asked, then made to end."""
    lab = state.load(home)
    if lab is None:
        return False
    if lab.mode == "real":
        return alone.stop(home)
    record = universe.find(home)
    if record is not None:
        _ask_to_end(home)
        if not record.init.wait(20):
            with as_root():
                record.init.kill()
            record.init.wait(5)
        record.keeper.wait(5)
    universe.forget(home, lab)
    return record is not None


def _ask_to_end(home: Home) -> None:
    """All but containerd end together; it has to outlive the engine, which asks it to end containers."""
    try:
        for process in supervisor.processes(home):
            if process.name != "containerd" and process.state in {"RUNNING", "STARTING", "BACKOFF"}:
                supervisor.call(home, "stopProcess", process.name, False)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            left = [one for one in supervisor.processes(home) if one.pid and one.name != "containerd"]
            if not left:
                break
            time.sleep(_PAUSE)
        supervisor.call(home, "shutdown")
    except (LabDown, supervisor.Refused):
        return  # it is ending already; whoever waits will see


def clean(home: Home) -> bool:
    """Stop, then delete the lab's folder; whether there was one. The learner's copies stay."""
    if not home.root.exists():
        return False
    if not state.is_lab(home):
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
