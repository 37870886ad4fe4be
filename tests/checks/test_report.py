"""A report's outcome, score, exit code and JSON form."""

from datetime import UTC, datetime

import pytest

from checks.outcome import Outcome, overall
from checks.report import Finding, Report

PASSED, FAILED, NOT_ATTEMPTED, UNVERIFIABLE, ERROR = Outcome


def report(*outcomes: Outcome) -> Report:
    checks = tuple(
        Finding(
            "pushed", "Título", outcome, max_score=at, message="Mensagem.", hint="Dica.", facts={"a": "b"}
        )
        for at, outcome in enumerate(outcomes, start=1)
    )
    return Report("push", "Envie", "ana", checks, datetime(2026, 11, 23, 12, tzinfo=UTC))


@pytest.mark.parametrize(
    ("outcomes", "whole", "exit_code"),
    [
        ([], PASSED, 0),
        ([PASSED, PASSED], PASSED, 0),
        ([PASSED, NOT_ATTEMPTED], NOT_ATTEMPTED, 4),
        ([NOT_ATTEMPTED], NOT_ATTEMPTED, 4),
        ([NOT_ATTEMPTED, UNVERIFIABLE], UNVERIFIABLE, 3),
        ([PASSED, UNVERIFIABLE], UNVERIFIABLE, 3),
        ([FAILED, UNVERIFIABLE, NOT_ATTEMPTED], FAILED, 1),
        ([FAILED, ERROR, PASSED], ERROR, 5),
    ],
)
def test_the_outcome_of_the_whole(outcomes: list[Outcome], whole: Outcome, exit_code: int) -> None:
    assert report(*outcomes).outcome is whole
    assert report(*outcomes).exit_code == exit_code
    assert overall(reversed(outcomes)) is whole


def test_only_what_passed_earns_points() -> None:
    graded = report(PASSED, FAILED, UNVERIFIABLE, PASSED)
    assert (graded.score, graded.max_score) == (1 + 4, 10)


def test_every_outcome_has_its_own_word_and_icon() -> None:
    assert len({outcome.label for outcome in Outcome}) == len({outcome.icon for outcome in Outcome}) == 5


def test_the_json_form() -> None:
    assert report(FAILED).to_dict() == {
        "schema": 1,
        "unit": "push",
        "title": "Envie",
        "learner": "ana",
        "outcome": "failed",
        "score": 0,
        "max_score": 1,
        "checks": [
            {
                "rule": "pushed",
                "title": "Título",
                "outcome": "failed",
                "score": 0,
                "max_score": 1,
                "message": "Mensagem.",
                "hint": "Dica.",
                "facts": {"a": "b"},
            }
        ],
        "checked_at": "2026-11-23T12:00:00Z",
    }


def test_it_comes_back_from_its_json_form() -> None:
    original = report(PASSED, FAILED, ERROR)
    assert Report.from_dict(original.to_dict()) == original


def test_a_report_of_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="schema 2"):
        Report.from_dict({**report().to_dict(), "schema": 2})


def test_a_fresh_report_knows_its_time() -> None:
    assert abs((datetime.now(UTC) - Report("a", "A", None, ()).checked_at).total_seconds()) < 60
