"""Autograding without running anything of the learner's: it takes the place of nbgrader's Execute.

nbgrader_config.py names it. nbgrader's own way runs the whole notebook, as whoever grades: a learner's cell
could redefine what the tests call, read the other submissions, or carry a tag (`skip-execution`) by which
a test is passed over and counts as passed. Here the tests are asked of Docker Hub by this process, and the
learner's cells are only read by people.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode, from_dict
from traitlets import Bool

from checks.outcome import Outcome
from checks.report import Finding, Report
from lab.assignments.evidence import SEPARATOR
from lab.assignments.exam import NaoVerificado, finding, report_of, sentence


class Evidence(Preprocessor):
    """Gives each test cell the output that it would have; no other cell has any."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        folder = Path(resources["metadata"]["path"])
        reports: dict[str, Report] = {}
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            if cell.metadata.get("nbgrader", {}).get("grade"):
                unit, _, name = cell.metadata.nbgrader.grade_id.partition(SEPARATOR)
                if unit not in reports:
                    reports[unit] = report_of(unit, folder)
                output = _output(finding(reports[unit], name))
                cell.outputs = [from_dict(output)]  # type: ignore[no-untyped-call]
        return nb, resources


def _output(found: Finding) -> dict[str, object]:
    """NaoVerificado ends the grading of this submission: nbgrader tells it, and gives it no grade."""
    text = sentence(found)
    if not found.outcome.gradable:
        raise NaoVerificado(text)
    if found.outcome is Outcome.PASSED:
        return {"output_type": "stream", "name": "stdout", "text": f"{text}\n"}
    said = [f"AssertionError: {text}"]
    return {"output_type": "error", "ename": "AssertionError", "evalue": text, "traceback": said}
