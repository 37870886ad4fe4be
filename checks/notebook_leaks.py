"""Facts from the learner's saved notebooks: the secrets in their cells and outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from checks.image import CellLeak, NotebookLeaks
from checks.secret_names import in_command
from checks.secrets import find

_MOST_NOTEBOOKS: Final = 200
_LARGEST: Final = 20 * 1024 * 1024


def look(folder: Path) -> NotebookLeaks:
    """Reads every notebook that is in the folder itself, as it was last saved."""
    notebooks = sorted(folder.glob("*.ipynb"))[:_MOST_NOTEBOOKS]
    found = [leak for notebook in notebooks for leak in _in_notebook(notebook)]
    return NotebookLeaks(tuple(dict.fromkeys(found)), len(notebooks))


def _in_notebook(file: Path) -> Iterator[CellLeak]:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST)
    except OSError:
        return
    told = set()
    for at, cell in enumerate(_cells(content), start=1):
        for leak in _in_cell(file.name, at, cell):
            told.add(leak.secret)
            yield leak
    for secret in sorted(find(content) - told):  # in the metadata, or it is no notebook at all
        yield CellLeak(secret, file.name)


def _cells(content: bytes) -> list[Any]:
    try:
        cells = json.loads(content)["cells"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return []
    return cells if isinstance(cells, list) else []


def _in_cell(name: str, at: int, cell: object) -> Iterator[CellLeak]:
    known = cell if isinstance(cell, dict) else {}
    for text in _texts(known.get("source")):
        yield from (CellLeak(secret, name, at) for secret in sorted(in_command(text)))
    for text in _texts(known.get("outputs")):
        yield from (CellLeak(secret, name, at, in_output=True) for secret in sorted(in_command(text)))


def _texts(value: object) -> Iterator[str]:
    """Every text in there; a list of texts is one, as notebooks write their lines."""
    left = [value]
    while left:
        item = left.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, list) and all(isinstance(part, str) for part in item):
            yield "".join(item)
        elif isinstance(item, list | dict):
            left += item.values() if isinstance(item, dict) else item
