"""Runs a learner's notebook in a container of the teacher's engine, and believes nothing that comes out.

No network, no engine's socket, no way to more rights, a user who owns nothing, files that can only be read
but for a small /tmp in memory; memory, processes, processor and time are bounded, and an engine that cannot
bound one of them is not used. Only JSON of a bounded size comes back, held against a schema; it has to know
a number that was told to the container's first process alone (lab.assignments.inside).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import jsonschema  # type: ignore[import-untyped]

from checks.outcome import Outcome
from lab.assignments import container, inside

SECONDS: Final = 60
MOST_CELLS: Final = 300
_OUTCOMES = ("ran", "failed", "too_slow", "died", "not_run")
_CELL = {
    "type": "object",
    "properties": {
        "outcome": {"enum": list(_OUTCOMES)},
        "text": {"type": "string", "maxLength": inside.LONGEST_TEXT},
        "error": {"type": "string", "maxLength": inside.LONGEST_ERROR},
    },
    "required": ["outcome", "text", "error"],
    "additionalProperties": False,
}
_ANSWER = {
    "type": "object",
    "properties": {
        "schema": {"const": 1},
        "nonce": {"type": "string"},
        "cells": {"type": "array", "maxItems": MOST_CELLS, "items": _CELL},
    },
    "required": ["schema", "nonce", "cells"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Cell:
    """What came of one cell: `outcome` is ran, failed, too_slow, died or not_run."""

    outcome: str
    text: str
    error: str


@dataclass(frozen=True)
class Ran:
    """What came of a notebook; `message` is for the teacher."""

    outcome: Outcome
    message: str
    cells: tuple[Cell, ...] = field(default=())


def run(sources: Sequence[str], seconds: int = SECONDS) -> Ran:
    """Runs the code cells of a notebook, in order. CannotRun when the sandbox could not be had.

    Only what happened after the first cell could begin is the notebook's own.
    """
    if not sources:
        return Ran(Outcome.NOT_ATTEMPTED, "O caderno não tem nenhuma célula de código, e não há o que rodar.")
    if len(sources) > MOST_CELLS:
        return Ran(Outcome.FAILED, f"O caderno tem mais de {MOST_CELLS} células de código, e não foi rodado.")
    container.require()
    nonce = secrets.token_hex(16)
    question = json.dumps({"nonce": nonce, "seconds": seconds, "cells": list(sources)}).encode()
    answer, code = container.ask(question, f"{nonce}\n".encode(), seconds + inside.GRACE)
    if answer is None:
        return Ran(Outcome.FAILED, f"O caderno passou de {seconds} s e foi interrompido.")
    cells = _cells(answer, nonce, len(sources))
    if cells is None:
        container.require()  # an engine that went away meanwhile took the notebook with it
        return Ran(Outcome.FAILED, _NO_ANSWER.format(code=code))
    return _judged(cells, seconds)


def _judged(cells: tuple[Cell, ...], seconds: int) -> Ran:
    outcomes = {cell.outcome for cell in cells}
    if "died" in outcomes:
        return Ran(Outcome.FAILED, _DIED, cells)
    if "too_slow" in outcomes:
        return Ran(Outcome.FAILED, f"O caderno passou de {seconds} s e foi interrompido.", cells)
    failed = sum(cell.outcome == "failed" for cell in cells)
    if failed:
        return Ran(Outcome.FAILED, f"Células que terminaram em erro: {failed} de {len(cells)}.", cells)
    return Ran(Outcome.PASSED, f"Todas as células de código rodaram: {len(cells)}.", cells)


def _cells(answer: bytes, nonce: str, how_many: int) -> tuple[Cell, ...] | None:
    """None for whatever our own program cannot have written."""
    try:
        found = json.loads(answer)
        jsonschema.validate(found, _ANSWER)
    except (ValueError, RecursionError, jsonschema.ValidationError):
        return None
    if len(found["cells"]) != how_many or found["nonce"] != nonce:
        return None
    return tuple(
        Cell(cell["outcome"], _clean(cell["text"]), _clean(cell["error"])) for cell in found["cells"]
    )


def _clean(text: str) -> str:
    """JSON may hold halves of letters, which nothing can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


_DIED = "O caderno derrubou o kernel: quase sempre, por pedir memória demais (o limite é 512 MB)."
_NO_ANSWER = (
    "O caderno derrubou o contêiner, ou tentou responder no lugar dele, e nada do que veio foi aceito "
    "(código de saída {code})."
)
