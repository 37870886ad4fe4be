"""Where the solution of a unit is, and its essential commands."""

from __future__ import annotations

import json
from pathlib import Path

from checks.unit import Unit


def solution_path(unit: Unit) -> Path:
    """solutions/ is beside course/, with a notebook for each unit."""
    return unit.folder.parent.parent / "solutions" / f"{unit.folder.name}.ipynb"


def solution_commands(path: Path) -> tuple[str, ...]:
    """The shell lines (`!docker …`) of the solution's code, in order; none when it cannot be read."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    lines = (line.strip() for source in sources for line in source.splitlines())
    return tuple(line[1:].strip() for line in lines if line.startswith("!"))
