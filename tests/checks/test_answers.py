"""Answers given in a notebook: kept in the lab, or in memory; judged by the unit's rules."""

from pathlib import Path

import pytest

from checks import answers, cases
from checks.entry import DOCKER_ID
from checks.notebook import exercicio
from checks.outcome import Outcome
from checks.runner import verify_case, verify_with
from checks.sources import live
from checks.unit import load_unit

UNIT = """
title = "Perguntas"
points = 5

[[check]]
rule = "answer_is"
answer = "porta"
accepted = ["80", "oitenta"]
points = 2

[[check]]
rule = "answer_names"
answer = "nome"
image = "docker-is-cool"
points = 3
"""
PLAIN_UNIT = """
title = "Sem perguntas"
points = 1

[[check]]
rule = "logged_in"
points = 1
"""


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for folder, text in (("70-perguntas", UNIT), ("80-outra", UNIT), ("90-comum", PLAIN_UNIT)):
        path = tmp_path / "course" / folder / "unit.toml"
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "course"))
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setattr(answers, "_in_memory", {})
    return tmp_path / "course"


def test_the_last_answer_to_each_question_is_kept() -> None:
    for text in ("22", "ção `80`\n\ud800"):
        answers.save("perguntas", "porta", text)
    answers.save("perguntas", "nome", "x")
    assert answers.load_all("perguntas") == {"porta": "ção `80`\n\ud800", "nome": "x"}
    assert answers.load("outra", "porta") is None


def test_what_another_program_forgot_is_gone(tmp_path: Path) -> None:
    answers.save("perguntas", "porta", "80")
    (tmp_path / "lab" / "answers" / "perguntas.json").unlink()
    assert answers.load("perguntas", "porta") is None
    answers.save("perguntas", "porta", "80")
    answers.forget("perguntas")
    assert answers.load_all("perguntas") == {}
    answers.forget("perguntas")


@pytest.mark.parametrize("text", ["", "[]", '{"porta": 80}', "{"])
def test_a_damaged_file_is_no_answer(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lab" / "answers" / "perguntas.json"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    assert answers.load("perguntas", "porta") is None
    answers.save("perguntas", "porta", "80")
    assert answers.load("perguntas", "porta") == "80"


def test_outside_any_lab_an_answer_lasts_as_long_as_the_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LAB_HOME")
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    answers.save("perguntas", "porta", "80")
    assert answers.load("perguntas", "porta") == "80"
    assert sorted(tmp_path.iterdir()) == before
    answers.forget("perguntas")
    assert answers.load("perguntas", "porta") is None


def test_a_folder_that_cannot_be_written_does_not_lose_the_answer(tmp_path: Path) -> None:
    (tmp_path / "lab").write_text("no folder", encoding="utf-8")
    answers.save("perguntas", "porta", "80")
    assert answers.load("perguntas", "porta") == "80"


# ---------------------------------------------------------------- in the notebook


def outcomes() -> list[Outcome]:
    report = verify_with(live(), load_unit("perguntas"), None)
    return [finding.outcome for finding in report.checks]


def test_an_answer_is_judged_without_login_and_without_any_server() -> None:
    ex = exercicio("perguntas")
    assert outcomes() == [Outcome.NOT_ATTEMPTED] * 2
    assert "Anotei a sua resposta para `porta`: 80" in repr(ex.responder("porta", 80))
    ex.responder(" nome ", "Docker-is-cool")
    assert outcomes() == [Outcome.PASSED, Outcome.FAILED]
    ex.answer("nome", "docker-is-cool:latest")
    assert outcomes() == [Outcome.PASSED, Outcome.PASSED]
    assert answers.load_all("outra") == {}


def test_an_answer_may_be_written_with_the_place_of_the_own_name() -> None:
    assert "para `nome`: ana/docker-is-cool" in repr(
        exercicio("perguntas", "ana").responder("nome", f"{DOCKER_ID}/docker-is-cool")
    )
    assert answers.load_all("perguntas")["nome"].endswith("ana/docker-is-cool")


@pytest.mark.parametrize(
    ("unit", "key", "text", "words"),
    [
        ("perguntas", "portas", "80", ["Não há pergunta `portas`", "Você quis dizer `porta`?", "`nome`"]),
        ("perguntas", "porta", "  ", ["ficou vazia", '`ex.responder("porta", "…")`']),
        ("comum", "porta", "80", ["“Sem perguntas” não tem perguntas"]),
    ],
)
def test_an_answer_to_nothing_is_not_kept(unit: str, key: str, text: str, words: list[str]) -> None:
    said = repr(exercicio(unit).responder(key, text))
    assert all(word in said for word in words), said
    assert answers.load_all(unit) == {}


def test_a_case_says_what_was_answered(course: Path) -> None:
    folder = course / "70-perguntas" / "cases"
    folder.mkdir()
    case = folder / "passa-certas.json"
    case.write_text('{"answers": {"porta": "Oitenta", "nome": "docker-is-cool"}}', encoding="utf-8")
    assert verify_case(load_unit("perguntas"), case).outcome is Outcome.PASSED
    assert cases.load(case).world.answers["porta"] == "Oitenta"
