"""The static busybox: told from one that needs libraries, and downloaded only when there is none."""

import shutil
import sys
from pathlib import Path

import pytest

from lab import busybox, image
from lab.errors import MissingProgram
from lab.paths import REPOSITORY


def test_a_program_that_needs_libraries_is_not_static() -> None:
    assert not busybox.is_static(Path(shutil.which("sh") or "/bin/sh"))
    assert not busybox.is_static(Path(sys.executable).resolve())


@pytest.mark.parametrize("content", [b"", b"#!/bin/sh\n", b"\x7fELF\x02\x01" + bytes(20)])
def test_what_is_no_program_is_not_static(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "busybox").write_bytes(content)
    assert not busybox.is_static(tmp_path / "busybox")


def test_the_one_kept_by_the_set_up_is_static() -> None:
    assert busybox.is_static(busybox.require())


def test_without_apt_the_learner_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(busybox, "CACHED", tmp_path / "busybox")
    monkeypatch.setattr(busybox, "search_path", lambda: str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="busybox-static"):
        busybox.obtain()
    with pytest.raises(MissingProgram, match="make preparar"):
        busybox.require()


def test_a_download_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("apt-get", "dpkg"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'E: sem rede' >&2\nexit 100\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr(busybox, "CACHED", tmp_path / "busybox")
    monkeypatch.setattr(busybox, "search_path", lambda: "")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="E: sem rede"):
        busybox.obtain()


def test_the_same_files_make_the_same_image() -> None:
    folder, program = REPOSITORY / "course" / "image", busybox.require()
    assert image.context(folder, program).getvalue() == image.context(folder, program).getvalue()
