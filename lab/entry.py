"""Going in: replaces this process by a command in the lab, as the learner, with the lab's environment."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lab import presence, state, universe
from lab.environment import contract, search_path
from lab.errors import LabDown, UsageError
from lab.identity import TO_ENTER, fully_root, learner, require_root
from lab.paths import Home
from lab.services import drop_to


def is_here(home: Home) -> bool:
    """Whether this process already has what the practice names need; with the real hub it always has."""
    lab = state.load(home)
    return lab is not None and (lab.mode == "real" or universe.inside(lab))


def was_started(home: Home) -> bool:
    return presence.running(home) is not None


def go_in(home: Home) -> None:
    """The rest of the verb happens in the lab, with its environment; LabDown when it is off."""
    if not is_here(home):
        if not was_started(home):
            raise LabDown()
        again(home, sys.argv[1:])
    adopt(home)


def adopt(home: Home) -> None:
    """Take the lab's environment into this very process."""
    lab = state.load(home)
    if lab is not None:
        os.environ |= contract(home, lab, learner())


def go(home: Home, command: Sequence[str], folder: Path, *, hold: bool = False) -> NoReturn:
    """Run a command in the lab in the place of this process: its exit code is ours.

    `hold`: an interruption waits until the command lets it in, as `lab` does. The nsenter that waits for the
    command would die of it, and give the terminal back while the command still tidies up.
    """
    lab = presence.running(home)
    if lab is None:
        lab = state.load(home)
        if lab is None or lab.mode == "treino":
            raise LabDown()
    person = learner()
    environment = contract(home, lab, person)
    if lab.mode == "treino" and not universe.inside(lab):
        command, folder = _inward(home, person_command=command, folder=folder), Path("/")
    elif os.name == "posix" and os.geteuid() != os.getuid():  # behind sudo, with no universe to go into
        fully_root()
        command = [*drop_to(person), *command]
    if hold:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    _replace(command, environment, folder)


def _inward(home: Home, person_command: Sequence[str], folder: Path) -> list[str]:
    record = universe.find(home)
    if record is None:
        raise LabDown()
    _require_command(person_command[0], folder)
    require_root(sys.argv[1:], TO_ENTER)
    fully_root()
    return universe.entry_command(record, learner(), person_command, folder)


def _require_command(name: str, folder: Path) -> None:
    """Said here, in Portuguese: in there it would be setpriv that complains."""
    if shutil.which(folder / name if os.sep in name else name, path=search_path()) is None:
        raise _unknown(name)


def _unknown(name: str) -> UsageError:
    return UsageError(f"Não encontrei o comando `{name}`. Confira o nome e repita.")


def _replace(command: Sequence[str], environment: dict[str, str], folder: Path) -> NoReturn:
    os.chdir(folder)
    sys.stdout.flush()
    try:
        os.execvpe(command[0], list(command), environment)  # noqa: S606
    except FileNotFoundError as error:
        raise _unknown(command[0]) from error


def again(home: Home, lab_arguments: Sequence[str]) -> NoReturn:
    """The same `lab` verb, in the lab; the folder stays the one it was typed in."""
    go(home, [sys.executable, "-P", "-m", "lab.cli", *lab_arguments], Path.cwd(), hold=True)
