"""Exercises as an autograder of Gradescope: a zip with setup.sh, run_autograder and the grader.

https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.classroom.models import Models
from checks.unit import Unit
from lab.assignments.kit import File, grader_kit, template, text, zipped
from lab.assignments.who import FILE

FOLDER, ARCHIVE = "autograder", "autograder.zip"


def autograder_files(units: Sequence[Unit], models: Models) -> dict[str, File]:
    """The folder, the same as a zip, and what the teacher gives to learners; every unit can be graded."""
    ids = " ".join(unit.id for unit in units)
    inside = {
        "setup.sh": text(template("setup"), runs=True),
        "run_autograder": text(template("run_autograder", units=ids), runs=True),
        **grader_kit(models),
    }
    return {
        ARCHIVE: File(zipped(inside)),
        FILE: text(template("docker-id")),
        "LEIAME.md": text(template("leia-gradescope")),
        **{f"{FOLDER}/{name}": file for name, file in inside.items()},
    }
