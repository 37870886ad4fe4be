"""`pytest exercises/`: each check of each unit is a test, by the world and never by the notebook."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from checks import progress, runner
from checks.outcome import Outcome
from checks.place import REPOSITORY
from checks.report import Finding, Report
from checks.unit import Unit
from tests.checks.panels import log_in

pytest_plugins = ["pytester"]

UNIT = """
title = "Entre"
points = 4

[[check]]
rule = "logged_in"
points = 3
hints = ["Abra um terminal, {docker_id}."]

[[check]]
rule = "logged_in"
title = "De novo"
points = 1
"""
Run = Callable[..., pytest.RunResult]


def notebook(folder: str = "50-login", role: str = "exercises", code: str = "1 + 1") -> str:
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": [code],
        "id": "a1",
    }
    metadata = {"dockerhub_na_pratica": {"role": role, "unit": folder}}
    return json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def home(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A learner's folder with two exercises, in a lab where nobody is logged in."""
    home = pytester.path
    for folder in ("50-login", "60-outra"):
        (home / "course" / folder).mkdir(parents=True)
        (home / "course" / folder / "unit.toml").write_text(UNIT, encoding="utf-8")
        (home / "exercises").mkdir(exist_ok=True)
        (home / "exercises" / f"{folder}.ipynb").write_text(notebook(folder), encoding="utf-8")
    (home / "docker").mkdir()
    monkeypatch.setenv("COURSE_HOME", str(home / "course"))
    monkeypatch.setenv("LAB_HOME", str(home / "lab"))
    monkeypatch.setenv("LAB_MODE", "treino")
    monkeypatch.setenv("DOCKER_CONFIG", str(home / "docker"))
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    return home


@pytest.fixture
def run(pytester: pytest.Pytester, home: Path) -> Run:
    def pytest_of_the_learner(*arguments: str) -> pytest.RunResult:
        plugins = ["-p", "checks.pytest_plugin", "-p", "no:cacheprovider"]
        return pytester.runpytest_inprocess(*plugins, *(arguments or ("exercises",)))

    return pytest_of_the_learner


def test_each_check_of_each_unit_is_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "verify", lambda *_: pytest.fail("verified"))
    assert run("--co", "-q", "exercises").outlines[:4] == [
        "exercises/50-login.ipynb::logged_in",
        "exercises/50-login.ipynb::logged_in[2]",
        "exercises/60-outra.ipynb::logged_in",
        "exercises/60-outra.ipynb::logged_in[2]",
    ]


def test_what_was_not_done_fails_with_the_message_and_the_hint_alone(run: Run) -> None:
    done = run("exercises/50-login.ipynb")
    done.assert_outcomes(failed=2)
    told = done.stdout.str()
    assert "Entre: Você entrou no Docker Hub pelo terminal" in told
    assert "Entre: De novo" in told
    assert "`docker login -u SEU_DOCKER_ID`, com o seu Docker ID." in told
    assert "Dica: Abra um terminal, SEU_DOCKER_ID." in told
    assert not any(word in told for word in ("Traceback", "pytest_plugin.py", "runner.py", "def "))
    assert done.ret == pytest.ExitCode.TESTS_FAILED


def test_what_was_done_passes_and_is_kept(run: Run, home: Path) -> None:
    log_in(home, "ana")
    done = run()
    done.assert_outcomes(passed=4)
    assert done.ret == pytest.ExitCode.OK
    kept = progress.load("login")
    assert kept is not None
    assert (kept.learner, kept.score) == ("ana", 4)


def test_what_could_not_be_verified_is_an_error_that_says_so(run: Run, home: Path) -> None:
    (home / "docker/config.json").write_text("{", encoding="utf-8")
    done = run("exercises/50-login.ipynb")
    done.assert_outcomes(errors=2)
    told = done.stdout.str()
    assert "não foi possível verificar" in told
    assert "config.json" in told
    assert "Traceback" not in told


def test_a_fault_of_the_checker_is_an_error_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(unit: Unit) -> Report:
        finding = Finding("logged_in", "t", Outcome.ERROR, 1, "O corretor tropeçou.")
        return Report(unit.id, unit.title, None, (finding, finding))

    monkeypatch.setattr(runner, "verify", broken)
    done = run("exercises/50-login.ipynb")
    done.assert_outcomes(errors=2)
    assert "erro do corretor\nO corretor tropeçou." in done.stdout.str()


