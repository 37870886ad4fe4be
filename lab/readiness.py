"""Waiting for the services of a lab that is coming up: nothing is called ready before it answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from lab import health, services, supervisor, typed, universe
from lab.engine_api import Engine
from lab.errors import ServiceFailed
from lab.paths import Home
from lab.state import Lab

PATIENCE = 90.0
DEATHS = 2
CHAPTER_IMAGE = "docker-is-cool:latest"
PAUSE = 0.08
SELDOM = 0.4  # seconds between two looks at the supervisor, who has services to start
Progress = Callable[[str], None]  # told the name of each service as soon as it is ready


def wait(home: Home, lab: Lab, record: universe.Record, progress: Progress) -> None:
    """Ask every service until all have answered; the image is loaded as soon as the engine does."""
    pending = {service.name for service in services.of(lab)}
    deadline = time.monotonic() + PATIENCE
    lives: dict[str, set[int]] = {}
    processes, asked = supervisor.processes(home), time.monotonic()
    with ThreadPoolExecutor(len(pending) + 1) as pool:
        loaded: Future[None] | None = None
        while pending:
            _require_hope(home, record, pending, deadline)
            if time.monotonic() > asked + SELDOM:
                asked, processes = time.monotonic(), supervisor.processes(home)
            found = [process for process in processes if process.name in pending]
            require_none_failed(home, found, lives)
            answers = pool.map(lambda process: health.ask(home, lab, process), found)
            for process, answer in zip(found, answers, strict=True):
                if answer.healthy:
                    pending.discard(process.name)
                    progress(process.name)
            if loaded is None and "engine" not in pending:
                loaded = pool.submit(_ensure_image, home)
            if pending:
                time.sleep(PAUSE)
        if loaded is not None:
            loaded.result()


def _ensure_image(home: Home) -> None:
    """The chapter's image is there: loaded, unless there is one already, be it the learner's own."""
    if not Engine(home.engine_socket).has_image(CHAPTER_IMAGE):
        from lab import image  # slow to load, and needed only the first time

        image.load(f"unix://{home.engine_socket}")


def _require_hope(home: Home, record: universe.Record, pending: set[str], deadline: float) -> None:
    if not record.alive:
        raise ServiceFailed(f"O laboratório parou enquanto ligava. {_last_words(home, 'supervisor')}")
    if time.monotonic() > deadline:
        name = sorted(pending)[0]
        names = ", ".join(services.TITLES[one] for one in sorted(pending))
        raise ServiceFailed(f"Esperei {PATIENCE:.0f} s e não respondeu: {names}. {_last_words(home, name)}")


def require_none_failed(
    home: Home, processes: Sequence[supervisor.Process], lives: dict[str, set[int]]
) -> None:
    """A service that keeps dying will not get better by waiting; `lives` are the pids each one had."""
    for process in processes:
        had = lives.setdefault(process.name, set())
        had |= {process.pid} if process.pid else set()
        if process.state == "FATAL" or len(had) > DEATHS:
            title = services.TITLES[process.name]
            raise ServiceFailed(f"{title} não conseguiu começar. {_last_words(home, process.name)}")


def _last_words(home: Home, name: str) -> str:
    try:
        lines = home.log(name).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        lines = []
    said = f"A última linha que deixou: «{lines[-1][:300]}». " if lines else ""
    return f"{said}Veja o resto com `{typed.lab()} registros {name}`."


def wait_alone(home: Home, lab: Lab) -> None:
    from lab import alone

    deadline = time.monotonic() + PATIENCE
    process = supervisor.Process("jupyter", "RUNNING", 0)
    while not health.ask(home, lab, process).healthy:
        if alone.find(home) is None or time.monotonic() > deadline:
            raise ServiceFailed(f"O JupyterLab não conseguiu começar. {_last_words(home, 'jupyter')}")
        time.sleep(PAUSE)
