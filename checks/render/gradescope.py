"""Reports as Gradescope's results.json: one list of tests.

Gradescope has no word for "could not be graded". It takes the grade from the scores, so when anything
could not be verified no score is written at all: it then says that the autograder has to run again,
and nobody gets less than they earned.
"""

from __future__ import annotations

from collections.abc import Sequence

from checks.outcome import Outcome
from checks.render.json import dump
from checks.report import Finding, Report

_AGAIN = "Nem tudo pôde ser verificado agora, e por isso não há nota: rode a correção de novo."


def render(report: Report) -> str:
    return _document([report], [(str(at), _test(report, one)) for at, one in _numbered(report)])


def render_many(reports: Sequence[Report]) -> str:
    return _document(
        reports,
        [
            (f"{unit}.{at}", _test(report, one) | {"name": f"{report.title}: {one.title}"})
            for unit, report in enumerate(reports, start=1)
            for at, one in _numbered(report)
        ],
    )


def _numbered(report: Report) -> list[tuple[int, Finding]]:
    return list(enumerate(report.checks, start=1))


def _document(reports: Sequence[Report], numbered: Sequence[tuple[str, dict[str, object]]]) -> str:
    tests = [{"number": number, **test} for number, test in numbered]
    summary = "\n".join(f"{report.title}: {report.outcome.label}" for report in reports)
    if not all(report.gradable for report in reports):
        for test in tests:
            test.pop("score", None)
        return dump({"output": f"{_AGAIN}\n{summary}", "tests": tests})
    return dump({"score": sum(report.score for report in reports), "output": summary, "tests": tests})


def _test(report: Report, finding: Finding) -> dict[str, object]:
    test: dict[str, object] = {
        "name": finding.title,
        "score": finding.score,
        "max_score": finding.max_score,
        "output": f"{finding.outcome.label}: {finding.message}",
        "visibility": "visible",
        "tags": [report.unit, finding.rule],
    }
    if finding.outcome.gradable:  # of the others Gradescope is not told that they failed
        test["status"] = "passed" if finding.outcome is Outcome.PASSED else "failed"
    return test
