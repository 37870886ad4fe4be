"""From a folder of course/ to the three notebooks of the unit."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode, ValidationError

from checks.unit import load_course
from lab import typed
from lab.author import notebook as nb
from lab.author.images import inline_images
from lab.author.source import Cell, Kind, read_exercise, read_lesson

LESSONS, EXERCISES, SOLUTIONS = "notebooks", "exercises", "solutions"
ROLES = (LESSONS, EXERCISES, SOLUTIONS)
MEND = f"{typed.lab()} autor derivar"


@dataclass(frozen=True)
class Derived:
    """One notebook as the source says it is, not run yet."""

    unit: str
    role: str
    notebook: NotebookNode

    @property
    def path(self) -> Path:
        """Where it is committed, from the root of the project."""
        return Path(self.role) / f"{self.unit}.ipynb"

    @property
    def runs(self) -> bool:
        """Lessons and solutions keep the outputs of a real run; what the learner gets has none."""
        return self.role != EXERCISES


def derive_course(course: Path) -> tuple[Derived, ...]:
    """Every notebook of the course: lesson, exercise and solution of each unit in turn."""
    return tuple(derived for unit in load_course(course) for derived in derive_unit(unit.folder))


def derive_unit(folder: Path) -> tuple[Derived, Derived, Derived]:
    """The lesson, the exercise and the solution of one unit."""
    lesson, exercise = folder / "lesson.md", folder / "exercise.md"
    cells = read_exercise(exercise)
    return (
        _derived(folder, LESSONS, lesson, read_lesson(lesson)),
        _derived(folder, EXERCISES, exercise, (c for c in cells if c.kind is not Kind.SOLUTION)),
        _derived(folder, SOLUTIONS, exercise, (c for c in cells if c.kind is not Kind.EXERCISE)),
    )


def _derived(folder: Path, role: str, source: Path, cells: Iterable[Cell]) -> Derived:
    shown = [(cell, inline_images(cell, source)) for cell in cells]
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    return Derived(folder.name, role, nb.build(folder.name, role, shown, digest))


def read_committed(root: Path, derived: Derived) -> NotebookNode | None:
    """The notebook in the repository, or None when it is not there or is no notebook."""
    try:
        return nb.load((root / derived.path).read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, AttributeError, ValidationError):
        return None


def write(root: Path, derived: Derived) -> bool:
    """Put the notebook in its place; False when it was there already, byte for byte."""
    path, text = root / derived.path, nb.dump(derived.notebook)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def keep_outputs(root: Path, derived: Derived) -> int:
    """Without running: cells whose source is as committed keep their outputs; how many lost them."""
    committed = read_committed(root, derived)
    known = {cell.id: cell for cell in nb.code_cells(committed)} if committed else {}
    lost = 0
    for cell in nb.code_cells(derived.notebook):
        before = known.get(cell.id)
        if before is not None:
            cell.outputs, cell.execution_count = before.outputs, before.execution_count
        elif not nb.is_blank(cell):
            lost += 1
    return lost


def remove_strangers(root: Path, expected: Iterable[Derived]) -> tuple[Path, ...]:
    """Delete the notebooks that no unit asks for; which ones they were."""
    found = strangers(root, expected)
    for path in found:
        (root / path).unlink()
    return found


def strangers(root: Path, expected: Iterable[Derived]) -> tuple[Path, ...]:
    """Files in the derived folders that come from no unit."""
    known = {derived.path for derived in expected}
    files = (path for role in ROLES for path in (root / role).glob("**/*") if path.is_file())
    inside = (path.relative_to(root) for path in files if ".ipynb_checkpoints" not in path.parts)
    return tuple(sorted(path for path in inside if path not in known))
