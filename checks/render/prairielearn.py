"""A report as PrairieLearn's results.json. What could not be verified makes the attempt not gradable:
PrairieLearn then gives and takes no point, and the learner keeps the attempt.
"""

from __future__ import annotations

from checks.outcome import Outcome
from checks.render.json import dump
from checks.report import Finding, Report


def render(report: Report) -> str:
    document: dict[str, object] = {"gradable": report.gradable}
    if report.gradable:
        document["score"] = report.score / report.max_score if report.max_score else 1.0
    else:
        troubles = [finding.message for finding in report.checks if not finding.outcome.gradable]
        document["format_errors"] = list(dict.fromkeys(troubles))
    return dump(
        {
            **document,
            "message": f"{report.title}: {report.outcome.label}",
            "output": "",
            "tests": [_test(finding) for finding in report.checks],
        }
    )


def _test(finding: Finding) -> dict[str, object]:
    passed = finding.outcome is Outcome.PASSED
    return {
        "name": finding.title,
        "description": finding.outcome.label,
        "points": finding.score,
        "max_points": finding.max_score,
        "message": "" if passed else finding.message,
        "output": "",
    }
