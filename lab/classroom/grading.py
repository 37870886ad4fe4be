"""`lab turma corrigir` and `lab turma operario`: what is typed becomes a plan, and the plan is followed."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from checks import class_secret
from checks.classroom import spread
from checks.classroom.person import Person
from checks.errors import NoClassSecret
from checks.registry import DOCKER_HUB_REGISTRY
from lab import state, universe
from lab.classroom import correct, models, reader, show
from lab.classroom.correct import Plan, Tally, Told
from lab.classroom.store import opened
from lab.errors import LabError, UsageError
from lab.paths import Home
from lab.screen import complain, say

_PORT = 8786  # Dask's own
_PATIENCE = 5.0  # seconds


def grade(home: Home, ids: Sequence[str], options: Options) -> int:
    """0 when all could be verified, whatever the grades; else 3, or 5 for a fault of the checks."""
    store = opened(home)
    _environment(home, real=options.real)
    if options.dask:
        _require_safe(options.dask, no_tls=options.no_tls)
    way = reader.real() if options.real else reader.practice(home, store.facts())
    if options.dask:  # a worker may be on another machine, where only the names lead to the registry
        way = replace(way, registry=DOCKER_HUB_REGISTRY)
    with state.locked(home, "class.lock", _BUSY):
        plan = correct.plan(store, ids, models.present(home), way, anew=options.anew, dask=options.dask)
        show.cost(plan)
        return 0 if options.only_cost else _interruptible(plan, options)


_STOPPED = "Interrompido. Repita o comando para continuar de onde parou."
_STOPPED_ANEW = "Interrompido. Repita o comando sem --do-comeco para continuar de onde parou."
_BUSY = "Já há uma correção da turma em andamento neste laboratório. Espere que ela termine."


@dataclass(frozen=True)
class Options:
    """What was typed after `lab turma corrigir`."""

    real: bool = False
    anew: bool = False
    only_cost: bool = False
    dask: str = ""
    no_tls: bool = False


def _require_safe(scheduler: str, *, no_tls: bool) -> None:
    if not no_tls and not scheduler.startswith("tls://") and not _is_here(scheduler):
        raise UsageError(
            "Sem TLS, quem está na mesma rede lê nomes e notas e pode rodar comandos nos operários. Use um "
            "agendador com tls:// (docs/turma.md diz como) ou, numa rede só sua, acrescente --sem-tls."
        )


def _is_here(scheduler: str) -> bool:
    """Whether only this machine reaches it."""
    host, _ = _place(scheduler)
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _place(scheduler: str) -> tuple[str, int]:
    """Its host and port; NoDask for what is no address."""
    try:
        address = urlsplit(scheduler if "://" in scheduler else f"tcp://{scheduler}")
        return address.hostname or "", address.port or _PORT
    except ValueError as error:
        raise spread.nobody(scheduler, error) from None


def _environment(home: Home, *, real: bool) -> None:
    """What this process and what it starts know of the place; in the lab it is there already."""
    os.environ["LAB_HOME"] = str(home.root)
    if real:
        if universe.inside(state.load(home)):
            raise UsageError(
                "Aqui dentro do laboratório os nomes do Docker Hub levam ao Hub de treino. Feche o terminal "
                "dele e repita o comando."
            )
        os.environ["LAB_MODE"] = "real"
        os.environ.pop("LAB_HUB_URL", None)


def _interruptible(plan: Plan, options: Options) -> int:
    try:
        return _follow(plan)
    except KeyboardInterrupt:
        complain(_STOPPED_ANEW if options.anew else _STOPPED)
        raise


def _follow(plan: Plan) -> int:
    tally, started = Tally(), time.monotonic()
    try:
        with show.following(plan) as told:
            asyncio.run(correct.run(plan, tally, told))
        if again := correct.moved(plan):
            asyncio.run(correct.run(again, Tally(), Told()))
    except BaseException:  # an interruption too: what was done until then counts
        with suppress(LabError):
            correct.keep(plan)
        raise
    refused = correct.keep(plan)
    show.ended(tally, time.monotonic() - started, refused)
    show.copies(correct.copies(plan, _codes(plan.people)))
    correct.finish(plan)
    return tally.unseen.exit_code if tally.unseen else 0


def _codes(people: Sequence[Person]) -> Mapping[str, str]:
    """Everybody's own mark; none where the secret of the class is not here."""
    with suppress(NoClassSecret):
        return {person.docker_id: class_secret.mark_of(person.docker_id).code for person in people}
    return {}


def work(home: Home, scheduler: str, secret: Path | None, *, real: bool, no_tls: bool) -> None:
    """Become a worker of Dask; ends when it is interrupted or the scheduler ends. NoDask when nobody answers.

    `secret`: a copy of the class server's .lab/secrets/grader, on a machine that is not the server.
    """
    _environment(home, real=real)
    _require_safe(scheduler, no_tls=no_tls)
    program = shutil.which("dask", path=str(Path(sys.executable).parent)) or shutil.which("dask")
    if program is None:
        raise UsageError(
            "Falta o Dask nesta máquina. Instale-o e repita: `.venv/bin/uv pip install 'dask[distributed]'`"
        )
    if not real:
        os.environ[spread.READER_FILE] = str(secret or home.secret("grader"))
    _require_somebody(scheduler)
    say(f"Operário a postos para {scheduler}. Para sair: Ctrl-C.")
    sys.stdout.flush()
    command = [program, "worker", scheduler, "--nworkers", "1", "--nthreads", "1"]
    # Pages of its own it has even with --no-dashboard, and else they are for the whole network.
    command += ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    if _is_here(scheduler):
        command += ["--host", "127.0.0.1"]
    os.execv(program, command)  # noqa: S606


def _require_somebody(scheduler: str) -> None:
    try:
        socket.create_connection(_place(scheduler), timeout=_PATIENCE).close()
    except (OSError, ValueError) as error:  # ValueError: a name that is none
        raise spread.nobody(scheduler, error) from None
