"""A toy course to derive from: one sound unit, which each test bends as it needs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lab.author.new import new_unit
from tests.author.toy import EXERCISE, LESSON


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with the unit 10-ola."""
    home = tmp_path / "course"
    home.mkdir()
    folder = new_unit(home, 10, "ola", "Olá")
    (folder / "lesson.md").write_text(LESSON, encoding="utf-8")
    (folder / "exercise.md").write_text(EXERCISE, encoding="utf-8")
    return home


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes one source and says where it is."""

    def to_file(text: str) -> Path:
        path = tmp_path / "exercise.md"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file
