"""A unit just started is whole: it derives, and its cases get the verdicts in their names."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from checks.unit import load_unit
from lab.author.cli import app
from lab.author.derive import derive_course
from lab.author.prove import prove_cases


def run(course: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["novo", *words], env={"COURSE_HOME": str(course)})


def test_a_new_unit_derives_and_its_cases_hold(course: Path) -> None:
    result = run(course, "70", "versoes", 'Versões e "latest"')
    assert result.exit_code == 0
    assert str(course / "70-versoes") in result.output.replace("\n", "")
    unit = load_unit("versoes", course)
    assert (unit.title, unit.number, unit.after) == ('Versões e "latest"', 70, ("ola",))
    assert all(proof.good for proof in prove_cases(unit))
    assert [one.unit for one in derive_course(course)][3:] == ["70-versoes"] * 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("70", "Versões", "T"), "minúsculas"),
        (("70", "ola", "T"), "já existe"),
        (("10", "versoes", "T"), "já é da unidade `ola`"),
        (("100", "versoes", "T"), "de 0 a 99"),
        (("70", "versoes", "  "), "título"),
    ],
)
def test_a_name_no_unit_can_have_is_refused(course: Path, words: tuple[str, ...], says: str) -> None:
    before = sorted(course.iterdir())
    result = run(course, *words)
    assert result.exit_code == 2
    assert says in result.stderr
    assert sorted(course.iterdir()) == before


def test_nothing_is_overwritten(course: Path) -> None:
    lesson = course / "10-ola" / "lesson.md"
    before = lesson.read_text(encoding="utf-8")
    assert run(course, "10", "ola", "T").exit_code == 2
    assert lesson.read_text(encoding="utf-8") == before
