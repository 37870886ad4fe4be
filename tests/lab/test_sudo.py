"""A learner who is not root: what needs root has it, all the rest is theirs and runs as them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.real_lab import Lab

pytestmark = pytest.mark.lab
UID = 65534  # nobody: on every machine, and with no home to write to
ROOTS = {"containerd", "engine"}


def as_nobody(*command: str) -> list[str]:
    return ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", *command]


@pytest.fixture(scope="module")
def open_to_all() -> Iterator[Path]:
    """pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def python(open_to_all: Path) -> str:
    """A Python with the course's packages that anybody may run: this one may be in root's home."""
    probe = as_nobody(sys.executable, "-c", "import sys; print(sys.version)")
    if subprocess.run(probe, capture_output=True, check=False).stdout.strip() == sys.version.encode():
        return sys.executable
    folder = open_to_all / "venv"
    subprocess.run(["/usr/bin/python3", "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = [path for path in sys.path if path.endswith("site-packages")]
    added = next(folder.glob("lib/*/site-packages")) / "course.pth"
    added.write_text("\n".join([*packages, str(Path(__file__).parents[2])]), encoding="utf-8")
    shutil.copytree(Path(sys.prefix) / "share" / "jupyter", folder / "share" / "jupyter")
    return str(folder / "bin" / "python")


@pytest.fixture(scope="module")
def theirs(python: str, open_to_all: Path) -> Iterator[Lab]:
    """A lab that nobody started by typing `sudo lab aula`."""
    folder = open_to_all / "theirs"
    folder.mkdir()
    os.chown(folder, UID, UID)
    sudo = (("SUDO_UID", str(UID)), ("SUDO_GID", str(UID)))
    theirs = Lab(folder / "lab", folder / "trabalho", chosen=sudo, program=(python, "-m", "lab.cli"))
    theirs.start()
    yield theirs
    theirs.cli("limpar")


def test_only_the_engine_runs_as_root(theirs: Lab) -> None:
    owners = {one["name"]: psutil.Process(one["pid"]).uids().real for one in theirs.status()["services"]}
    assert {name for name, uid in owners.items() if uid == 0} == ROOTS
    assert {uid for name, uid in owners.items() if name not in ROOTS} == {UID}


def test_the_lab_and_the_copies_belong_to_the_learner(theirs: Lab) -> None:
    owners = {path: uid for path, uid in _owners(theirs.home) if "engine" not in path.parts}
    assert {theirs.home / "hub", theirs.home / "registry", theirs.home / "secrets"} <= owners.keys()
    others = [path for path, uid in owners.items() if uid != UID]
    assert others == [theirs.home / "run" / "docker.sock"]
    assert others[0].stat().st_gid == UID
    assert {uid for _, uid in _owners(theirs.work)} == {UID}


def _owners(folder: Path) -> Iterator[tuple[Path, int]]:
    """Of all that is below it and stays there: the lab runs, and what a service makes may go meanwhile."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            with suppress(FileNotFoundError):
                yield path, path.lstat().st_uid


def test_commands_run_as_the_learner_and_do_the_whole_chapter(theirs: Lab) -> None:
    assert theirs.run(["id", "-u"]).stdout.strip() == str(UID)
    image = f"{theirs.newcomer()}/docker-is-cool"
    script = f"docker tag docker-is-cool {image} && docker push {image} && docker run --rm {image}"
    done = theirs.run(["sh", "-c", script])
    assert "Docker é muito legal" in done.stdout, done.stderr


def test_looking_and_stopping_need_no_root(theirs: Lab, python: str) -> None:
    environment = {name: text for name, text in theirs.environment.items() if not name.startswith("SUDO_")}
    for verb, said in (("status", "Motor do Docker"), ("parar", "foi desligado"), ("status", "desligado")):
        done = subprocess.run(
            as_nobody(python, "-m", "lab.cli", verb), env=environment, cwd=theirs.work,
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        assert said in done.stdout, done.stderr
