"""What a learner reads beside a grade."""

from datetime import UTC, datetime

import pytest

from checks.classroom.comments import LONGEST, comment_of
from checks.outcome import Outcome
from checks.report import Finding, Report

PASSED, FAILED, NOT_ATTEMPTED, UNVERIFIABLE, ERROR = Outcome
NO_LOSS = "O que não pôde ser conferido agora não tira nenhum ponto."


def report(*found: tuple[Outcome, str]) -> Report:
    checks = tuple(
        Finding("pushed", f"Item {at}", outcome, 5, message)
        for at, (outcome, message) in enumerate(found, start=1)
    )
    return Report("push", "Envie", "ana", checks, datetime(2026, 11, 23, tzinfo=UTC))


@pytest.mark.parametrize(
    ("found", "comment"),
    [
        ([], "Esta unidade não tem nada que se confira."),
        ([(PASSED, "Está lá.")], "Parabéns: tudo o que se confere nesta unidade está certo."),
        ([(PASSED, "Está lá."), (FAILED, "Use `docker push`.")], "Item 2: Use `docker push`."),
        ([(NOT_ATTEMPTED, "Nada\nali.")], "Item 1: Nada ali."),
        (
            [(FAILED, "Falta."), (UNVERIFIABLE, "Não respondeu.")],
            f"Item 1: Falta.\nItem 2: Não respondeu.\n{NO_LOSS}",
        ),
        (
            [(ERROR, "O corretor tropeçou.")],
            f"Item 1: O corretor tropeçou.\n{NO_LOSS}",
        ),
    ],
)
def test_one_line_for_each_thing_to_mend(found: list[tuple[Outcome, str]], comment: str) -> None:
    assert comment_of(report(*found)) == comment


@pytest.mark.parametrize(("size", "count", "end"), [
    (280, 4, "Há mais um item para acertar."),
    (100_000, 50, "Há mais 47 itens para acertar."),
    (5, 400, "itens para acertar."),
])  # fmt: skip
def test_a_comment_is_never_long(size: int, count: int, end: str) -> None:
    comment = comment_of(report(*[(FAILED, "x" * size)] * count))
    assert len(comment) <= LONGEST
    assert comment.startswith("Item 1: xxx")
    assert comment.endswith(end)


def test_what_costs_no_point_is_said_even_when_there_is_no_room() -> None:
    comment = comment_of(report(*[(FAILED, "x" * 300)] * 9, (UNVERIFIABLE, "y" * 300)))
    assert comment.endswith(NO_LOSS)
    assert len(comment) <= LONGEST
