"""Whose fault it is when a notebook's container does not answer: the engine's, or the notebook's."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checks.outcome import Outcome
from lab import cli, entry
from lab.assignments import container, inside, sandbox
from lab.errors import CannotRun, MissingProgram
from tests.real_lab import Lab

# An engine that does what it is told to at one point, and else what a good one does.
_ENGINE = """\
#!{python}
import json, sys, time
from pathlib import Path
here, verb = Path(__file__).parent, sys.argv[1]
with (here / "asked").open("a", encoding="utf-8") as file:
    print(*sys.argv[1:], file=file)

def begin():
    asked = json.load(sys.stdin)
    print(asked["nonce"], flush=True)
    return asked

def answer(asked):
    cells = [{{"outcome": "ran", "text": "", "error": ""}} for _ in asked["cells"]]
    print(json.dumps({{"schema": 1, "nonce": asked["nonce"], "cells": cells}}))

def refuse(why):
    sys.exit("Error response from daemon: " + why)

{told}
if verb == "info":
    print(json.dumps(dict(OSType="linux", MemoryLimit=True, PidsLimit=True, CpuCfsQuota=True)))
elif verb == "start":
    answer(begin())
"""
Engine = Callable[[str], Path]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Makes `docker` the program above; gives the file that tells what it was asked."""

    def make(told: str) -> Path:
        program = tmp_path / "docker"
        program.write_text(_ENGINE.format(python=sys.executable, told=told), encoding="utf-8")
        program.chmod(0o755)
        return tmp_path / "asked"

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(container, "TO_START", 1)
    monkeypatch.setattr(container, "PATIENCE", 1)
    monkeypatch.setattr(container, "TO_END", 1)
    monkeypatch.setattr(inside, "GRACE", 0)
    return make


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ('if verb == "info": refuse("is it on?")', r"não abriu o contêiner .*is it on\?"),
        ('if verb == "info": time.sleep(60)', "demorou demais"),
        ('if verb == "info": print("{"); sys.exit()', "não abriu o contêiner"),
        ('if verb == "image": time.sleep(60)', "demorou demais"),
        ('if verb == "create": refuse("no space left")', "não abriu o contêiner .*no space left"),
        ('if verb == "create": time.sleep(60)', "demorou demais"),
        ('if verb == "start": refuse("OCI runtime failed")', "não abriu o contêiner .*OCI runtime failed"),
        ('if verb == "start": time.sleep(60)', "demorou demais"),
        ('if verb == "start": print("oi", flush=True); time.sleep(60)', "não abriu o contêiner"),
        ('if verb == "start": sys.exit(127)', "não abriu o contêiner"),
        ('if verb == "start": print("x" * 5_000_000); sys.exit()', "não abriu o contêiner"),
    ],
)
def test_what_never_began_is_the_engines_fault(engine: Engine, told: str, said: str) -> None:
    asked = engine(told)
    with pytest.raises(CannotRun, match=said) as problem:
        sandbox.run(["1"], 1)
    assert problem.value.exit_code == 3
    assert "()" not in str(problem.value)
    done = asked.read_text(encoding="utf-8").splitlines()
    created = [line for line in done if line.startswith("create")]
    assert len([line for line in done if line.startswith("rm")]) == len(created), "nothing is left behind"


def test_an_engine_that_goes_away_meanwhile_is_not_the_notebooks_fault(engine: Engine) -> None:
    engine(
        'gone = here / "gone"\nif gone.exists(): refuse("gone")\nif verb == "start": begin(); gone.touch()'
    )
    with pytest.raises(CannotRun, match="gone"):
        sandbox.run(["1"], 1)


def test_without_docker_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="`docker`"):
        sandbox.run(["1"], 1)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("begin(); time.sleep(60)", "passou de 1 s"),
        ("begin(); sys.exit(137)", "código de saída 137"),
        ('begin(); print("x" * 5_000_000)', "nada do que veio foi aceito"),
    ],
)
def test_what_began_is_the_notebooks_own(engine: Engine, told: str, said: str) -> None:
    engine(f'if verb == "start": {told}; sys.exit()')
    ran = sandbox.run(["1"], 1)
    assert ran.outcome is Outcome.FAILED
    assert said in ran.message


def test_time_counts_only_from_when_it_runs(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "TO_START", 30)
    monkeypatch.setattr(container, "TO_END", 0.5)
    engine('if verb == "start": time.sleep(3)')
    assert sandbox.run(["1"], 1).outcome is Outcome.PASSED


def test_a_container_that_cannot_be_taken_away_keeps_its_result(engine: Engine) -> None:
    engine('if verb == "rm": time.sleep(60)')
    assert sandbox.run(["1"], 1).outcome is Outcome.PASSED


def test_ctrl_c_leaves_nothing_behind(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "TO_START", 30)
    monkeypatch.setattr(entry, "go_in", lambda home: None)
    asked = engine('if verb == "start": import os; os.kill(os.getppid(), 2); time.sleep(60)')
    path = tmp_path / "entrega.ipynb"
    cell: dict[str, object] = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    notebook = {"cells": [{**cell, "source": "1"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert cli.run(["turma", "tarefa", "rodar", str(path)]) == 130
    assert asked.read_text(encoding="utf-8").splitlines()[-1].startswith("rm ")


def test_the_engine_of_the_lab_refuses_to_start_one(lab: Lab) -> None:
    done = lab.run([sys.executable, "-c", _NO_PROGRAM])
    assert done.returncode == 0, done.stderr
    assert "não abriu o contêiner em que o caderno rodaria (" in done.stdout
    assert "/usr/nada/python" in done.stdout, "the engine's own words"
    assert lab.run(["docker", "ps", "-aq", "--filter", "name=lab-caderno"]).stdout == ""


_NO_PROGRAM = """
import sys
from lab.assignments import sandbox
from lab.errors import CannotRun
sys.executable = "/usr/nada/python"
try:
    print(sandbox.run(["1"], 5))
except CannotRun as problem:
    print(problem)
"""
