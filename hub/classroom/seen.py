"""A report as a result keeps it: what was earned, what is missing, and a signature of how it failed."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from checks.outcome import Outcome
from checks.report import Finding, Report
from hub.classroom.models import LONGEST_UNIT
from hub.classroom.text import plain, plain_json

MOST_POINTS = 1_000_000
_UNIT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
# Digests and ids differ each time that the same mistake is pushed.
_HEX = re.compile(r"(sha256:)?[0-9a-f]{7,}")


@dataclass(frozen=True)
class Seen:
    """`signature`: which checks are not passed, and how. `evidence`: the facts that this was decided on."""

    unit: str
    learner: str | None  # None: nobody was logged in
    outcome: Outcome
    score: int
    max_score: int
    is_gradable: bool
    checks: list[dict[str, Any]]
    message: str
    missed: list[list[str]]
    signature: str
    evidence: str
    checked_at: datetime
    worked_at: datetime | None = None  # when what it tells of was done, where a look at another hub told

    @classmethod
    def of(cls, report: Report) -> Seen:
        """Raises ValueError for what no check of ours writes."""
        if len(report.unit) > LONGEST_UNIT or not _UNIT.fullmatch(report.unit):
            raise ValueError("the id of the unit")
        if not isinstance(report.learner, str | None):
            raise ValueError("the learner")
        if any(moment and moment.tzinfo is None for moment in (report.checked_at, report.worked_at)):
            raise ValueError("a moment without a time zone")
        if any(not 0 <= finding.max_score <= MOST_POINTS for finding in report.checks):
            raise ValueError("the points of a check")
        missing = [finding for finding in report.checks if finding.outcome is not Outcome.PASSED]
        failed = [finding for finding in report.checks if finding.outcome is Outcome.FAILED]
        return cls(
            unit=report.unit,
            learner=report.learner.lower() if report.learner else None,
            outcome=report.outcome,
            score=report.score,
            max_score=report.max_score,
            is_gradable=report.gradable,
            checks=plain_json([finding.to_dict() for finding in report.checks]),
            message=plain(missing[0].message) if missing else "",
            missed=[[plain(finding.rule), plain(finding.title)] for finding in failed],
            signature=_digest([_how(finding) for finding in report.checks]),
            evidence=_digest([dict(finding.facts) for finding in report.checks]),
            # One from a clock that is ahead would hold back all that come after it.
            checked_at=min(report.checked_at, timezone.now()),
            worked_at=report.worked_at,
        )


def _how(finding: Finding) -> list[str]:
    is_passed = finding.outcome is Outcome.PASSED
    words = "" if is_passed else _HEX.sub("…", finding.message)
    return [finding.rule, finding.title, finding.outcome.value, words]


def _digest(what: Any) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True).encode("ascii")).hexdigest()
