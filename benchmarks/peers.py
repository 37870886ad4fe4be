"""What graders of notebooks cost a submission: nbgrader and otter, on a notebook of one answer and one test.

It is the least they do: a kernel for each submission. `make desempenho` installs them in .cache/peers, apart
from the course, from benchmarks/peers.lock.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from lab.paths import CACHE

PROGRAMS = CACHE / "peers" / "bin"
SUBMISSIONS = 5
_ANSWER = "def dobro(n):\n    return 2 * n"
_TEST = "assert dobro(21) == 42"
_CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'medida'\n"
_OTTER = "# ASSIGNMENT CONFIG\nexport_cell: false\nsolutions_pdf: false\ntemplate_pdf: false\n"


def seconds_each(folder: Path) -> dict[str, float]:
    """Seconds a submission, by name; nothing of a program that is not installed."""
    if not (PROGRAMS / "nbgrader").exists():
        return {}
    return {
        "nbgrader autograde": _nbgrader(folder / "nbgrader"),
        "otter run": _otter(folder / "otter"),
    }


def _run(folder: Path, *command: str) -> None:
    """`command` is one of the programs of PROGRAMS, found before any other."""
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    home = {
        name: str(folder / "casa" / name)
        for name in ("IPYTHONDIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    environment = {**os.environ, **home, "PATH": path}
    done = subprocess.run(
        [str(PROGRAMS / command[0]), *command[1:]], cwd=folder, env=environment, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _cell(number: int, kind: str, source: str, **metadata: Any) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": f"c{number}", "metadata": metadata, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def _notebook(path: Path, *cells: dict[str, Any]) -> None:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": list(cells)}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole), encoding="utf-8")


def _nbgrader(folder: Path) -> float:
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")
    answer = {
        "schema_version": 3,
        "grade_id": "dobro",
        "grade": False,
        "solution": True,
        "locked": False,
        "task": False,
    }
    test = {**answer, "grade_id": "teste", "grade": True, "solution": False, "locked": True, "points": 1}
    solved = f"### BEGIN SOLUTION\n{_ANSWER}\n### END SOLUTION"
    _notebook(
        folder / "source" / "medida" / "medida.ipynb",
        _cell(1, "code", solved, nbgrader=answer), _cell(2, "code", _TEST, nbgrader=test),
    )  # fmt: skip
    _run(folder, "nbgrader", "generate_assignment", "medida")
    released = folder / "release" / "medida"
    for number in range(SUBMISSIONS):
        shutil.copytree(released, folder / "submitted" / f"aluno{number}" / "medida")
    start = time.perf_counter()
    _run(folder, "nbgrader", "autograde", "medida")
    return (time.perf_counter() - start) / SUBMISSIONS


def _otter(folder: Path) -> float:
    folder.mkdir()
    _notebook(
        folder / "mestre.ipynb",
        _cell(1, "raw", _OTTER),
        _cell(2, "raw", "# BEGIN QUESTION\nname: q1\npoints: 1"),
        _cell(3, "raw", "# BEGIN SOLUTION"), _cell(4, "code", _ANSWER), _cell(5, "raw", "# END SOLUTION"),
        _cell(6, "raw", "# BEGIN TESTS"), _cell(7, "code", _TEST), _cell(8, "raw", "# END TESTS"),
        _cell(9, "raw", "# END QUESTION"),
    )  # fmt: skip
    _run(folder, "otter", "assign", "mestre.ipynb", "saida", "--no-run-tests")
    autograder = next((folder / "saida" / "autograder").glob("*.zip"))
    _notebook(folder / "aluno.ipynb", _cell(1, "code", _ANSWER))
    start = time.perf_counter()
    for _ in range(SUBMISSIONS):
        _run(folder, "otter", "run", "-a", str(autograder), "aluno.ipynb")
    return (time.perf_counter() - start) / SUBMISSIONS
