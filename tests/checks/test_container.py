"""What is said of a container that was run, and how a case and a real engine tell it."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from checks import cases
from checks.errors import BadUnit
from checks.image import (
    Container,
    ContainerRequest,
    LocalLeaksRequest,
    NotebookLeaksRequest,
    RemoteLeaksRequest,
    Request,
)
from checks.leaks import Leak, Place
from checks.outcome import Outcome
from checks.reference import parse
from checks.rules.container import container_prints, container_runs
from checks.runner import verify_case
from checks.secrets import Kind, Secret
from checks.unit import load_unit
from tests.checks.rule_facts import FAILED, NOT_ATTEMPTED, PASSED, expect, image, local

RUN = "`docker run --rm ana/app:1.0`"


def ran(output: str = "", exit_code: int | None = 0, problem: str = "") -> Container:
    return Container(local(image()), output, exit_code, problem, 10)


@pytest.mark.parametrize(
    ("container", "code", "outcome", "words"),
    [
        (ran(), 0, PASSED, ["termina com o código 0"]),
        (ran(exit_code=3), 3, PASSED, ["código 3"]),
        (ran(exit_code=None), 0, PASSED, ["10 s", "de pé"]),
        (ran(exit_code=None), 3, FAILED, ["10 s", "código 3", RUN]),
        (ran("oi\nfalta o arquivo\n", 1), 0, FAILED, ["código 1", "`falta o arquivo`", RUN]),
        (ran(exit_code=137), 0, FAILED, ["137", "não escreveu nada"]),
        (ran(problem='exec: "/nada": no such file', exit_code=None), 0, FAILED, ["não chegou", "/nada", RUN]),
        (Container(local(None)), 0, NOT_ATTEMPTED, ["`docker image ls`"]),
    ],
)
def test_container_runs(container: Container, code: int, outcome: Outcome, words: list[str]) -> None:
    expect(container_runs(container, code), outcome, *words)


@pytest.mark.parametrize(
    ("container", "outcome", "words"),
    [
        (ran("Docker é legal\n"), PASSED, ["`Docker é`"]),
        (ran("Docker é legal\n", None), PASSED, ["`Docker é`"]),
        (ran("docker é legal\n"), FAILED, ["não escreveu `Docker é`", "`docker é legal`", RUN]),
        (ran("Docker é legal\n", 1), FAILED, ["código 1"]),
        (ran(), FAILED, ["Ela não escreveu nada"]),
        (ran(problem="No command specified", exit_code=None), FAILED, ["`No command specified`"]),
        (Container(local(None)), NOT_ATTEMPTED, ["`docker image ls`"]),
    ],
)
def test_container_prints(container: Container, outcome: Outcome, words: list[str]) -> None:
    expect(container_prints(container, "Docker é"), outcome, *words)


# ---------------------------------------------------------------- in a case

LEAK = {
    "kind": "docker_token",
    "prefix": "dckr_pat_",
    "place": "file",
    "name": "app/.env",
    "layer": 2,
    "layers": 3,
}
WORLD: dict[str, Any] = {
    "learner": "ana",
    "images": {"cool": {"diff_ids": ["sha256:aa"]}},
    "engine": {"ana/app": "cool"},
    "registry": {"ana/app": {"image": "cool"}},
    "leaks": {"ana/app": [{**LEAK, "step": "COPY . .", "removed": True}]},
    "unread": {"ana/app": 1},
    "notebooks": {"50-push.ipynb": [{"kind": "password", "cell": 3, "output": True}], "60-pull.ipynb": []},
    "containers": {"ana/app": {"output": "oi", "exit_code": None}},
}
UNIT = """\
title = "Segredos"
points = 5

[[check]]
rule = "no_secret"
image = "{docker_id}/app"
points = 1

[[check]]
rule = "local_no_secret"
image = "{docker_id}/app"
points = 1

[[check]]
rule = "no_secret_in_notebooks"
points = 1

[[check]]
rule = "container_prints"
image = "{docker_id}/app"
prints = "oi, {docker_id}"
points = 1

