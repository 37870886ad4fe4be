"""The verbs of studying: the formats that come out, what a restart forgets."""

import json
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checks import answers, progress, runner
from checks.outcome import Outcome
from checks.render import FORMATS
from checks.report import Finding, Report
from checks.unit import Unit, load_course
from lab import cli, entry
from tests.real_lab import Lab


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab's folder and a folder of copies, and a lab that seems to be here."""
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.setattr(entry, "is_here", lambda _: True)
    return tmp_path


def failed(unit: Unit, learner: str | None = None) -> Report:
    finding = Finding("pushed", "A imagem está lá", Outcome.FAILED, 10, "Use `docker push`.")
    return Report(unit.id, unit.title, learner, (finding,))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "verify", failed)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "text"])
def test_stdout_holds_the_format_and_nothing_else(
    name: str, failing: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["verificar", "push", "--formato", name]) == 1
    kept = progress.load("push")
    assert kept is not None
    assert capsys.readouterr().out == f"{FORMATS[name].one(kept)}\n"


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "text"])
@pytest.mark.parametrize("typed", [["--tudo"], ["tag", "push"]])
def test_several_units_where_they_fit_and_a_sentence_where_not(
    name: str, typed: list[str], failing: None, capsys: pytest.CaptureFixture[str]
) -> None:
    code = cli.run(["verificar", *typed, "--formato", name])
    told = capsys.readouterr()
    if FORMATS[name].takes_many:
        assert (code, told.err) == (1, "")
        assert "A imagem está lá" in told.out
    else:
        assert (code, told.out) == (2, "")
        assert f"No formato {name} só cabe uma unidade de cada vez." in told.err
        assert progress.load_all() == {}


def test_text_comes_unit_by_unit_with_the_total(failing: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["verificar", "tag", "push", "--formato", "text"]) == 1
    assert capsys.readouterr().out.endswith("No total: 0 de 20 pontos.\n")


def test_a_runner_of_the_exercism_kind_gets_0(failing: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["verificar", "push", "--formato", "exercism", "--saida-sempre-zero"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "fail"
    assert cli.run(["verificar", "pussh", "--saida-sempre-zero"]) == 2


def test_a_restart_puts_a_new_notebook_and_the_unit_is_to_be_done_again(
    place: Path, failing: None, capsys: pytest.CaptureFixture[str]
) -> None:
    exercises = place / "trabalho" / "exercises"
    exercises.mkdir(parents=True)
    (exercises / "50-push.ipynb").write_text("minha resposta", encoding="utf-8")
    for unit in ("tag", "push"):
        cli.run(["verificar", unit])
        answers.save(unit, "cor", "azul")
    capsys.readouterr()
    assert cli.run(["reiniciar", "push"]) == 0
    told = capsys.readouterr().out
    kept = next(exercises.glob("50-push (antes de *).ipynb"))
    assert kept.read_text(encoding="utf-8") == "minha resposta"
    assert str(kept) in told
    assert json.loads((exercises / "50-push.ipynb").read_text(encoding="utf-8"))["cells"]
    assert set(progress.load_all()) == {"tag"}
    assert [answers.load(unit, "cor") for unit in ("tag", "push")] == ["azul", None]
    assert cli.run(["reiniciar", "push"]) == 0
    assert "guardado em" not in capsys.readouterr().out


def test_only_a_unit_that_exists_starts_again(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["reiniciar", "pussh"]) == 2
    assert "`push`" in capsys.readouterr().err
    assert not (place / "trabalho").exists()


def test_a_real_lab_speaks_every_format(lab: Lab) -> None:
    def verify(*arguments: str) -> subprocess.CompletedProcess[str]:
        return lab.cli("verificar", *arguments)

    suites = ElementTree.fromstring(verify("--tudo", "--formato", "junit").stdout)  # noqa: S314 - our own
    assert len(suites) == sum(bool(unit.checks) for unit in load_course())
    for name in ("gradescope", "exercism", "prairielearn", "github-classroom"):
        done = verify("comece-aqui", "--formato", name, "--saida-sempre-zero")
        assert (done.returncode, done.stderr) == (0, "")
        assert len(json.loads(done.stdout)["tests"]) == 2
