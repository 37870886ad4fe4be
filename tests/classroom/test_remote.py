"""A class is graded on what registry and hub can prove, and on nothing that a learner's computer says."""

from __future__ import annotations

import asyncio

import pytest

from checks import runner
from checks.classroom.models import Models
from checks.classroom.remote import remote_form, remote_forms
from checks.content import Image
from checks.outcome import Outcome
from checks.unit import load_course, load_unit
from tests.classroom.world import ARM64, COOL, MODELS, World, image

PUSHED = "ana/docker-is-cool:latest"


def seen(world: World, unit_id: str, models: Models = MODELS) -> dict[str, tuple[Outcome, str]]:
    form = remote_form(load_unit(unit_id), models)
    assert form is not None
    report = asyncio.run(runner.run(form, "ana", world))
    return {check.rule: (check.outcome, check.message) for check in report.checks}


def test_what_only_the_learners_computer_tells_is_left_out() -> None:
    course = remote_forms(load_course(), MODELS)
    forms = {form.id: [check.rule.name for check in form.checks] for form in course}
    assert forms["push"] == ["pushed", "public"]
    assert forms["conta"] == ["account_confirmed"]
    assert forms["pull"] == ["public"]
    assert not {"comece-aqui", "o-que-e", "tag"} & set(forms)
    local = {
        "logged_in",
        "local_image",
        "same_image",
        "removed_then_pulled",
        "answer_is",
        "token_used",
    }
    assert not local & {name for names in forms.values() for name in names}


def test_the_points_are_of_what_remains() -> None:
    form = remote_form(load_unit("push"), MODELS)
    assert form is not None
    assert form.points == sum(check.points for check in form.checks) == 8


@pytest.mark.parametrize(
    ("pushed", "models", "outcome", "words"),
    [
        (COOL, MODELS, Outcome.PASSED, "com o mesmo conteúdo de `docker-is-cool:latest`"),
        (image("xy"), MODELS, Outcome.FAILED, "é outra imagem, e não a `docker-is-cool:latest`"),
        (image("xy", ARM64), MODELS, Outcome.UNVERIFIABLE, "só tem o modelo"),
        (image("xy"), Models(), Outcome.UNVERIFIABLE, "ainda não tem o modelo de `docker-is-cool:latest`"),
        (None, MODELS, Outcome.NOT_ATTEMPTED, "docker push ana/docker-is-cool"),
    ],
)
def test_a_push_is_held_against_the_image_that_was_handed_out(
    pushed: Image | None, models: Models, outcome: Outcome, words: str
) -> None:
    world = World({PUSHED: pushed} if pushed else {})
    found, message = seen(world, "push", models)["pushed"]
    assert found is outcome, message
    assert words in message


def test_what_only_the_learner_ever_had_has_to_be_there() -> None:
    assert (
        seen(World({"ana/cartao:1.0": image("xy")}), "publique-a-sua", Models())["pushed"][0]
        is Outcome.PASSED
    )


def test_another_model_for_another_platform_is_taken_too() -> None:
    arm = image("xy", ARM64)
    both = Models({"docker-is-cool:latest": (COOL, arm)})
    assert seen(World({PUSHED: arm}), "push", both)["pushed"][0] is Outcome.PASSED


def test_a_push_with_another_tag_is_named() -> None:
    _, message = seen(World({"ana/docker-is-cool:v1": COOL}), "push")["pushed"]
    assert "v1" in message


def test_a_private_repository_is_not_public() -> None:
    found = seen(World({PUSHED: COOL}, private={PUSHED}), "push")
    assert found["pushed"][0] is Outcome.PASSED
    assert found["public"][0] is Outcome.FAILED


def test_nothing_of_the_learners_computer_is_told_of_one_who_did_nothing() -> None:
    for unit in remote_forms(load_course(), MODELS):
        report = asyncio.run(runner.run(unit, "ana", World()))
        assert report.outcome is not Outcome.ERROR, report
        assert report.score == 0
        for check in report.checks:
            assert "no seu computador" not in check.message, (unit.id, check.rule, check.message)
