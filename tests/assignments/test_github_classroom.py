"""The workflow's own steps, run here: what the reporter would read, and what it would add up."""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from checks.classroom.models import Models
from checks.unit import load_unit
from lab.assignments import kit
from lab.assignments.github_classroom import WORKFLOW, repository_files
from tests.assignments.bare import bare_python
from tests.assignments.carried import BASH, elsewhere
from tests.real_lab import Lab

UNITS = ("push", "publique-a-sua")


@dataclass(frozen=True)
class Runner:
    """A runner of GitHub with the learner's repository on it."""

    lab: Lab
    repository: Path
    programs: Path

    @property
    def steps(self) -> list[dict[str, Any]]:
        workflow = yaml.safe_load((self.repository / WORKFLOW).read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = workflow["jobs"]["corrigir"]["steps"]
        return found

    def write(self, docker_id: str) -> None:
        (self.repository / "docker-id.txt").write_text(f"# O seu Docker ID:\n{docker_id}\n", encoding="utf-8")

    def results(self, **variables: str) -> dict[str, Any]:
        """What the reporter decodes from its environment, by the ids it is given."""
        grading = next(step for step in self.steps if step.get("id") == "corrigir")
        outputs = self.repository.parent / "outputs"
        outputs.write_text("", encoding="utf-8")
        where = {"GITHUB_WORKSPACE": str(self.repository), "GITHUB_OUTPUT": str(outputs)}
        folder = self.repository / grading["working-directory"]
        done = elsewhere(self.lab, [*BASH, "-c", grading["run"]], folder, self.programs, **where, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        told = dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
        return read(self.steps[-1], told)


def read(reporter: Mapping[str, Any], told: Mapping[str, str]) -> dict[str, Any]:
    """As src/main.js of classroom-resources/autograding-grading-reporter does."""
    environment = {
        name: re.sub(r"\$\{\{ steps\.corrigir\.outputs\.([\w-]+) \}\}", lambda found: told[found[1]], value)
        for name, value in reporter["env"].items()
    }
    runners = reporter["with"]["runners"].split(",")
    return {
        one: json.loads(base64.b64decode(environment[f"{one.strip().upper()}_RESULTS"])) for one in runners
    }


def points(results: Mapping[str, Any]) -> tuple[int, int]:
    """As its src/notify-classroom.js adds them up."""
    counted = [one for one in results.values() if one["max_score"]]
    score = sum(test["score"] for one in counted for test in one["tests"])
    return score, sum(one["max_score"] for one in counted)


@pytest.fixture(scope="module")
def runner(lab: Lab, handed_out: Models, tmp_path_factory: pytest.TempPathFactory) -> Runner:
    home = tmp_path_factory.mktemp("runner")
    files = repository_files([load_unit(one) for one in UNITS], handed_out)
    kit.write(home / "repository", files)
    requirements = files[".github/corretor/requirements.txt"].content.decode()
    return Runner(lab, home / "repository", bare_python(home / "python", requirements))


def test_who_did_it_has_the_points_and_who_did_not_has_none(runner: Runner, diligent: str, idle: str) -> None:
    runner.write(diligent)
    assert points(runner.results()) == (8, 24)
    runner.write(idle)
    assert points(runner.results()) == (0, 24)


def test_each_test_has_a_name_a_status_a_score_and_a_message(runner: Runner, diligent: str) -> None:
    runner.write(diligent)
    results = runner.results()
    assert list(results) == list(UNITS)
    assert [test["status"] for test in results["push"]["tests"]] == ["pass", "pass"]
    assert results["push"]["status"] == "pass"
    assert results["publique-a-sua"]["status"] == "fail"
    for result in results.values():
        for test in result["tests"]:
            assert isinstance(test["score"], int), "else its total is no number"
            assert test["name"]
            assert test["message"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "Escreva-o no arquivo docker-id.txt"),
        ("ana@exemplo.com", "não é um Docker ID: `ana@exemplo.com`"),
        ("ana\nbia", "escreva o seu numa linha só"),
        ("$(touch eu-rodei)", "não é um Docker ID"),
        ('"; touch eu-rodei #', "não é um Docker ID"),
    ],
)
def test_what_is_no_docker_id_is_told_to_the_learner(runner: Runner, written: str, said: str) -> None:
    runner.write(written)
    results = runner.results()
    assert points(results) == (0, 24)
    assert all(said in test["message"] for result in results.values() for test in result["tests"])
    assert not list(runner.repository.rglob("eu-rodei"))


def test_an_outage_is_no_grade(runner: Runner, diligent: str, tmp_path: Path) -> None:
    runner.write(diligent)
    (tmp_path / "nobody.pem").touch()
    results = runner.results(SSL_CERT_FILE=str(tmp_path / "nobody.pem"))
    assert points(results) == (0, 0), "with nothing to add up, the reporter tells Classroom nothing"
    assert {result["status"] for result in results.values()} == {"error"}


def test_the_workflow_asks_for_little_and_pins_what_it_uses(runner: Runner) -> None:
    text = (runner.repository / WORKFLOW).read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets" not in text
    assert "permissions" not in workflow["jobs"]["corrigir"]
    used = [step["uses"] for step in runner.steps if "uses" in step]
    assert [re.sub(r"@.*", "", one) for one in used] == [
        "actions/checkout",
        "actions/setup-python",
        "classroom-resources/autograding-grading-reporter",
    ]
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in used)
    scripts = [step["run"] for step in runner.steps if "run" in step]
    assert not any("${{" in script for script in scripts), "nothing is pasted into a shell"


def test_what_is_installed_is_locked(runner: Runner) -> None:
    install = next(step for step in runner.steps if step.get("name") == "Instala o corretor")
    assert "--require-hashes" in install["run"]
    locked = (runner.repository / install["working-directory"] / "requirements.txt").read_text("utf-8")
    entries = re.findall(r"(?m)^[\w.-]+==.*\n(?: .*\n)*", locked)
    assert "".join(entries) == locked
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in locked
