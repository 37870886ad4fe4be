"""What the three systems grade on: what anyone can see of a learner's work on Docker Hub, without a password.

That is the public form of a unit (checks.classroom.remote), and less than the practice hub's own grading
sees: a grader on somebody else's machine has no credential that opens private repositories, and no secret
of the class for the marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from checks import runner
from checks.classroom.session import Way, opened
from checks.outcome import Outcome
from checks.report import Finding, Report
from checks.unit import Unit

MODELS: Final = "modelos.json"  # what checks.classroom.models keeps, where an assignment carries it
SEPARATOR: Final = "--"  # between the id of a unit and the name of a check; neither has it


def verify(form: Unit, docker_id: str) -> Report:
    """Asks Docker Hub now, as a stranger. Nothing is kept."""
    return runner.verify_with(opened(Way()), form, docker_id)


def nobody(form: Unit, why: str) -> Report:
    """When it is not known whose work it is: nothing was tried, and each check says what to do."""
    findings = (
        Finding(check.rule.name, check.title, Outcome.NOT_ATTEMPTED, check.points, why)
        for check in form.checks
    )
    return Report(form.id, form.title, None, tuple(findings))


def names_of(rules: Sequence[str]) -> Iterator[str]:
    """A name for each check of a unit, which stays when others come: pushed, label, label-2."""
    seen: Counter[str] = Counter()
    for rule in rules:
        seen[rule] += 1
        yield rule if seen[rule] == 1 else f"{rule}-{seen[rule]}"
