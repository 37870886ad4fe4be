"""A teacher's folder of nbgrader, and nbgrader itself, run inside a lab."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.paths import CACHE
from tests.real_lab import Lab

PROGRAMS = CACHE / "nbgrader"  # setup/prepare.sh puts it there, apart from the course's own JupyterLab
UNIT = "50-push"
Change = Callable[[dict[str, Any], Path], None]


@dataclass(frozen=True)
class Course:
    lab: Lab
    folder: Path

    def nbgrader(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        assert PROGRAMS.is_dir(), f"{PROGRAMS} não existe: rode setup/prepare.sh tests"
        path = f"{PROGRAMS / 'bin'}{os.pathsep}{os.environ['PATH']}"
        given = [f"PATH={path}", f"PYTHONPATH={PROGRAMS}", *(f"{key}={it}" for key, it in variables.items())]
        command = [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments]
        return self.lab.run(["env", f"--chdir={self.folder}", *given, *command])

    def done(self, *arguments: str) -> str:
        it = self.nbgrader(*arguments)
        assert it.returncode == 0, it.stdout + it.stderr
        return it.stdout + it.stderr

    def submit(self, student: str, docker_id: str, change: Change | None = None) -> Path:
        """What was released comes back from a learner, who may have changed anything in it."""
        place = self.folder / "submitted" / student / UNIT
        shutil.copytree(self.folder / "release" / UNIT, place)
        with (place / "docker-id.txt").open("a", encoding="utf-8") as file:
            file.write(f"{docker_id}\n")
        path = place / f"{UNIT}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if change:
            change(notebook, place)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    def scores(self) -> dict[str, float]:
        """Of each student, as nbgrader exports them."""
        self.done("export")
        with (self.folder / "grades.csv").open(encoding="utf-8", newline="") as file:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


def graded_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
