"""The engine's events of one name, in the order that was asked for."""

import pytest

from checks.image import Event, History
from checks.outcome import Outcome
from tests.checks.rule_facts import FAILED, NAME, NOT_ATTEMPTED, PASSED, expect, image, judge, local

APP = NAME.familiar
CIRCLE = ("tag", "push", "untag", "pull")
TAG, PUSH, RMI, PULL = (f"`docker {verb} {APP}`" for verb in ("tag IMAGEM", "push", "rmi", "pull"))


def history(*lines: str) -> History:
    """`push` is of our name, `push:other` of another; `untag#` has but the ID, as on the classic store."""
    made = []
    for line in lines:
        action, _, other = line.partition(":")
        if action.endswith("#"):
            made.append(Event(action[:-1], "sha256:id", "sha256:id"))
        else:
            made.append(Event(action, other or APP, "" if action in ("push", "pull") else "sha256:id"))
    return History(tuple(made))


@pytest.mark.parametrize(
    ("lines", "steps", "outcome", "words"),
    [
        (["tag", "push", "untag", "pull"], CIRCLE, PASSED, ["`docker rmi` e `docker pull`"]),
        (["tag", "push", "untag#", "delete#", "pull"], CIRCLE, PASSED, []),
        (["tag", "tag", "push", "push", "untag", "tag", "untag", "pull", "push"], CIRCLE, PASSED, []),
        (["push", "tag", "push", "pull", "untag", "pull"], CIRCLE, PASSED, []),
        ([], CIRCLE, NOT_ATTEMPTED, ["o primeiro passo", TAG, "no lugar de IMAGEM"]),
        (["tag:other:1", "push:other:1"], CIRCLE, NOT_ATTEMPTED, [TAG]),
        (["pull"], ("push", "pull"), NOT_ATTEMPTED, [PUSH]),
        (["tag"], CIRCLE, FAILED, ["na ordem, vi `docker tag`. Envie", PUSH]),
        (["tag", "push"], CIRCLE, FAILED, ["vi `docker tag` e `docker push`. Remova", RMI]),
        (["tag", "push", "pull", "untag"], CIRCLE, FAILED, [PULL]),
        (["tag", "untag", "pull", "push"], CIRCLE, FAILED, [RMI]),
        (["tag", "push", "untag:other:1", "pull"], CIRCLE, FAILED, [RMI]),
        # one removal that the engine tells twice is still one
        (["tag", "untag#", "delete#"], ("untag", "untag"), FAILED, [RMI]),
        (["tag", "untag", "tag", "untag"], ("untag", "untag"), PASSED, []),
    ],
)
def test_done_in_order(lines: list[str], steps: tuple[str, ...], outcome: Outcome, words: list[str]) -> None:
    verdict = judge("done_in_order", image=local(image()), history=history(*lines), steps=steps)
    expect(verdict, outcome, *words)


def test_an_id_of_another_image_is_not_ours() -> None:
    other = History((Event("tag", APP, "sha256:id"), Event("untag", "sha256:zz", "sha256:zz")))
    verdict = judge("done_in_order", image=local(image()), history=other, steps=("tag", "untag"))
    expect(verdict, FAILED, RMI)
