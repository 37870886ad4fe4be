"""Lets nbval look at a learner's notebook without believing it.

nbval compares a cell with the output saved in the same file, so a saved failure
is green, `# NBVAL_SKIP` is green, and a learner who redefines `verificar` writes
both sides of the comparison. The notebook is therefore taken apart: the learner's
cells run as work, with nothing to compare; the reference's checks run after it, in
a kernel where no cell of the learner ever ran, against the reference's outputs.
"""

import copy
import re
from typing import Any

from nbformat import NotebookNode

from lab.author.run import STAR
from lab.author.source import Kind


def work(learner: NotebookNode) -> NotebookNode:
    """The learner's cells without saved outputs, markers or tags: they run, and prove nothing."""
    bare = copy.deepcopy(learner)
    for cell in bare.cells:
        cell.metadata.pop("tags", None)
        if cell.cell_type == "code":
            _forget(cell)
            # A marker is a comment of its own, so the rest of the cell stays as it was.
            cell.source = re.sub(r"(?m)^(\s*)#+\s*(?:NBVAL_\w+|PYTEST_VALIDATE_\w+)\s*$", r"\1#", cell.source)
    return bare


def checks(solution: NotebookNode, docker_id: str) -> NotebookNode:
    """The reference's plain and check cells; what a check must show is said for this learner."""
    exam = copy.deepcopy(solution)
    exam.cells = [cell for cell in exam.cells if cell.cell_type == "code" and not _has(cell, Kind.SOLUTION)]
    for cell in exam.cells:
        if _has(cell, Kind.CHECK):
            cell.outputs = [_said_for(output, docker_id) for output in cell.outputs]
        else:
            _forget(cell)
    return exam


def _forget(cell: NotebookNode) -> None:
    """nbval runs a cell that has no count and no outputs, and compares nothing."""
    cell.outputs, cell.execution_count = [], None


def _has(cell: NotebookNode, kind: Kind) -> bool:
    return kind.value in cell.metadata.get("tags", [])


def _said_for(value: Any, docker_id: str) -> Any:
    if isinstance(value, str):
        return re.sub(rf"\b{STAR}\b", docker_id, value)
    if isinstance(value, dict):
        value.update({key: _said_for(item, docker_id) for key, item in value.items()})
        return value
    return [_said_for(item, docker_id) for item in value] if isinstance(value, list) else value
