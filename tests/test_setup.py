"""setup/prepare.sh, with a uv that fails: what a learner behind a bad connection sees."""

import shutil
import subprocess
from pathlib import Path

import pytest

from checks.place import REPOSITORY

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """As much of a clone as the set-up reads, with a stand-in for uv that only notes its environment."""
    for name in ("setup/prepare.sh", "pyproject.toml", "requirements.lock", "requirements-tests.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    uv = tmp_path / ".venv" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text(
        '#!/bin/sh\nprintf %s "${UV_SYSTEM_CERTS:-}" > certs\necho no network >&2\nexit 1\n', encoding="ascii"
    )
    uv.chmod(0o755)
    return tmp_path


def prepare(course: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["/bin/sh", "setup/prepare.sh"],
        cwd=course, capture_output=True, text=True, check=False, env={"PATH": "/usr/bin:/bin"} | environment,
    )  # fmt: skip


def test_a_download_that_fails_ends_in_a_sentence(course: Path) -> None:
    done = prepare(course)
    assert done.returncode == 2
    assert "no network" in done.stderr
    assert "Não consegui baixar os pacotes Python" in done.stderr.splitlines()[-1]
    assert "Tudo pronto" not in done.stdout
    assert not list((course / ".venv").glob("installed-*")), "the next try starts from here"


@pytest.mark.skipif(not CERTIFICATES.is_file(), reason="no certificates of the system on this machine")
def test_what_the_machine_trusts_is_trusted(course: Path) -> None:
    prepare(course)
    assert (course / "certs").read_text(encoding="ascii") == "true"
    prepare(course, UV_SYSTEM_CERTS="false")
    assert (course / "certs").read_text(encoding="ascii") == "false"
