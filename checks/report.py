"""Finding and Report: what was seen of a learner's work, the same object for every format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from checks.allowance import Allowance
from checks.outcome import Outcome, overall

SCHEMA = 1


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Finding:
    """What came of one check. It earns all its points or none."""

    rule: str
    title: str
    outcome: Outcome
    max_score: int
    message: str
    hint: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def score(self) -> int:
        return self.max_score if self.outcome is Outcome.PASSED else 0

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "title": self.title,
            "outcome": self.outcome.value,
            "score": self.score,
            "max_score": self.max_score,
            "message": self.message,
            "hint": self.hint,
            "facts": dict(self.facts),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Finding:
        return cls(
            rule=str(data["rule"]),
            title=str(data["title"]),
            outcome=Outcome(data["outcome"]),
            max_score=int(data["max_score"]),
            message=str(data["message"]),
            hint=str(data["hint"]),
            facts={str(key): str(value) for key, value in data["facts"].items()},
        )


@dataclass(frozen=True)
class Report:
    """What came of a unit. `unit` is its id, `title` its name for people.

    `worked_at` is when the work was done, where Docker Hub told whoever grades a class; a learner's own
    check is about what is there now.
    """

    unit: str
    title: str
    learner: str | None
    checks: tuple[Finding, ...]
    checked_at: datetime = field(default_factory=_now)
    allowance: Allowance | None = None  # of pulls, when a registry told
    worked_at: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        return overall(finding.outcome for finding in self.checks)

    @property
    def score(self) -> int:
        return sum(finding.score for finding in self.checks)

    @property
    def max_score(self) -> int:
        return sum(finding.max_score for finding in self.checks)

    @property
    def exit_code(self) -> int:
        return self.outcome.exit_code

    @property
    def gradable(self) -> bool:
        return all(finding.outcome.gradable for finding in self.checks)

    def to_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {"rate_limit": self.allowance.to_dict()} if self.allowance else {}
        if self.worked_at:
            told["worked_at"] = _text(self.worked_at)
        return {
            "schema": SCHEMA,
            "unit": self.unit,
            "title": self.title,
            "learner": self.learner,
            "outcome": self.outcome.value,
            "score": self.score,
            "max_score": self.max_score,
            "checks": [finding.to_dict() for finding in self.checks],
            "checked_at": _text(self.checked_at),
            **told,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """Reads what `to_dict` wrote; ValueError, KeyError or TypeError when it is not that."""
        if data["schema"] != SCHEMA:
            raise ValueError(f"a report of schema {data['schema']}")
        return cls(
            unit=str(data["unit"]),
            title=str(data["title"]),
            learner=data["learner"],
            checks=tuple(Finding.from_dict(item) for item in data["checks"]),
            checked_at=datetime.fromisoformat(data["checked_at"]),
            allowance=Allowance.from_dict(data["rate_limit"]) if "rate_limit" in data else None,
            worked_at=datetime.fromisoformat(data["worked_at"]) if "worked_at" in data else None,
        )
