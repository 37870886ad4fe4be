"""What an assignment carries, and how it is put in a folder."""

import re
from pathlib import Path

import pytest

from checks.classroom.models import Models
from checks.place import REPOSITORY
from lab.assignments import grader
from lab.assignments.kit import File, grader_kit, text, write, zipped


def test_the_grader_carries_no_more_of_the_lab_than_itself() -> None:
    names = grader_kit(Models())
    assert sorted(name for name in names if name.startswith("lab/")) == [
        "lab/__init__.py",
        "lab/assignments/__init__.py",
        "lab/assignments/evidence.py",
        "lab/assignments/grader.py",
        "lab/assignments/who.py",
    ]
    assert not any("__pycache__" in name or name.endswith((".md", ".ipynb")) for name in names)


def test_a_broken_kit_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert grader.main(["gradescope", str(tmp_path), "pussh"]) == 5
    told = capsys.readouterr()
    assert "pussh" in told.err
    assert told.out == ""


def test_its_packages_are_of_the_lock_and_complete() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    chosen = grader_kit(Models())["requirements.txt"].content.decode()
    names = re.findall(r"(?m)^[\w.-]+", chosen)
    assert {"aiohttp", "yarl", "cryptography", "cffi", "docker", "urllib3", "zstandard"} <= set(names)
    assert not {"django", "jupyterlab", "pytest"} & set(names)
    assert all(line in lock for line in chosen.splitlines())


def test_a_file_that_the_teacher_changed_stays(tmp_path: Path) -> None:
    files = {"nbgrader_config.py": text("c = 1\n"), "source/a.txt": text("novo\n")}
    write(tmp_path, files)
    (tmp_path / "nbgrader_config.py").write_text("c = 2\n", encoding="utf-8")
    (tmp_path / "source" / "a.txt").write_text("velho\n", encoding="utf-8")
    assert write(tmp_path, files, keep=["nbgrader_config.py"]) == ("nbgrader_config.py",)
    assert (tmp_path / "nbgrader_config.py").read_text(encoding="utf-8") == "c = 2\n"
    assert (tmp_path / "source" / "a.txt").read_text(encoding="utf-8") == "novo\n"


def test_programs_can_be_run(tmp_path: Path) -> None:
    write(tmp_path, {"run": text("#!/bin/sh\n", runs=True), "data": text("")})
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("run", "data")] == [0o755, 0o644]


def test_a_zip_depends_on_the_files_alone() -> None:
    one, other = File(b"1"), File(b"2", runs=True)
    assert zipped({"a": one, "b": other}) == zipped({"b": other, "a": one})
    assert zipped({"a": one}) != zipped({"a": File(b"1", runs=True)})
