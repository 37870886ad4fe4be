"""Runs the cells of a notebook in a kernel, where the learner's would run."""

import copy
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from lab.author.errors import RunFailed
from lab.author.notebook import code_cells, is_blank
from lab.author.sockets import sockets

PATIENCE = 300
_BUILDS = "docker build"
_A_SECOND = 1.0


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """An empty folder beside the unit's starter files, as in the learner's copy: exercises/40-tag/…"""
    with tempfile.TemporaryDirectory(prefix="unidade-") as home:
        copy_starter(folder, Path(home))
        yield Path(home)


def copy_starter(folder: Path, place: Path) -> None:
    """What the unit gives the learner to begin with, if anything, where its notebook looks for it."""
    if (folder / "starter").is_dir():
        shutil.copytree(folder / "starter", place / folder.name)


def execute(notebook: NotebookNode, name: str, where: Path) -> None:
    """Fill in the outputs; RunFailed quotes the cell that ended in an error."""
    metadata = copy.deepcopy(notebook.metadata)
    with sockets() as settings:
        client = NotebookClient(
            notebook,
            config=Config(KernelManager=settings),
            timeout=PATIENCE,
            kernel_name="python3",
            resources={"metadata": {"path": str(where)}},
            store_widget_state=False,
            record_timing=False,
            on_cell_executed=lambda cell, **_: let_time_pass(cell.source),
        )
        try:
            client.execute(stderr=subprocess.DEVNULL)  # the kernel's own notes are not for the author
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            raise RunFailed(name, _where_it_stopped(notebook), _what(error)) from None
    notebook.metadata = metadata  # the client adds what this machine's kernel says of itself


def let_time_pass(source: str) -> None:
    """After a build, into the next second: `docker images` lists by the second, and gives ties no order."""
    if _BUILDS in source:
        time.sleep(_A_SECOND)


def _what(error: Exception) -> str:
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}"
    return f"Nada veio em {PATIENCE} s." if isinstance(error, CellTimeoutError) else "O kernel parou."


def _where_it_stopped(notebook: NotebookNode) -> str:
    """The cell that ended in an error, or else the first that never ended."""
    cells = code_cells(notebook)
    failed = [cell for cell in cells if any(output.output_type == "error" for output in cell.outputs)]
    unfinished = [cell for cell in cells if cell.execution_count is None and not is_blank(cell)]
    return str((failed or unfinished or cells)[0].source)
