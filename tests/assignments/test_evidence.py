"""What of a unit can be graded by whoever has no password."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from checks.classroom.grading import grade_one
from checks.classroom.models import Models
from checks.classroom.remote import public_form, public_forms, remote_forms
from checks.outcome import Outcome
from checks.unit import Unit, load_course, load_unit
from lab.assignments.evidence import SEPARATOR, names_of, nobody
from tests.classroom.world import MODELS, World, image, person

UNIT = """\
title = "Tudo"
points = 15

[[check]]
rule = "pushed"
image = "{docker_id}/app:1.0"
same_as = "app:latest"
points = 1

[[check]]
rule = "visibility"
image = "{docker_id}/diario"
private = true
points = 2

[[check]]
rule = "no_secret"
image = "{docker_id}/diario:1.0"
points = 4

[[check]]
rule = "marked"
image = "{docker_id}/app:1.0"
points = 8
"""


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    folder = tmp_path / "10-tudo"
    folder.mkdir()
    (folder / "unit.toml").write_text(UNIT, encoding="utf-8")
    return load_unit("tudo", tmp_path)


def test_what_is_private_or_needs_the_secret_of_the_class_is_left_out(unit: Unit) -> None:
    form = public_form(unit, Models())
    assert form
    assert [check.rule.name for check in form.checks] == ["pushed"]
    assert form.points == 1


def test_points_add_up_and_a_unit_of_nothing_is_none() -> None:
    points = {
        unit.id: form.points if (form := public_form(unit, Models())) else None for unit in load_course()
    }
    assert points["push"] == 8
    assert points["versoes"] == 10
    assert points["tag"] is None
    assert points["acesso"] is None, "all of it is in a private repository"


def test_a_private_repository_decides_nothing_where_nobody_can_look_into_it() -> None:
    """To a stranger a private one is as good as none; a public one is not what the unit asks for."""
    public, private = _world("diario"), _world()
    forms = public_forms(load_course(), MODELS)
    assert _points(forms, public) == _points(forms, private)
    seen = remote_forms(load_course(), MODELS)
    assert _points(seen, public) != _points(seen, private), "as it would be without leaving it out"


def _world(*repositories: str) -> World:
    """Of somebody who has an account and these, as a stranger sees it."""
    world = World({f"ana/{name}:{tag}": image() for name in repositories for tag in ("1.0", "latest")})
    world.account("ana", *repositories)
    return world


def _points(forms: Iterable[Unit], world: World) -> dict[str, tuple[int, int]]:
    reports = asyncio.run(grade_one(person("ana"), tuple(forms), world, 5)).reports
    return {report.unit: (report.score, report.max_score) for report in reports}


def test_nobodys_work_was_not_tried(unit: Unit) -> None:
    form = public_form(unit, Models())
    assert form
    report = nobody(form, "Diga quem é.")
    assert (report.outcome, report.score, report.max_score) == (Outcome.NOT_ATTEMPTED, 0, 1)
    assert report.gradable
    assert report.checks[0].message == "Diga quem é."


def test_names_stay_when_others_come() -> None:
    assert list(names_of(["label", "user", "label"])) == ["label", "user", "label-2"]


def test_the_separator_is_in_no_name() -> None:
    for unit in load_course():
        for name in (unit.id, *names_of([check.rule.name for check in unit.checks])):
            assert SEPARATOR not in name
