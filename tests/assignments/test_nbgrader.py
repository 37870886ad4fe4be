"""nbgrader itself, round trip in a real lab: generate, release, submit, autograde, export."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from checks.classroom.models import Models
from checks.classroom.remote import public_form
from checks.place import REPOSITORY
from checks.unit import load_course, load_unit
from lab.assignments import kit
from lab.assignments.nbgrader import CONFIG, course_files
from lab.author import notebook as nb
from tests.assignments.nbgrader_course import PROGRAMS, UNIT, Course, code_cells, graded_cells
from tests.real_lab import LAB, Lab

FULL = 8.0  # of the unit of the push, what is seen from afar


@pytest.fixture(scope="module")
def made(handed_out: Models) -> kit.Files:
    return course_files([load_unit("push")], handed_out)


@pytest.fixture(scope="module")
def released(lab: Lab, made: kit.Files, tmp_path_factory: pytest.TempPathFactory) -> Course:
    course = Course(lab, tmp_path_factory.mktemp("released"))
    kit.write(course.folder, made)
    course.done("generate_assignment", UNIT)
    return course


@pytest.fixture
def course(released: Course, tmp_path: Path) -> Course:
    """A course whose assignment is released, and that nobody has handed in yet."""
    return Course(released.lab, shutil.copytree(released.folder, tmp_path / "course"))


def test_points_are_those_that_can_be_seen_from_afar() -> None:
    for unit in load_course():
        form = public_form(unit, Models())
        if form:
            source = course_files([unit], Models())[f"source/{unit.folder.name}/{unit.folder.name}.ipynb"]
            tests = graded_cells(json.loads(source.content))
            assert [cell["metadata"]["nbgrader"]["points"] for cell in tests] == [
                check.points for check in form.checks
            ]
            assert len({cell["metadata"]["nbgrader"]["grade_id"] for cell in tests}) == len(tests)


def test_what_the_verb_and_its_page_say_to_type_works(lab: Lab, tmp_path: Path) -> None:
    program = tmp_path / "nbgrader"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={PROGRAMS} exec {sys.executable} -W ignore -m nbgrader "$@"\n', "utf-8"
    )
    program.chmod(0o755)
    path = os.pathsep.join((str(tmp_path), str(Path(LAB).parent), str(PROGRAMS / "bin"), os.environ["PATH"]))
    course = lab.work / "tarefas" / "nbgrader"

    def typed(line: str) -> str:
        done = subprocess.run(
            ["sh", "-ec", line], env={**lab.environment, "PATH": path}, capture_output=True, text=True,
            encoding="utf-8", check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    told = re.findall(r"`(.+?)`", typed("lab turma tarefa nbgrader push"))
    page = (REPOSITORY / "docs" / "tarefas.md").read_text(encoding="utf-8")
    enters, generates = re.findall(r"```sh\n(cd .+)\n(lab executar .+)\n", page)[0]
    for line in (told[0], f"{enters.replace('trabalho', str(lab.work))}\n{generates}"):
        typed(line)
        assert (course / "release" / UNIT / f"{UNIT}.ipynb").is_file(), line
        shutil.rmtree(course / "release")
    assert told[1].endswith(f"nbgrader autograde {UNIT}")


def test_the_source_is_the_exercise_and_its_tests(made: kit.Files) -> None:
    notebook = json.loads(made[f"source/{UNIT}/{UNIT}.ipynb"].content)
    exercise = json.loads((REPOSITORY / "exercises" / f"{UNIT}.ipynb").read_text(encoding="utf-8"))
    own = len(exercise["cells"])
    assert notebook["cells"][:own] == exercise["cells"]
    assert notebook["cells"][own]["cell_type"] == "markdown"
    assert notebook["cells"][own + 1 :] == graded_cells(notebook)


def test_what_is_released_has_the_tests_locked_and_the_files(course: Course) -> None:
    release = course.folder / "release" / UNIT
    notebook = nb.load((release / f"{UNIT}.ipynb").read_text(encoding="utf-8"))
    tests = graded_cells(notebook)
    assert [cell["metadata"]["editable"] for cell in tests] == [False, False]
    assert (release / "docker-id.txt").is_file()
    assert "Escreva aqui" not in "".join(cell["source"] for cell in tests)


def test_before_the_work_it_fails_and_after_it_passes(course: Course, diligent: str, idle: str) -> None:
    course.submit("ana", diligent)
    course.submit("bia", idle)
    course.done("autograde", UNIT)
    assert course.scores() == {"ana": FULL, "bia": 0.0}
    graded = json.loads((course.folder / "autograded/bia" / UNIT / f"{UNIT}.ipynb").read_text("utf-8"))
    said = [cell["outputs"][0]["evalue"] for cell in graded_cells(graded)]
    assert all(sentence.startswith("não tentado: ") and idle in sentence for sentence in said)
    course.done("generate_feedback", UNIT)
    page = (course.folder / "feedback/bia" / UNIT / f"{UNIT}.html").read_text(encoding="utf-8")
    assert "não tentado: O Docker Hub respondeu" in page


def test_the_learner_validates_with_the_same_tests(course: Course, diligent: str, idle: str) -> None:
    passing, failing = course.submit("ana", diligent), course.submit("bia", idle)
    assert "Success! Your notebook passes all the tests." in course.done("validate", str(passing))
    assert "VALIDATION FAILED ON 2 CELL(S)!" in course.done("validate", str(failing))


def test_whose_work_it_is_has_to_be_told(course: Course) -> None:
    course.submit("ana", "")
    course.submit("bia", "bia@exemplo.com")
    course.submit("caio", "../../caio")
    course.done("autograde", UNIT)
    assert course.scores() == {"ana": 0.0, "bia": 0.0, "caio": 0.0}
    said = {}
    for student in ("ana", "bia", "caio"):
        path = course.folder / "autograded" / student / UNIT / f"{UNIT}.ipynb"
        said[student] = graded_cells(json.loads(path.read_text("utf-8")))[0]["outputs"][0]["evalue"]
    assert "Escreva-o no arquivo docker-id.txt" in said["ana"]
    assert "não é um Docker ID: `bia@exemplo.com`" in said["bia"]
    assert "não é um Docker ID: `../../caio`" in said["caio"]


def redefine(notebook: dict[str, Any], place: Path) -> None:
    code_cells(notebook)[0]["source"] = (
        f"open({str(place / 'eu-rodei')!r}, 'w').close()\n"
        "from lab.assignments import exam\n"
        "exam.conferir = conferir = lambda *what: (True, 'passou')\n"
        "get_ipython().ast_transformers.append(__import__('ast').NodeTransformer())"
    )


def save_an_output(notebook: dict[str, Any], place: Path) -> None:
    for cell in graded_cells(notebook):
        cell["execution_count"] = 7
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "passou: tudo certo\n"}]


def write_markers(notebook: dict[str, Any], place: Path) -> None:
    for cell in graded_cells(notebook):
        cell["source"] = "# NBVAL_SKIP\n# PYTEST_VALIDATE_IGNORE_OUTPUT\npass"


def tag_to_be_skipped(notebook: dict[str, Any], place: Path) -> None:
    for cell in graded_cells(notebook):
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]


def bring_own_modules(notebook: dict[str, Any], place: Path) -> None:
    (place / "modelos.json").write_text('{"schema": 1, "images": {}}', encoding="utf-8")
    for package in ("checks", "lab/assignments"):
        (place / package).mkdir(parents=True)
    (place / "checks" / "__init__.py").write_text("raise SystemExit(0)", encoding="utf-8")
    (place / "lab" / "__init__.py").write_text("", encoding="utf-8")
    (place / "lab" / "assignments" / "__init__.py").write_text("", encoding="utf-8")
    (place / "lab" / "assignments" / "exam.py").write_text(
        "def conferir(*what):\n    return True, 'passou'\n", encoding="utf-8"
    )


def delete_the_tests(notebook: dict[str, Any], place: Path) -> None:
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in graded_cells(notebook)]


def make_them_worth_more(notebook: dict[str, Any], place: Path) -> None:
    for cell in graded_cells(notebook):
        cell["metadata"]["nbgrader"]["points"] = 1000
        cell["source"] = "1000"


CHEATS = [
    redefine, save_an_output, write_markers, tag_to_be_skipped, bring_own_modules, delete_the_tests,
    make_them_worth_more,
]  # fmt: skip


def test_no_trick_in_what_is_handed_in_gains_a_point(course: Course, idle: str) -> None:
    for cheat in CHEATS:
        course.submit(cheat.__name__, idle, cheat)
    course.done("autograde", UNIT)
    assert course.scores() == {cheat.__name__: 0.0 for cheat in CHEATS}
    assert not list(course.folder.rglob("eu-rodei")), "nothing of a learner's was run"


def test_the_same_tricks_cost_nothing_to_who_did_the_work(course: Course, diligent: str) -> None:
    for cheat in CHEATS:
        course.submit(cheat.__name__, diligent, cheat)
    course.done("autograde", UNIT)
    assert set(course.scores().values()) == {FULL}


def test_nbgrader_alone_believes_a_tag_and_a_module(course: Course, diligent: str, idle: str) -> None:
    """Why the course's configuration takes the place of its Execute; the tests themselves do run there."""
    (course.folder / CONFIG).write_text(
        f"c = get_config()\nc.Autograde.exclude_overwriting = {{{UNIT!r}: ['docker-id.txt']}}\n", "utf-8"
    )
    course.submit("ana", diligent)
    course.submit("bia", idle)
    course.submit("caio", idle, tag_to_be_skipped)
    course.submit("davi", idle, bring_own_modules)
    course.done("autograde", UNIT)
    assert course.scores() == {"ana": FULL, "bia": 0.0, "caio": FULL, "davi": FULL}


def test_an_outage_is_no_grade(course: Course, diligent: str, tmp_path: Path) -> None:
    course.submit("ana", diligent)
    nobody = tmp_path / "nobody.pem"  # a machine that trusts no certificate reaches no registry
    nobody.touch()
    done = course.nbgrader("autograde", UNIT, SSL_CERT_FILE=str(nobody))
    assert done.returncode != 0
    assert "NaoVerificado: não foi possível verificar" in done.stderr
    assert not (course.folder / "autograded" / "ana" / UNIT).exists()
    course.done("autograde", UNIT)
    assert course.scores() == {"ana": FULL}
