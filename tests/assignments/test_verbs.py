"""`lab turma tarefa`, as the teacher types it."""

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from checks import engine
from checks.errors import EngineOff, TooSlow
from lab import cli
from lab.assignments import look
from lab.assignments.verbs import app
from lab.errors import UsageError
from lab.paths import REPOSITORY, lab_home
from tests.prose import messages
from tests.real_lab import Lab

_TYPED = """
import sys
from lab.assignments.verbs import app
sys.exit(app(args=sys.argv[1:], prog_name="lab turma tarefa", standalone_mode=False))
"""


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A teacher's machine where no lab is on, and no image can be asked for."""

    def off(*arguments: object) -> object:
        raise EngineOff("unix:///nada", "Ligue-o.")

    monkeypatch.setenv("LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.setenv("COURSE_HOME", str(REPOSITORY / "course"))
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    monkeypatch.setattr(engine, "local_image", off)
    return tmp_path / "trabalho" / "tarefas"


def typed(*arguments: str) -> object:
    return app(args=arguments, prog_name="lab turma tarefa", standalone_mode=False)


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("nbgrader", {"nbgrader_config.py", "source/50-push/50-push.ipynb", "source/50-push/docker-id.txt"}),
        ("github-classroom", {".github/workflows/classroom.yml", "docker-id.txt", "LEIAME.md"}),
        ("gradescope", {"autograder.zip", "autograder/setup.sh", "autograder/run_autograder", "LEIAME.md"}),
    ],
)
def test_each_kind_is_a_folder(
    nowhere: Path, kind: str, files: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not typed(kind, "push")
    assert all((nowhere / kind / name).is_file() for name in files)
    told = capsys.readouterr()
    assert "Envie a sua imagem (push): 8 de 10 pontos se veem no Docker Hub, sem senha." in told.out
    assert f"A pasta da tarefa: {nowhere / kind}" in told.out
    assert "o push da unidade `push` fica sem nota" in told.err, "no model was handed out"


def test_with_no_unit_all_that_can_be_graded_are_there(nowhere: Path, tmp_path: Path) -> None:
    typed("nbgrader", "--pasta", str(tmp_path / "aqui"))
    found = sorted(path.name for path in (tmp_path / "aqui" / "source").iterdir())
    assert found == ["20-conta", "30-repositorio", "50-push", "60-pull", "70-versoes", "90-publique-a-sua"]
    assert (tmp_path / "aqui/source/70-versoes/70-versoes/Dockerfile").is_file(), "what the exercise reads"


def test_a_configuration_that_the_teacher_changed_stays(
    nowhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("nbgrader", "push")
    config = nowhere / "nbgrader" / "nbgrader_config.py"
    config.write_text("# minha\n", encoding="utf-8")
    typed("nbgrader", "push", "versoes")
    assert config.read_text(encoding="utf-8") == "# minha\n"
    assert "é seu e não foi trocado" in capsys.readouterr().err
    assert (nowhere / "nbgrader" / "source" / "70-versoes").is_dir()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gradescope", "tag"], "A unidade `tag` não deixa no Docker Hub nada que se veja sem senha"),
        (["nbgrader", "acesso"], "A unidade `acesso` não deixa no Docker Hub nada"),
        (["github-classroom", "pussh"], "Você quis dizer `push`"),
    ],
)
def test_what_cannot_be_graded_so_is_told(nowhere: Path, arguments: Sequence[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        typed(*arguments)
    assert not nowhere.exists()


def _file(at: Path) -> list[str]:
    at.write_text("", encoding="utf-8")
    return ["gradescope", "push", "--pasta", str(at)]


def _name_taken(at: Path) -> list[str]:
    (at / "autograder.zip").mkdir(parents=True)
    return ["gradescope", "push", "--pasta", str(at)]


def _long_name(at: Path) -> list[str]:
    return ["gradescope", "push", "--pasta", str(at / ("x" * 300))]


def _models(at: Path) -> list[str]:
    models = lab_home().models
    models.parent.mkdir(parents=True)
    models.write_text("{", encoding="utf-8")
    return ["gradescope", "push"]


def _course(at: Path) -> Path:
    os.environ["COURSE_HOME"] = str(at)  # put back by `nowhere`
    shutil.copytree(REPOSITORY / "course" / "20-conta", at / "20-conta")
    unit = at / "20-conta" / "unit.toml"
    unit.write_text(re.sub(r"(?m)^after.*\n", "", unit.read_text(encoding="utf-8")), encoding="utf-8")
    return at / "20-conta"


def _broken_unit(at: Path) -> list[str]:
    (_course(at) / "unit.toml").write_text("title = 1", encoding="utf-8")
    return ["gradescope", "conta"]


def _broken_exercise(at: Path) -> list[str]:
    (_course(at) / "exercise.md").unlink()
    return ["nbgrader", "conta"]


def _nothing_to_grade(at: Path) -> list[str]:
    (_course(at) / "unit.toml").write_text('title = "Só ler"\n', encoding="utf-8")
    return ["gradescope"]


@pytest.mark.parametrize(
    ("trouble", "code", "said"),
    [
        (_file, 2, "Escolha outra pasta com --pasta"),
        (_name_taken, 2, "Escolha outra pasta com --pasta"),
        (_long_name, 2, "Escolha outra pasta com --pasta"),
        (_models, 3, "Apague esse arquivo"),
        (_broken_unit, 5, "unit.toml"),
        (_broken_exercise, 5, "exercise.md"),
        (_nothing_to_grade, 2, "Nenhuma unidade deste curso"),
        (lambda at: [], 2, "Falta dizer qual é o comando"),
        (lambda at: ["rodar"], 2, "Falta dizer CADERNO"),
        (lambda at: ["rodar", "x.ipynb", "--segundos", "1"], 2, "--segundos"),
        (lambda at: ["rodar", "x.ipynb"], 3, "O laboratório está desligado"),
    ],
)
def test_each_trouble_is_a_sentence_and_has_its_code(
    nowhere: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    trouble: Callable[[Path], list[str]],
    code: int,
    said: str,
) -> None:
    assert cli.run(["turma", "tarefa", *trouble(tmp_path / "aqui")]) == code
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""


def test_an_engine_that_cannot_be_heard_now_is_nobodys_wrong_use(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def slow(*arguments: object) -> object:
        raise TooSlow("Docker Engine", 5)

    monkeypatch.setenv("DOCKER_HOST", f"unix://{lab_home().engine_socket}")
    monkeypatch.setattr(engine, "local_image", slow)
    assert cli.run(["turma", "tarefa", "gradescope", "push"]) == 3
    assert "Esperei 5 s por Docker Engine" in capsys.readouterr().err


def test_help_is_in_portuguese() -> None:
    for command in app.registered_commands:
        assert command.callback
        assert command.callback.__doc__
        assert list(messages(repr(command.callback.__doc__)))


def test_a_notebook_is_run_and_its_cells_are_told(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "entrega.ipynb"
    cells = ["print('\\x1b[2Jolá')", "1 / 0"]
    shape: dict[str, object] = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook = {
        "cells": [{**shape, "id": f"c{at}", "source": source} for at, source in enumerate(cells)],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path.write_text(json.dumps(notebook), encoding="utf-8")
    done = lab.run([sys.executable, "-c", _TYPED, "rodar", str(path)])
    assert (done.returncode, done.stderr) == (1, "")
    assert "Célula 1: ✔ rodou" in done.stdout
    assert "\x1b[2J" not in done.stdout, "nothing of a learner's steers the teacher's terminal"
    assert "ZeroDivisionError: division by zero" in done.stdout
    assert done.stdout.rstrip().endswith("✘ Células que terminaram em erro: 1 de 2.")
    done = lab.run([sys.executable, "-c", _TYPED, "rodar", "--json", str(path)])
    assert json.loads(done.stdout)["outcome"] == "failed"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"cells": 1, "nbformat": 4}', "[" * 100_000, "\x00"])
def test_what_is_no_notebook_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "entrega.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=r"entrega\.ipynb não é um caderno do Jupyter\.$"):
        look.show(path, 5, as_json=False)


def test_a_notebook_that_cannot_be_read_is_told_in_portuguese(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nada\.ipynb: esse arquivo não existe\. Confira o nome\.$"):
        look.show(tmp_path / "nada.ipynb", 5, as_json=False)
