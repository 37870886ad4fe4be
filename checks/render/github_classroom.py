"""A report as GitHub Classroom's reporter reads it, in base64, from `<RUNNER>_RESULTS`.

It adds the `score` of every test, so each one is a number. A result with `max_score` 0 it does not
count: that is how a report that could not be verified reaches no grade.
"""

from __future__ import annotations

from checks.render.exercism import STATUSES
from checks.render.json import dump
from checks.report import Finding, Report


def render(report: Report) -> str:
    return dump(
        {
            "status": STATUSES[report.outcome] if report.gradable else "error",
            "max_score": report.max_score if report.gradable else 0,
            "tests": [_test(finding) for finding in report.checks],
        }
    )


def _test(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.title,
        "status": STATUSES[finding.outcome],
        "score": finding.score,
        "message": f"{finding.outcome.label}: {finding.message}",
        "line_no": 0,  # else the reporter prints "line undefined"
    }