def test_a_unit_is_verified_once_and_only_when_it_is_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    verify = runner.verify

    def noted(unit: Unit) -> Report:
        asked.append(unit.id)
        return verify(unit)

    monkeypatch.setattr(runner, "verify", noted)
    run().assert_outcomes(failed=4)
    assert asked == ["login", "outra"]
    asked.clear()
    run("-x", "exercises").assert_outcomes(failed=1)
    assert asked == ["login"]
    asked.clear()
    run("-k", "outra and not 2", "exercises").assert_outcomes(failed=1, deselected=3)
    assert asked == ["outra"]
    asked.clear()
    run("exercises/60-outra.ipynb::logged_in[2]").assert_outcomes(failed=1)
    assert asked == ["outra"]


def test_junit_tells_failures_from_errors(run: Run, home: Path) -> None:
    run("--junitxml=a.xml", "exercises/50-login.ipynb")
    (home / "docker/config.json").write_text("{", encoding="utf-8")
    run("--junitxml=b.xml", "exercises/50-login.ipynb")
    seen = []
    for name in ("a.xml", "b.xml"):
        suite = ElementTree.parse(home / name).getroot()[0]  # noqa: S314 - our own
        seen.append([[child.tag for child in case] for case in suite])
        assert [case.get("name") for case in suite] == ["logged_in", "logged_in[2]"]
        assert "docker login" in str(suite[0][0].text)
    assert seen == [[["failure"], ["failure"]], [["error"], ["error"]]]


def test_no_cell_of_the_notebook_is_run(run: Run, home: Path) -> None:
    code = "from pathlib import Path\nPath('rodou').touch()"
    (home / "exercises/50-login.ipynb").write_text(notebook(code=code), encoding="utf-8")
    run()
    assert not list(home.rglob("rodou"))


@pytest.mark.parametrize("option", ["--nbval", "--nbval-lax"])
def test_it_keeps_out_of_the_way_of_nbval(run: Run, option: str) -> None:
    listed = run("--co", "-q", option, "exercises").outlines
    assert "exercises/50-login.ipynb::Cell 0" in listed
    assert not any("logged_in" in line for line in listed)


@pytest.mark.parametrize(
    "text",
    [
        notebook(role="notebooks"),
        notebook(role="solutions"),
        '{"metadata": {}}',
        '{"metadata": {"dockerhub_na_pratica": "50-login"}}',
        "[1]",
        "{",
        "[" * 100_000,
        "\udcff",
    ],
    ids=["lesson", "solution", "plain", "strange", "list", "cut", "deep", "binary"],
)
def test_another_notebook_is_none_of_its_business(run: Run, home: Path, text: str) -> None:
    for path in (home / "exercises").iterdir():
        path.unlink()
    (home / "exercises/50-login.ipynb").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert run().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_copy_is_only_checked_when_it_is_asked_for(run: Run, home: Path) -> None:
    name = "exercises/50-login (antes de 12-11 10h00).ipynb"
    (home / name).write_text(notebook(), encoding="utf-8")
    assert not any("antes" in line for line in run("--co", "-q", "exercises").outlines)
    assert run("--co", "-q", name).outlines[0] == f"{name}::logged_in"


def test_a_unit_that_does_not_exist_is_told_at_once(run: Run, home: Path) -> None:
    (home / "exercises/70-logn.ipynb").write_text(notebook("70-logn"), encoding="utf-8")
    done = run("--co", "exercises")
    done.assert_outcomes(errors=1)
    assert "Você quis dizer `login`?" in done.stdout.str()
    assert "Traceback" not in done.stdout.str()


def test_outside_a_lab_it_says_how_to_run_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_MODE")
    monkeypatch.setattr(runner, "verify", lambda *_: pytest.fail("asked the real hub"))
    done = run("exercises/50-login.ipynb")
    done.assert_outcomes(errors=2)
    assert "    lab executar -- pytest exercises/" in done.outlines
    assert "Traceback" not in done.stdout.str()


def test_who_does_not_use_it_does_not_pay_for_it() -> None:
    """pytest loads every plugin that is installed, whatever it is run for."""
    ours = "(name for name in sys.modules if name.startswith(('checks', 'lab')))"
    code = f"import sys, checks.pytest_plugin; print(*{ours})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"checks", "checks.pytest_plugin"}


def test_pytest_finds_it_by_itself() -> None:
    project: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["pytest11"] == {"checks.pytest_plugin": "checks.pytest_plugin"}
