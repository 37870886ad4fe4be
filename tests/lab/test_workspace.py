"""The learner's copies: delivered once, never overwritten."""

from pathlib import Path

import pytest

from lab import workspace


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course of one unit with a starter file."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "course"))
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    for place, text in {
        "notebooks/40-tag.ipynb": "lesson",
        "exercises/40-tag.ipynb": "exercise",
        "course/40-tag/starter/app/ola.txt": "olá",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
    return tmp_path


def everything(course: Path) -> dict[str, str]:
    work = course / "trabalho"
    files = (path for path in work.rglob("*") if path.is_file() and path.name != workspace.NOTE)
    return {str(path.relative_to(work)): path.read_text(encoding="utf-8") for path in files}


def test_lessons_exercises_and_starters_are_copied(course: Path) -> None:
    assert len(workspace.deliver().new) == 3
    assert everything(course) == {
        "notebooks/40-tag.ipynb": "lesson",
        "exercises/40-tag.ipynb": "exercise",
        "exercises/40-tag/app/ola.txt": "olá",
    }


def test_the_learners_work_is_never_touched(course: Path) -> None:
    workspace.deliver()
    mine = course / "trabalho" / "exercises" / "40-tag.ipynb"
    mine.write_text("my answer", encoding="utf-8")
    assert workspace.deliver() == workspace.Delivery()
    assert mine.read_text(encoding="utf-8") == "my answer"


def test_a_changed_exercise_arrives_beside_once(course: Path) -> None:
    workspace.deliver()
    mine = course / "trabalho" / "exercises" / "40-tag.ipynb"
    mine.write_text("my answer", encoding="utf-8")
    (course / "exercises" / "40-tag.ipynb").write_text("exercise 2", encoding="utf-8")
    assert [path.name for path in workspace.deliver().beside] == ["40-tag (nova versão).ipynb"]
    assert workspace.deliver().beside == ()
    (course / "exercises" / "40-tag.ipynb").write_text("exercise 3", encoding="utf-8")
    assert [path.name for path in workspace.deliver().beside] == ["40-tag (nova versão 2).ipynb"]
    assert mine.read_text(encoding="utf-8") == "my answer"


def test_a_copy_that_already_says_the_same_gets_no_twin(course: Path) -> None:
    workspace.deliver()
    for place in ("exercises", "trabalho/exercises"):
        (course / place / "40-tag.ipynb").write_text("exercise 2", encoding="utf-8")
    assert workspace.deliver() == workspace.Delivery()


def test_a_deleted_copy_comes_back(course: Path) -> None:
    workspace.deliver()
    (course / "trabalho" / "notebooks" / "40-tag.ipynb").unlink()
    assert [path.name for path in workspace.deliver().new] == ["40-tag.ipynb"]


def test_copies_from_another_machine_are_the_learners(course: Path) -> None:
    workspace.deliver()
    (course / "trabalho" / workspace.NOTE).unlink()
    (course / "trabalho" / "exercises" / "40-tag.ipynb").write_text("my answer", encoding="utf-8")
    assert workspace.deliver() == workspace.Delivery()
    assert everything(course)["exercises/40-tag.ipynb"] == "my answer"
