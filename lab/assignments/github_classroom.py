"""Exercises as a template repository of GitHub Classroom: a workflow that grades, and the grader it runs.

The grader travels in .github/, the one path that the teacher has to protect. The result of each unit goes in
base64 to `<UNIT>_RESULTS`, from where classroom-resources/autograding-grading-reporter (src/main.js, v1)
reads it; that action only writes notices, so that no permission to write is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import indent

from checks.classroom.models import Models
from checks.unit import Unit
from lab.assignments.kit import File, grader_kit, template, text
from lab.assignments.who import FILE

WORKFLOW = ".github/workflows/classroom.yml"
_GRADER = ".github/corretor"
# Assigned first, so that a grading that breaks ends the step: bash looks at no substitution inside of echo.
_RUN = """\
result=$(python -m lab.assignments.grader github-classroom "$GITHUB_WORKSPACE" {unit} | base64 -w 0)
echo "{unit}=$result" >> "$GITHUB_OUTPUT"
"""
_RESULT = "{name}_RESULTS: ${{{{ steps.corrigir.outputs.{unit} }}}}\n"


def repository_files(units: Sequence[Unit], models: Models) -> dict[str, File]:
    """The template repository; every unit has something to be graded."""
    ids = [unit.id for unit in units]
    workflow = template(
        "classroom",
        run=_lines(_RUN.format(unit=one) for one in ids),
        results=_lines(_RESULT.format(unit=one, name=one.upper()) for one in ids),
        runners=",".join(ids),
    )
    titles = "; ".join(f"“{unit.title}” (`{unit.id}`)" for unit in units)
    kit = {f"{_GRADER}/{name}": file for name, file in grader_kit(models).items()}
    return {
        WORKFLOW: text(workflow),
        FILE: text(template("docker-id")),
        "LEIAME.md": text(template("leia-github", units=titles)),
        **kit,
    }


def _lines(parts: Iterable[str]) -> str:
    return indent("".join(parts), " " * 10).rstrip("\n")
