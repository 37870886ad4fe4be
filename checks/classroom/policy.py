"""Due dates: what a score is worth by when it was earned. Pure.

A learner's score in a unit grows over time. What was reached by the due date counts whole; what came after
it, by the late rule; the better of the two is the grade, so that going on never costs anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_DAY = 24 * 60 * 60  # seconds
LEFT_OUT = 1.0
HALF = 0.5  # what a second chance is worth, unless somebody says otherwise


@dataclass(frozen=True)
class Reached:
    """A score, and when it was first seen (with a time zone)."""

    score: float
    at: datetime


@dataclass(frozen=True)
class Policy:
    """Without a due date everything counts whole.

    `off_each_day` is the part of the score that each day late, begun or whole, takes off: 0.1 is 10 %. The
    second chance lasts until `second_chance` and is worth `second_worth` of the score, whatever the day.
    """

    due: datetime | None = None
    off_each_day: float = LEFT_OUT
    second_chance: datetime | None = None
    second_worth: float = 0.0

    def __post_init__(self) -> None:
        for part in (self.off_each_day, self.second_worth):
            if not 0 <= part <= 1:
                raise ValueError(f"a part is from 0 to 1, and not {part}")
        if self.second_chance and (self.due is None or self.second_chance <= self.due):
            raise ValueError("a second chance comes after a due date")

    def worth(self, at: datetime) -> float:
        """The part of a score earned then that counts, from 0 to 1."""
        if self.due is None or at <= self.due:
            return 1.0
        late = (at - self.due).total_seconds()
        days = int(-(-late // _DAY))
        by_day = max(0.0, 1.0 - days * self.off_each_day)
        has_chance = self.second_chance is not None and at <= self.second_chance
        return max(by_day, self.second_worth if has_chance else 0.0)


@dataclass(frozen=True)
class Counted:
    """The score that counts, and whether some of what was earned was lost for being late."""

    score: float
    is_late: bool = False


def count(history: Iterable[Reached], policy: Policy) -> Counted | None:
    """The best of what was reached; None when nothing was ever graded. Rounded to hundredths."""
    reached = list(history)
    if not reached:
        return None
    whole = max(one.score for one in reached)
    counted = round(max(one.score * policy.worth(one.at) for one in reached), 2)
    return Counted(counted, is_late=counted < whole)
