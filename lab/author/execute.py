"""Runs the cells of a notebook in a kernel, where the learner's would run."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from lab.author.errors import RunFailed

PATIENCE = 300


@contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """An empty folder with the unit's starter files, as the learner's copy has them."""
    with tempfile.TemporaryDirectory(prefix="unidade-") as home:
        if (folder / "starter").is_dir():
            shutil.copytree(folder / "starter", home, dirs_exist_ok=True)
        yield Path(home)


def execute(notebook: NotebookNode, name: str, where: Path) -> None:
    """Fill in the outputs; RunFailed quotes the cell that ended in an error."""
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        kernel_name="python3",
        resources={"metadata": {"path": str(where)}},
        store_widget_state=False,
        record_timing=False,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        failed = next(cell for cell in notebook.cells if _ended_in_error(cell))
        raise RunFailed(name, failed.source, f"{error.ename}: {error.evalue}") from None


def _ended_in_error(cell: NotebookNode) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))
