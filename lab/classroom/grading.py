"""`lab turma corrigir` and `lab turma operario`: what is typed becomes a plan, and the plan is followed."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from checks import class_secret
from checks.classroom import spread
from checks.classroom.person import Person
from checks.errors import CourseError, NoClassSecret
from lab import state
from lab.classroom import correct, models, reader, show
from lab.classroom.correct import Plan, Tally
from lab.classroom.store import opened
from lab.errors import UsageError
from lab.paths import Home
from lab.screen import say

UNSEEN = 3  # as everywhere: something could not be verified


def grade(home: Home, ids: Sequence[str], *, real: bool, anew: bool, only_cost: bool, dask: str) -> int:
    """0 when all could be verified, whatever the grades."""
    store = opened(home)
    _environment(home, real=real)
    way = reader.real() if real else reader.practice(home, store.facts())
    try:
        plan = correct.plan(store, ids, models.present(home), way, anew=anew, dask=dask)
        show.cost(plan)
        return 0 if only_cost else _follow(plan)
    except CourseError as error:
        raise UsageError(str(error)) from None


def _environment(home: Home, *, real: bool) -> None:
    """What this process and what it starts know of the place; in the lab it is there already."""
    os.environ["LAB_HOME"] = str(home.root)
    if real:
        os.environ["LAB_MODE"] = "real"
        os.environ.pop("LAB_HUB_URL", None)


def _follow(plan: Plan) -> int:
    tally, started = Tally(len(plan.waiting)), time.monotonic()
    try:
        with show.following(plan) as told:
            asyncio.run(correct.run(plan, tally, told))
    finally:
        correct.keep(plan)  # what was done counts, also when the rest was interrupted
    show.ended(tally, time.monotonic() - started)
    show.copies(correct.copies(plan, _codes(plan.people)))
    if tally.unseen:
        return UNSEEN
    correct.finish(plan)
    return 0


def _codes(people: Sequence[Person]) -> Mapping[str, str]:
    """Everybody's own mark; none where the secret of the class is not here."""
    with suppress(NoClassSecret):
        return {person.docker_id: class_secret.mark_of(person.docker_id).code for person in people}
    return {}


def work(home: Home, scheduler: str, *, real: bool) -> None:
    """Become a worker of Dask; ends when it is interrupted or the scheduler ends."""
    _environment(home, real=real)
    program = shutil.which("dask", path=str(Path(sys.executable).parent)) or shutil.which("dask")
    if program is None:
        raise UsageError(
            "Falta o Dask nesta máquina. Instale-o e repita: `.venv/bin/uv pip install 'dask[distributed]'`"
        )
    if not real:
        file = home.run / "reader"
        chosen = reader.credential(home)
        state.write(file, f"{chosen.username}:{chosen.secret}", mode=0o600)
        os.environ[spread.READER_FILE] = str(file)
    say(f"Operário a postos para {scheduler}. Para sair: Ctrl-C.")
    sys.stdout.flush()
    command = [program, "worker", scheduler, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
    os.execv(program, command)  # noqa: S606
