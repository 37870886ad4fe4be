"""What a score is worth by when it was earned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.classroom.policy import Counted, Policy, Reached, count

DUE = datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)
STRICT = Policy(DUE)
TENTH = Policy(DUE, off_each_day=0.1)
SECOND = Policy(DUE, second_chance=DUE + 7 * DAY, second_worth=0.6)


@pytest.mark.parametrize(
    ("policy", "late", "worth"),
    [
        (Policy(), 400 * DAY, 1.0),
        (STRICT, -DAY, 1.0),
        (STRICT, timedelta(0), 1.0),
        (STRICT, timedelta(seconds=1), 0.0),
        (TENTH, timedelta(seconds=1), 0.9),
        (TENTH, DAY, 0.9),
        (TENTH, DAY + timedelta(seconds=1), 0.8),
        (TENTH, 20 * DAY, 0.0),
        (SECOND, 7 * DAY, 0.6),
        (SECOND, 7 * DAY + timedelta(seconds=1), 0.0),
    ],
)
def test_what_counts_depends_on_the_day(policy: Policy, late: timedelta, worth: float) -> None:
    assert policy.worth(DUE + late) == pytest.approx(worth)


def test_going_on_after_the_due_date_never_costs_anything() -> None:
    early, late = Reached(6, DUE - DAY), Reached(10, DUE + 5 * DAY)
    for policy in (STRICT, TENTH, SECOND):
        counted = count([early, late], policy)
        assert counted is not None
        assert (counted.score, counted.is_late) == (6, True)
    assert count([early], STRICT) == Counted(6)


def test_the_better_of_the_two_is_the_grade() -> None:
    counted = count([Reached(2, DUE), Reached(10, DUE + DAY)], TENTH)
    assert counted is not None
    assert (counted.score, counted.is_late) == (9, True)


def test_nothing_graded_is_no_grade() -> None:
    assert count([], STRICT) is None


@pytest.mark.parametrize(
    "wrong", [{"off_each_day": 1.5}, {"second_worth": -0.1}, {"due": None, "second_chance": DUE}]
)
def test_a_policy_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"from 0 to 1|after a due date"):
        Policy(**({"due": DUE} | wrong))  # type: ignore[arg-type]


@given(
    st.lists(st.tuples(st.integers(0, 10), st.integers(-20, 20)), min_size=1),
    st.floats(0, 1, allow_nan=False),
)
def test_no_more_than_was_earned_and_no_less_than_was_there_in_time(
    history: list[tuple[int, int]], off: float
) -> None:
    reached = [Reached(score, DUE + day * DAY) for score, day in history]
    counted = count(reached, Policy(DUE, off_each_day=off))
    assert counted is not None
    in_time = max((one.score for one in reached if one.at <= DUE), default=0)
    assert in_time <= counted.score <= max(one.score for one in reached)
