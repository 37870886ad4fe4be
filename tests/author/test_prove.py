"""`lab autor conferir` tells a sound unit from a bad one."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from checks.unit import load_course, load_unit
from lab.author.cli import app
from lab.author.new import new_unit
from lab.author.prove import prerequisites, prove_cases


def cases_only(course: Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["conferir", "--so-casos"], env={"COURSE_HOME": str(course)})
    return result.exit_code, result.output


def test_sound_cases_are_counted(course: Path) -> None:
    code, text = cases_only(course)
    assert code == 0
    assert "As 2 provas deram certo." in text


def test_a_case_with_another_verdict_is_told_with_what_was_seen(course: Path) -> None:
    cases = course / "10-ola" / "cases"
    (cases / "passa-enviada.json").rename(cases / "falha-enviada.json")
    code, text = cases_only(course)
    assert code == 1
    assert "✘ ola, casos, falha-enviada: O resultado foi “passou”, e devia ser “falhou”." in text
    assert "A imagem está no Docker Hub, com o mesmo conteúdo da sua: passou." in text
    assert "Falta um caso cases/passa-….json" in text


@pytest.mark.parametrize("name", ["talvez-isto.json", "falha-quebrada.json"])
def test_a_case_that_cannot_be_read_is_a_bad_proof(course: Path, name: str) -> None:
    (course / "10-ola" / "cases" / name).write_text(json.dumps({"learner": 7}), encoding="utf-8")
    bad = [proof for proof in prove_cases(load_unit("ola", course)) if not proof.good]
    assert [proof.case for proof in bad] == [Path(name).stem]
    assert name in bad[0].detail


def test_an_unknown_unit_is_wrong_use(course: Path) -> None:
    result = CliRunner().invoke(app, ["conferir", "oi"], env={"COURSE_HOME": str(course)})
    assert result.exit_code == 2
    assert "`oi`" in result.stderr


def test_prerequisites_are_the_near_and_the_far_in_course_order(course: Path) -> None:
    for number, name in ((20, "dois"), (30, "tres"), (40, "quatro")):
        new_unit(course, number, name, name)
    units = load_course(course)
    assert [unit.id for unit in prerequisites(units[2], units)] == ["ola", "dois"]
    assert prerequisites(units[0], units) == ()
