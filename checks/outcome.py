"""The five outcomes of a check, their words, their order and their exit codes."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_ATTEMPTED = "not_attempted"
    UNVERIFIABLE = "unverifiable"
    ERROR = "error"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def icon(self) -> str:
        return _ICONS[self]

    @property
    def exit_code(self) -> int:
        return _EXIT_CODES[self]

    @property
    def gradable(self) -> bool:
        """Whether it says anything about the learner: an outage and a fault of ours never cost a point."""
        return self not in (Outcome.UNVERIFIABLE, Outcome.ERROR)


_LABELS = {
    Outcome.PASSED: "passou",
    Outcome.FAILED: "falhou",
    Outcome.NOT_ATTEMPTED: "não tentado",
    Outcome.UNVERIFIABLE: "não foi possível verificar",
    Outcome.ERROR: "erro do corretor",
}

_ICONS = {
    Outcome.PASSED: "✔",
    Outcome.FAILED: "✘",
    Outcome.NOT_ATTEMPTED: "○",
    Outcome.UNVERIFIABLE: "?",
    Outcome.ERROR: "!",
}

_EXIT_CODES = {
    Outcome.PASSED: 0,
    Outcome.FAILED: 1,
    Outcome.UNVERIFIABLE: 3,
    Outcome.NOT_ATTEMPTED: 4,
    Outcome.ERROR: 5,
}

# The first of these that is present names the whole. A fault of the checker is never hidden behind
# a learner's failure; a failure is sure, whatever else could not be seen; and what could not be
# seen counts before what was not tried, so that "only not attempted" (4) means just that.
_PRIORITY = (
    Outcome.ERROR,
    Outcome.FAILED,
    Outcome.UNVERIFIABLE,
    Outcome.NOT_ATTEMPTED,
    Outcome.PASSED,
)


def overall(outcomes: Iterable[Outcome]) -> Outcome:
    """One outcome for many: of the checks of a unit, or of the units of a course."""
    present = set(outcomes)
    return next((outcome for outcome in _PRIORITY if outcome in present), Outcome.PASSED)