[[check]]
rule = "container_runs"
image = "{docker_id}/app"
points = 1
"""
CLEAN = {key: value for key, value in WORLD.items() if key not in ("leaks", "unread", "notebooks")}


def fetch(folder: Path, world: Any, request: Request) -> Any:
    path = folder / "passa-x.json"
    path.write_text(json.dumps(world), encoding="utf-8")
    return asyncio.run(cases.load(path).fetch(request))


def test_what_a_case_says_of_secrets_and_containers(tmp_path: Path) -> None:
    name = parse("ana/app")
    for request in (RemoteLeaksRequest(name), LocalLeaksRequest(name)):
        seen = fetch(tmp_path, WORLD, request)
        secret = Secret(Kind.DOCKER_TOKEN, "dckr_pat_")
        assert seen.leaks == (Leak(secret, Place.FILE, "app/.env", 2, 3, "COPY . .", is_removed=True),)
        assert seen.unread == 1
    notebooks = fetch(tmp_path, WORLD, NotebookLeaksRequest())
    assert (notebooks.notebooks, [(leak.cell, leak.in_output) for leak in notebooks.leaks]) == (
        2,
        [(3, True)],
    )
    container = fetch(tmp_path, WORLD, ContainerRequest(name))
    assert (container.output, container.exit_code) == ("oi", None)
    assert fetch(tmp_path, {}, ContainerRequest(name)).image.image is None
    assert fetch(tmp_path, CLEAN, RemoteLeaksRequest(name)).leaks == ()


def outcomes(folder: Path, world: Any) -> list[Outcome]:
    unit, case = folder / "10-segredos", folder / "incerto-x.json"
    unit.mkdir(exist_ok=True)
    (unit / "unit.toml").write_text(UNIT, encoding="utf-8")
    case.write_text(json.dumps(world), encoding="utf-8")
    return [finding.outcome for finding in verify_case(load_unit("segredos", folder), case).checks]


def test_a_unit_may_ask_for_them(tmp_path: Path) -> None:
    assert outcomes(tmp_path, WORLD) == [FAILED] * 4 + [PASSED]
    assert outcomes(tmp_path, {**CLEAN, "containers": {"ana/app": {"output": "oi, ana"}}}) == [PASSED] * 5
    nothing = {"learner": "ana"}
    assert outcomes(tmp_path, nothing) == [NOT_ATTEMPTED, NOT_ATTEMPTED, PASSED, NOT_ATTEMPTED, NOT_ATTEMPTED]


def test_an_outage_excuses_only_what_it_hides(tmp_path: Path) -> None:
    off = outcomes(tmp_path, {**CLEAN, "engine": "unreachable"})
    assert off == [PASSED, Outcome.UNVERIFIABLE, PASSED, Outcome.UNVERIFIABLE, Outcome.UNVERIFIABLE]
    assert outcomes(tmp_path, {**CLEAN, "registry": "unreachable"})[0] is Outcome.UNVERIFIABLE


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"leaks": []}, "`leaks` tem de ser uma tabela"),
        ({"leaks": {"Ana": []}}, "minúsculas"),
        ({"leaks": {"ana/app": [{"place": "file"}]}}, "`kind`"),
        ({"leaks": {"ana/app": [{"kind": "x", "place": "file"}]}}, "`docker_token`"),
        ({"leaks": {"ana/app": [{"kind": "password", "place": "x"}]}}, "`file`"),
        ({"leaks": {"ana/app": [{"kind": "password", "place": "env", "file": "x"}]}}, "segredo 1"),
        ({"unread": {"ana/app": "1"}}, "número inteiro"),
        ({"notebooks": {"x.ipynb": [{"kind": "password", "célula": 1}]}}, "notebooks.x.ipynb, segredo 1"),
        ({"containers": {"ana/app": {"saída": ""}}}, "containers.ana/app"),
    ],
)
def test_a_malformed_case_says_where(tmp_path: Path, changes: dict[str, Any], word: str) -> None:
    with pytest.raises(BadUnit, match=word):
        fetch(tmp_path, {**WORLD, **changes}, NotebookLeaksRequest())
