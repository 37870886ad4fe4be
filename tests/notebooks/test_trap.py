"""nbval alone believes a doctored notebook; what this course asks does not.

The unit here is about `docker login`, whose only fact is a file, so no lab is needed.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from checks.outcome import Outcome
from checks.runner import verify
from checks.unit import load_unit
from lab.author import derive, exam, outputs
from lab.author import notebook as nb
from lab.author.execute import execute
from tests.notebooks.nbval import here, validate

UNIT = """\
title = "Entre"
points = 10

[[check]]
rule = "logged_in"
points = 10
"""
EXERCISE = """\
# Entre

```python
from checks import exercicio

ex = exercicio("entrar", aluno="ana")
```

```python tags=["exercise"]
# Escreva aqui
```

```python tags=["solution"]
import json, os
from pathlib import Path

login = {"auths": {"https://index.docker.io/v1/": {"auth": "YW5hOnNlbmhh"}}}
done = (Path(os.environ["DOCKER_CONFIG"]) / "config.json").write_text(json.dumps(login), encoding="utf-8")
```

```python tags=["check"]
ex.verificar()
```
"""
REDEFINED = """\
from checks import notebook
notebook.Exercise.verificar = lambda self: notebook.Result(green)
"""
FORGED = """\
from checks import report, outcome
one = report.Finding("logged_in", "Você entrou no Docker Hub pelo terminal", outcome.Outcome.PASSED, 10,
                     "Você entrou no Docker Hub como `ana`.", facts={"docker_id": "ana"})
green = report.Report("entrar", "Entre", "ana", (one,))
"""


@dataclass(frozen=True)
class World:
    """A course of one unit, a machine where nobody is logged in, and what learners handed in."""

    home: Path
    solution: Any
    handed_in: dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("armadilha")
    folder = home / "course" / "10-entrar"
    folder.mkdir(parents=True)
    (folder / "unit.toml").write_text(UNIT, encoding="utf-8")
    (folder / "lesson.md").write_text("# Entre\n", encoding="utf-8")
    (folder / "exercise.md").write_text(EXERCISE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("COURSE_HOME", str(home / "course"))
        environment.setenv("LAB_HOME", str(home / "lab"))
        log_in_at(home / "gabarito", environment)
        solution = run_cells(derived(folder, "solutions"))
        log_in_at(home / "aluno", environment)
        handed_in = {make.__name__: make(derived(folder, "exercises")) for make in DOCTORED}
        yield World(home, solution, handed_in)


def log_in_at(where: Path, environment: pytest.MonkeyPatch) -> None:
    """From now on `docker login` is kept here."""
    where.mkdir(exist_ok=True)
    environment.setenv("DOCKER_CONFIG", str(where))


def derived(folder: Path, role: str) -> Any:
    return next(one.notebook for one in derive.derive_unit(folder) if one.role == role)


def run_cells(notebook: Any) -> Any:
    execute(notebook, "prova", Path("/"))
    outputs.clean(notebook)
    return notebook


def saved_failure(notebook: Any) -> Any:
    """Nothing done; the failure is saved, so that it is what nbval expects."""
    return run_cells(notebook)


def skip_marker(notebook: Any) -> Any:
    """Nothing done; the check is marked to be skipped, by a comment and by a tag."""
    notebook.cells[-1].source = "# NBVAL_SKIP\nex.verificar()"
    notebook.cells[-1].metadata.tags = ["nbval-skip"]
    return notebook


def redefined(notebook: Any) -> Any:
    """Nothing done; `verificar` always answers a forged report of success."""
    notebook.cells[2].source = FORGED + REDEFINED
    return run_cells(notebook)


DOCTORED = (saved_failure, skip_marker, redefined)


def verdicts(world: World, name: str, notebooks: Mapping[str, Any]) -> dict[str, set[str]]:
    """What nbval says of each notebook, run one after the other."""
    home = world.home / name
    home.mkdir()
    for stem, notebook in notebooks.items():
        (home / f"{stem}.ipynb").write_text(nb.dump(notebook), encoding="utf-8")
    seen: dict[str, set[str]] = {stem: set() for stem in notebooks}
    for one in validate([home / f"{stem}.ipynb" for stem in notebooks], home, here({})):
        seen[Path(one.notebook).stem].add(one.outcome)
    return seen


def test_nbval_alone_believes_every_doctored_notebook(world: World) -> None:
    assert verdicts(world, "cru", world.handed_in) == {
        "saved_failure": {"passed"},
        "skip_marker": {"passed", "skipped"},
        "redefined": {"passed"},
    }


def test_no_doctored_notebook_passes_the_exam(world: World) -> None:
    works = {name: exam.work(notebook) for name, notebook in world.handed_in.items()}
    seen = verdicts(world, "exame", {**works, "exam": exam.checks(world.solution, "ana")})
    assert seen == {**{name: {"passed"} for name in works}, "exam": {"passed", "failed"}}


def test_an_honest_notebook_passes_the_exam(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in_at(world.home / "honesto", monkeypatch)
    notebooks = {"work": exam.work(world.solution), "exam": exam.checks(world.solution, "ana")}
    assert verdicts(world, "limpo", notebooks) == {"work": {"passed"}, "exam": {"passed"}}


def test_the_forged_report_is_word_for_word_the_true_one(world: World) -> None:
    """Otherwise the exam could fail the forger for a comma."""
    true, forged = world.solution.cells[-1].outputs, world.handed_in["redefined"].cells[-1].outputs
    assert true[0].data == forged[0].data


def test_the_verdict_of_the_course_never_reads_a_notebook(world: World) -> None:
    assert verify(load_unit("entrar")).outcome is Outcome.NOT_ATTEMPTED


def test_work_keeps_no_marker_no_tag_and_no_output(world: World) -> None:
    for notebook in world.handed_in.values():
        for cell in nb.code_cells(exam.work(notebook)):
            assert not cell.outputs
            assert "tags" not in cell.metadata
            assert "NBVAL" not in cell.source


def test_the_exam_speaks_of_this_learner(world: World) -> None:
    solution = copy.deepcopy(world.solution)
    solution.cells[-1].outputs[0].data = {"text/plain": "`ana/app` é de ana, não de banana"}
    said = exam.checks(solution, "bia").cells[-1].outputs[0].data
    assert said == {"text/plain": "`bia/app` é de bia, não de banana"}
