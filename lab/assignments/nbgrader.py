"""Exercises as assignments of nbgrader: source/UNIT/UNIT.ipynb with our checks as its tests.

The metadata are nbgrader's own, of schema 3:
https://nbgrader.readthedocs.io/en/stable/contributor_guide/metadata.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from nbformat import from_dict

from checks.classroom.models import Models
from checks.classroom.remote import public_form
from checks.render.text import worth
from checks.unit import Unit
from lab.assignments.evidence import MODELS, SEPARATOR, names_of
from lab.assignments.kit import File, template, text
from lab.assignments.who import FILE
from lab.author import notebook as nb
from lab.author.derive import derive_unit

CONFIG = "nbgrader_config.py"
_EXERCISE = 1  # of lesson, exercise and solution
_HEADING = (
    "## Testes\n\nSão eles que dão a nota. Antes de entregar, escreva o seu Docker ID em `docker-id.txt`."
)
_TEST = """\
# {title} ({worth})
from lab.assignments.exam import conferir

passou, mensagem = conferir("{unit}", "{name}")
assert passou, mensagem"""


def course_files(units: Sequence[Unit], models: Models) -> dict[str, File]:
    """The teacher's folder of nbgrader; every unit has something to be graded."""
    names = [unit.folder.name for unit in units]
    files = {CONFIG: text(template("nbgrader_config", units=repr(names)))}
    for unit in units:
        home = f"source/{unit.folder.name}"
        files[f"{home}/{unit.folder.name}.ipynb"] = text(_source(unit, models))
        files[f"{home}/{FILE}"] = text(template("docker-id"))
        files[f"{home}/{MODELS}"] = text(models.to_json())
        for path in sorted((unit.folder / "starter").glob("**/*")):
            if path.is_file():
                inside = path.relative_to(unit.folder / "starter").as_posix()
                files[f"{home}/{unit.folder.name}/{inside}"] = File(path.read_bytes())
    return files


def _source(unit: Unit, models: Models) -> str:
    """The exercise, and after it a test for each check."""
    notebook = derive_unit(unit.folder)[_EXERCISE].notebook
    added = [{"cell_type": "markdown", "id": "testes", "metadata": {}, "source": _HEADING}]
    notebook.cells += [from_dict(cell) for cell in (*added, *_tests(unit, models))]  # type: ignore[no-untyped-call]
    return nb.dump(notebook)


def _tests(unit: Unit, models: Models) -> Iterator[dict[str, object]]:
    form = public_form(unit, models)
    checks = form.checks if form else ()
    for check, name in zip(checks, names_of([one.rule.name for one in checks]), strict=True):
        grade_id = f"{unit.id}{SEPARATOR}{name}"
        yield {
            "cell_type": "code",
            "id": hashlib.sha256(grade_id.encode()).hexdigest()[:12],
            "metadata": {"nbgrader": _metadata(grade_id, check.points)},
            "source": _TEST.format(title=check.title, worth=worth(check.points), unit=unit.id, name=name),
            "execution_count": None,
            "outputs": [],
        }


def _metadata(grade_id: str, points: int) -> dict[str, object]:
    """Of a test graded by itself, which learners cannot edit."""
    return {
        "schema_version": 3,
        "grade": True,
        "grade_id": grade_id,
        "locked": True,
        "points": points,
        "solution": False,
        "task": False,
    }
