"""Every lesson has the same bones: its goal in a line, its time, a picture, a recap, the next step."""

import re
from collections import Counter
from itertools import pairwise

import pytest

from checks.cases import cases_of
from checks.place import REPOSITORY
from checks.unit import Unit, load_course

UNITS = load_course(REPOSITORY / "course")


def text(unit: Unit) -> str:
    return (unit.folder / "lesson.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_a_lesson_opens_with_its_goal_its_time_and_a_picture(unit: Unit) -> None:
    title, goal, time, picture = text(unit).split("\n\n")[:4]
    assert re.fullmatch(r"# .+", title)
    assert re.fullmatch(r"\*\*Nesta unidade:\*\* você .+\.", goal)
    assert time == f"**Tempo:** uns {unit.minutes} minutos."
    assert re.fullmatch(r"!\[.+\]\(images/.+\.svg\)", picture)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_a_lesson_ends_with_what_to_remember_and_what_to_do_next(unit: Unit) -> None:
    *_, recap, last = text(unit).rstrip("\n").split("\n\n")
    assert recap.count("\n- ") >= 2
    assert "\n## Para lembrar\n\n" + recap in text(unit)
    assert (
        f"**Agora é com você:** abra o [exercício desta unidade](../exercises/{unit.folder.name}.ipynb)."
        in last
    )


@pytest.mark.parametrize(("unit", "following"), list(pairwise(UNITS)), ids=lambda unit: unit.id)
def test_a_lesson_leads_to_the_next_one(unit: Unit, following: Unit) -> None:
    assert f"({following.folder.name}.ipynb)" in text(unit).rpartition("**Agora é com você:**")[2]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_reading_and_doing_take_turns(unit: Unit) -> None:
    """Two sections in a row without anything to run, to type, to click or to answer are one too many."""
    *sections, _recap = re.split(r"(?m)^## ", text(unit))[1:]
    idle = [not re.search(r"(?m)^```|<details>|^\d\. ", section) for section in sections]
    assert not [title for title, pair in zip(sections, pairwise(idle), strict=False) if all(pair)]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.id)
def test_a_unit_is_proved_by_cases_of_each_kind(unit: Unit) -> None:
    """`lab autor conferir` proves that each gets the verdict in its name."""
    kinds = Counter(path.name.partition("-")[0] for path in cases_of(unit.folder))
    assert kinds["passa"] >= 3
    assert kinds["falha"] >= 8
