"""`lab turma tarefa`, as the teacher types it."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks import engine
from checks.errors import EngineOff
from lab.assignments import look
from lab.assignments.verbs import app
from lab.errors import UsageError
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
