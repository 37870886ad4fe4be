"""`lab turma tarefa rodar`: a learner's notebook goes into the sandbox, and what came out is shown."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from nbformat import ValidationError

from checks.os_trouble import why
from lab.assignments import sandbox
from lab.assignments.sandbox import Ran
from lab.author import notebook as nb
from lab.errors import UsageError
from lab.screen import say

SCHEMA = 1
_LARGEST = 50 * 1024 * 1024  # a notebook with many pictures in it
_LABELS = {
    "ran": "✔ rodou",
    "failed": "✘ terminou em erro",
    "too_slow": "✘ não terminou a tempo",
    "died": "✘ derrubou o kernel",
    "not_run": "○ não chegou a rodar",
}


def show(path: Path, seconds: int, *, as_json: bool) -> int:
    """The exit code of what came of it."""
    ran = sandbox.run(_sources(path), seconds)
    if as_json:
        print(json.dumps({"schema": SCHEMA, **asdict(ran)}, ensure_ascii=False, indent=2))
    else:
        _tell(ran)
    return ran.outcome.exit_code


def _sources(path: Path) -> list[str]:
    """The code cells; what was saved as their output is not even read."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST + 1)
        if len(text) > _LARGEST:
            raise UsageError(f"{path} é grande demais para um caderno.")
        notebook = nb.load(text.decode("utf-8"))
    except OSError as error:
        raise UsageError(f"Não consegui ler {path}: {why(error)}") from None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError, ValidationError):
        raise UsageError(f"{path} não é um caderno do Jupyter.") from None
    return [str(cell.source) for cell in nb.code_cells(notebook)]


def _tell(ran: Ran) -> None:
    for number, cell in enumerate(ran.cells, start=1):
        say(f"Célula {number}: {_LABELS[cell.outcome]}")
        for line in _plain(f"{cell.text}\n{cell.error}").splitlines():
            if line.strip():
                say(f"    {line}")
    say(f"{ran.outcome.icon} {ran.message}")


def _plain(text: str) -> str:
    """What a learner's code wrote must not steer the teacher's terminal."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
