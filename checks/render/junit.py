"""Reports as JUnit XML, which every continuous integration reads: a suite a unit, a test case a check."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checks.outcome import Outcome
from checks.report import Finding, Report

# Only a failure is the learner's: what was not tried or could not be seen was, in JUnit's word, skipped.
_KINDS = {
    Outcome.FAILED: "failure",
    Outcome.NOT_ATTEMPTED: "skipped",
    Outcome.UNVERIFIABLE: "skipped",
    Outcome.ERROR: "error",
}
_COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    return render_many([report])


def render_many(reports: Sequence[Report]) -> str:
    findings = [finding for report in reports for finding in report.checks]
    root = Element("testsuites", {"name": "Dockerhub na Prática", **_counts(findings)})
    for report in reports:
        moment = report.checked_at.strftime("%Y-%m-%dT%H:%M:%S")
        about = {"name": _clean(report.title), **_counts(report.checks), "timestamp": moment}
        suite = SubElement(root, "testsuite", about)
        for finding in report.checks:
            _add(suite, report.unit, finding)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}'


def _add(suite: Element, unit: str, finding: Finding) -> None:
    case = SubElement(suite, "testcase", classname=_clean(unit), name=_clean(finding.title))
    kind = _KINDS.get(finding.outcome)
    if kind is None:
        return
    message = _clean(finding.message)
    told = SubElement(case, kind, message=f"{finding.outcome.label}: {message}")
    if kind != "skipped":
        told.set("type", finding.rule)
        told.text = message


def _counts(findings: Sequence[Finding]) -> dict[str, str]:
    kinds = [_KINDS.get(finding.outcome) for finding in findings]
    return {"tests": str(len(kinds))} | {name: str(kinds.count(kind)) for name, kind in _COUNTS.items()}


def _clean(text: str) -> str:
    """What XML cannot carry, not even escaped, becomes the sign for a lost character."""
    return _NOT_XML.sub("\ufffd", text)
