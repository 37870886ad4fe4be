"""Static programs: told from those that need libraries, and downloaded only when there is none."""

import shutil
import sys
import time
from pathlib import Path

import pytest

from lab import image, static_program
from lab.errors import MissingProgram
from lab.static_program import BUSYBOX


def test_a_program_that_needs_libraries_is_not_static() -> None:
    assert not static_program.is_static(Path(shutil.which("sh") or "/bin/sh"))
    assert not static_program.is_static(Path(sys.executable).resolve())


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF\x02\x01" + bytes(20)])
def test_what_is_no_program_is_not_static(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "busybox").write_bytes(content)
    assert not static_program.is_static(tmp_path / "busybox")


def test_the_one_kept_by_the_set_up_is_static() -> None:
    assert static_program.is_static(static_program.require(BUSYBOX))


def test_without_apt_the_learner_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_program, "CACHE", tmp_path)
    monkeypatch.setattr(static_program, "search_path", lambda: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="busybox-static"):
        static_program.obtain(BUSYBOX)
    with pytest.raises(MissingProgram, match="make preparar"):
        static_program.require(BUSYBOX)


def test_a_download_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("apt-get", "dpkg"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'E: sem rede' >&2\nexit 100\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(static_program, "CACHE", tmp_path)
    monkeypatch.setattr(static_program, "search_path", lambda: "")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="E: sem rede"):
        static_program.obtain(BUSYBOX)


def test_the_same_files_make_the_same_image(monkeypatch: pytest.MonkeyPatch) -> None:
    made = image.archive("amd64")
    monkeypatch.setattr(time, "time", lambda: 2e9)
    assert image.archive("amd64") == made
