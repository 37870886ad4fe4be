"""The learner's copies: delivered once, never overwritten."""

import errno
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

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


@pytest.fixture
def quarter_past_seven(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2026, 11, 23, 19, 5, tzinfo=tz)

    monkeypatch.setattr(workspace, "datetime", Clock)


def test_a_restart_keeps_what_there_was_beside(course: Path, quarter_past_seven: None) -> None:
    workspace.deliver()
    exercises = course / "trabalho" / "exercises"
    for answer in ("my answer", "my second answer"):
        (exercises / "40-tag.ipynb").write_text(answer, encoding="utf-8")
        fresh = workspace.restart("40-tag")
        assert fresh is not None
        assert fresh.notebook == exercises / "40-tag.ipynb"
    assert everything(course) == {
        "notebooks/40-tag.ipynb": "lesson",
        "exercises/40-tag.ipynb": "exercise",
        "exercises/40-tag (antes de 23-11 19h05).ipynb": "my answer",
        "exercises/40-tag (antes de 23-11 19h05 2).ipynb": "my second answer",
        "exercises/40-tag/app/ola.txt": "olá",
    }
    assert workspace.deliver() == workspace.Delivery()


def test_a_restart_of_what_is_still_new_keeps_nothing(course: Path) -> None:
    fresh = workspace.restart("40-tag")
    assert fresh == workspace.Fresh(course / "trabalho" / "exercises" / "40-tag.ipynb")
    assert workspace.restart("40-tag") == fresh
    assert set(everything(course)) == {"exercises/40-tag.ipynb", "exercises/40-tag/app/ola.txt"}


def test_starter_files_start_again_too(course: Path, quarter_past_seven: None) -> None:
    workspace.deliver()
    (course / "trabalho/exercises/40-tag/app/ola.txt").write_text("tchau", encoding="utf-8")
    fresh = workspace.restart("40-tag")
    assert fresh is not None
    assert [path.name for path in fresh.kept] == ["ola (antes de 23-11 19h05).txt"]
    assert everything(course)["exercises/40-tag/app/ola.txt"] == "olá"


def test_a_restart_takes_the_newest_version(course: Path) -> None:
    workspace.deliver()
    (course / "exercises" / "40-tag.ipynb").write_text("exercise 2", encoding="utf-8")
    workspace.restart("40-tag")
    assert everything(course)["exercises/40-tag.ipynb"] == "exercise 2"
    assert workspace.deliver() == workspace.Delivery()


def full(_source: Path, target: Path) -> None:
    """As a disk fills: the file is there, and what it should hold is not."""
    target.touch()
    raise OSError(errno.ENOSPC, "full")


def test_a_full_disk_takes_nothing_from_the_learner(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace.deliver()
    (course / "trabalho" / "exercises" / "40-tag.ipynb").write_text("my answer", encoding="utf-8")
    before = everything(course)
    monkeypatch.setattr("shutil.copyfile", full)
    with pytest.raises(OSError, match="full"):
        workspace.restart("40-tag")
    assert everything(course) == before


def test_what_a_full_disk_kept_from_arriving_comes_next_time(course: Path) -> None:
    with pytest.MonkeyPatch.context() as disk:
        disk.setattr("shutil.copyfile", full)
        with pytest.raises(OSError, match="full"):
            workspace.deliver()
    assert everything(course) == {}
    assert len(workspace.deliver().new) == 3
    assert everything(course)["notebooks/40-tag.ipynb"] == "lesson"


def test_a_unit_without_an_exercise_cannot_start_again(course: Path) -> None:
    assert workspace.restart("10-leitura") is None
    assert workspace.restart("40") is None
