"""Cells become a notebook whose bytes depend on the source alone."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any

import nbformat
from nbformat import NotebookNode

from lab.author.source import Cell, Kind

MARKER = "dockerhub_na_pratica"


def build(unit: str, role: str, cells: Iterable[tuple[Cell, str]], source_hash: str) -> NotebookNode:
    """A notebook of cells, each with the text to show; the id comes from the text that the author wrote."""
    seen: Counter[str] = Counter()
    built: list[dict[str, Any]] = []
    for cell, text in cells:
        digest = hashlib.sha256(f"{cell.code}\n{cell.text}".encode()).hexdigest()[:12]
        seen[digest] += 1
        # The same text twice in one notebook is told apart by its turn.
        cell_id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        shape = _CODE if cell.code else _MARKDOWN
        built.append({"id": cell_id, "metadata": _cell_metadata(cell.kind), "source": text, **shape})
    whole = {
        "cells": built,
        "metadata": _metadata(unit, role, source_hash),
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    notebook: NotebookNode = nbformat.from_dict(whole)  # type: ignore[no-untyped-call]
    return notebook


def _cell_metadata(kind: Kind) -> dict[str, Any]:
    """The answers of a quiz are in its source: JupyterLab folds it, and the site leaves it out.

    https://myst-nb.readthedocs.io/en/latest/render/hiding.html
    """
    if kind is Kind.QUIZ:
        return {"jupyter": {"source_hidden": True}, "tags": [kind.value, "remove-input"]}
    return {} if kind is Kind.PLAIN else {"tags": [kind.value]}


def _metadata(unit: str, role: str, source_hash: str) -> dict[str, Any]:
    return {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "lang": "pt-BR",
        "language_info": {"name": "python"},
        MARKER: {"role": role, "source": source_hash, "unit": unit},
    }


def dump(notebook: NotebookNode) -> str:
    """The notebook as text: sorted keys, one newline at the end."""
    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return text.rstrip("\n") + "\n"


def load(text: str) -> NotebookNode:
    """The notebook that a text holds; nbformat's errors when it holds none."""
    notebook: NotebookNode = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return notebook


def skeleton(notebook: NotebookNode) -> dict[str, Any]:
    """All of a notebook that comes from the source: no outputs, no counts."""
    cells = [
        {key: value for key, value in cell.items() if key not in ("outputs", "execution_count")}
        for cell in notebook.cells
    ]
    return {"cells": cells, "metadata": dict(notebook.metadata)}


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """The cells that run, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_blank(cell: NotebookNode) -> bool:
    """Only white space: Jupyter runs such a cell without giving it a number."""
    return not str(cell.source).strip()


_CODE: dict[str, Any] = {"cell_type": "code", "execution_count": None, "outputs": []}
_MARKDOWN: dict[str, Any] = {"cell_type": "markdown"}
