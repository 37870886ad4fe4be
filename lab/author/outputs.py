"""Makes the outputs of a run fit to be committed: readable anywhere, the same from run to run."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbval.plugin import get_sanitize_patterns

from lab.author.notebook import code_cells, is_blank

NO_ADDRESS = "(execute a célula para ver o endereço)"
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_TEXTS = ("text/plain", "text/html")
Patterns = tuple[tuple[str, str], ...]


def clean(notebook: NotebookNode) -> None:
    """Number the cells from one, leave the widgets out."""
    count = 0
    for cell in code_cells(notebook):
        count += not is_blank(cell)
        cell.execution_count = None if is_blank(cell) else count
        cell.outputs = _merged(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count


def hide_address(notebook: NotebookNode) -> None:
    """The hub's address is another in each lab: a saved one would be a link to nowhere, or to a stranger."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            for holder, key in ((output, "text"), *((output.get("data", {}), media) for media in _TEXTS)):
                if key in holder:
                    holder[key] = _ADDRESS.sub(NO_ADDRESS, holder[key])


def _merged(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """One output a stream: where a stream is cut depends on timing alone."""
    kept: list[NotebookNode] = []
    streams: dict[str, NotebookNode] = {}
    for output in outputs:
        if output.output_type != "stream":
            kept.extend(_without_widgets(output))
        elif output.name in streams:
            streams[output.name].text += output.text
        else:
            streams[output.name] = output
            kept.append(output)
    return kept


def _without_widgets(output: NotebookNode) -> list[NotebookNode]:
    if "data" not in output:
        return [output]
    for media in [media for media in output.data if "jupyter.widget" in media]:
        del output.data[media]
    return [output] if output.data else []


def read_patterns(path: Path) -> Patterns:
    """The pairs of nbval's sanitize file."""
    return tuple(get_sanitize_patterns(path.read_text(encoding="utf-8")))


def sanitize(value: Any, patterns: Patterns) -> Any:
    """The same value with digests, ages, sizes and the like replaced by their names."""
    if isinstance(value, str):
        for pattern, replacement in patterns:
            value = re.sub(pattern, replacement, value)
        return value
    if isinstance(value, dict):
        return {key: sanitize(item, patterns) for key, item in value.items()}
    return [sanitize(item, patterns) for item in value] if isinstance(value, list) else value


def keep_equal_outputs(fresh: NotebookNode, previous: NotebookNode | None, patterns: Patterns) -> None:
    """Where only ages, ids and the like changed, keep what is committed: no noise in the diffs.

    All of a notebook or none: a digest that two cells show is the same digest, of one and the same run.
    """
    cells, before = code_cells(fresh), code_cells(previous) if previous else []
    if [_stable(cell, patterns) for cell in cells] != [_stable(cell, patterns) for cell in before]:
        return
    for cell, known in zip(cells, before, strict=True):
        cell.outputs = known.outputs
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count


def _stable(cell: NotebookNode, patterns: Patterns) -> Any:
    """What a cell shows, but for what changes from run to run."""
    shown = [{**output, "execution_count": None} for output in cell.outputs]
    return cell.id, sanitize(shown, patterns)
