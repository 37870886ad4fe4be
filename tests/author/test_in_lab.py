"""`lab autor` against a real engine, registry and hub: each command starts a lab of its own and ends it."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from checks.place import REPOSITORY
from lab.author import notebook as nb
from lab.author.new import new_unit
from lab.author.steps import LAB
from tests.stores import CONTAINERD

pytestmark = pytest.mark.lab

NOTHING_TO_DO = """\
title = "De graça"
points = 1

[[check]]
rule = "local_image"
image = "docker-is-cool:latest"
points = 1
"""
CHECK = '```python tags=["check"]\nex.verificar()\n```\n'
ONLY_CHECK = f'```python\nfrom checks import exercicio\n\nex = exercicio("graca")\n```\n\n{CHECK}'
BROKEN = f"```python\nex = nada\n```\n\n{CHECK}"


Autor = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def labs() -> Iterator[Path]:
    """Where the labs of these tests are put; a short path, because sockets have to fit."""
    with tempfile.TemporaryDirectory(prefix="ta-") as home:
        yield Path(home)


@pytest.fixture(scope="module")
def autor(labs: Path) -> Autor:
    """Runs `lab autor` over a course."""

    def run(course: Path, *words: str, **chosen: str) -> subprocess.CompletedProcess[str]:
        own = {"COURSE_HOME": str(course), "TMPDIR": str(labs), "COLUMNS": "200"}
        environment = {**os.environ, **own, **chosen}
        command = [LAB, "autor", *words]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )

    return run


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def alone(toml: str) -> str:
    """The same unit, asking for nothing to be done before."""
    return re.sub(r"(?m)^after = .*$", "after = []", toml)


@pytest.fixture(scope="module")
def proofs(autor: Autor, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """The proof of the whole course with three bad units at its end."""
    course = tmp_path_factory.mktemp("provas") / "course"
    shutil.copytree(REPOSITORY / "course", course)
    free = new_unit(course, 95, "graca", "De graça")
    edit(free / "unit.toml", lambda _: NOTHING_TO_DO)
    edit(free / "exercise.md", lambda _: ONLY_CHECK)
    broken = new_unit(course, 96, "quebrada", "Quebrada")
    edit(broken / "unit.toml", alone)
    edit(broken / "exercise.md", lambda _: BROKEN)
    wrong = new_unit(course, 97, "errada", "Errada")
    edit(wrong / "unit.toml", alone)
    edit(
        wrong / "exercise.md",
        lambda text: text.replace("docker push {docker_id}", "docker push {docker_id}x"),
    )
    return autor(course, "conferir")


def test_every_unit_of_the_course_is_proved(proofs: subprocess.CompletedProcess[str]) -> None:
    bad = [line for line in proofs.stdout.splitlines() if line.startswith("✘ ")]
    assert [line for line in bad if not line.startswith(("✘ graca", "✘ quebrada", "✘ errada"))] == []
    assert "conta" in proofs.stdout, proofs.stderr


def test_a_unit_passed_by_doing_nothing_is_told(proofs: subprocess.CompletedProcess[str]) -> None:
    assert "✘ graca, intocada: O resultado foi “passou”" in proofs.stdout


def test_a_solution_that_breaks_is_told_with_its_cell(proofs: subprocess.CompletedProcess[str]) -> None:
    assert "✘ quebrada, resolvida: " in proofs.stdout
    assert "ex = nada\n\nNameError: name 'nada' is not defined" in proofs.stdout


def test_a_solution_that_does_not_solve_is_told(proofs: subprocess.CompletedProcess[str]) -> None:
    assert "✘ errada, resolvida: O resultado foi “não tentado”, e devia ser “passou”." in proofs.stdout
    assert proofs.returncode == 1


@pytest.mark.containerd
def test_every_unit_is_proved_on_the_newer_engine_too(autor: Autor) -> None:
    done = autor(REPOSITORY / "course", "conferir", **CONTAINERD)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def derived(autor: Autor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new unit, derived; the project it belongs to."""
    course = tmp_path_factory.mktemp("derivados") / "course"
    course.mkdir()
    new_unit(course, 10, "ola", "Olá")
    shutil.copy(REPOSITORY / "course" / "sanitize.cfg", course)
    shutil.copytree(REPOSITORY / "course" / "image", course / "image")
    done = autor(course, "derivar")
    assert done.returncode == 0, done.stdout + done.stderr
    return course.parent


def test_what_was_derived_is_in_step(autor: Autor, derived: Path) -> None:
    done = autor(derived / "course", "derivar", "--check")
    assert (done.returncode, done.stdout) == (0, "Os 3 notebooks correspondem às unidades.\n")


def test_the_solution_shows_a_real_push_and_a_real_verdict(derived: Path) -> None:
    text = (derived / "solutions" / "10-ola.ipynb").read_text(encoding="utf-8")
    *_, push, check = nb.code_cells(nb.load(text))
    assert push.outputs[0].text.splitlines()[1] == "The push refers to repository [docker.io/ana/ola]"
    assert check.outputs[0].data["text/plain"].startswith("Olá: passou, 10 de 10 pontos")


def test_no_widget_is_committed(derived: Path) -> None:
    for path in (derived / "solutions", derived / "notebooks"):
        assert "jupyter.widget" not in (path / "10-ola.ipynb").read_text(encoding="utf-8")


def test_the_learner_gets_no_output(derived: Path) -> None:
    text = (derived / "exercises" / "10-ola.ipynb").read_text(encoding="utf-8")
    assert all(not cell.outputs and not cell.execution_count for cell in nb.code_cells(nb.load(text)))


def test_no_lab_is_left_behind(labs: Path, derived: Path, proofs: subprocess.CompletedProcess[str]) -> None:
    assert list(labs.iterdir()) == []
    assert [
        path for path in Path("/proc").glob("[0-9]*/environ") if _mentions(path, f"LAB_HOME={labs}")
    ] == []


def _mentions(path: Path, text: str) -> bool:
    try:
        return text.encode() in path.read_bytes()
    except OSError:  # it has just ended, or is somebody else's
        return False
