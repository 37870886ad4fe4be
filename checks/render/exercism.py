"""A report as the results.json of an Exercism test runner, version 3."""

from __future__ import annotations

from checks.outcome import Outcome
from checks.render.json import dump
from checks.report import Finding, Report

VERSION = 3
STATUSES = {
    Outcome.PASSED: "pass",
    Outcome.FAILED: "fail",
    Outcome.NOT_ATTEMPTED: "fail",
    Outcome.UNVERIFIABLE: "error",
    Outcome.ERROR: "error",
}


def render(report: Report) -> str:
    """The tests stay in the order of the exercise: only the first that did not pass is shown."""
    status = STATUSES[report.outcome]
    troubles = [finding.message for finding in report.checks if not finding.outcome.gradable]
    return dump(
        {
            "version": VERSION,
            "status": status,
            "message": "\n".join(dict.fromkeys(troubles)) if status == "error" else None,
            "tests": [_test(at, finding) for at, finding in enumerate(report.checks, start=1)],
        }
    )


def _test(number: int, finding: Finding) -> dict[str, object]:
    passed = finding.outcome is Outcome.PASSED
    return {
        "name": finding.title,
        "status": STATUSES[finding.outcome],
        "message": None if passed else finding.message,
        "output": None,  # what the learner printed: nothing, for we run no code of theirs
        "test_code": finding.rule,
        "task_id": number,
    }
