"""What the three systems grade on: what anyone can see of a learner's work on Docker Hub, without a password.

That is less than a class's own grading sees (checks.classroom.remote): a grader on somebody else's machine
has no credential that opens private repositories, and no secret of the class for the marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from checks import runner
from checks.classroom.models import Models
from checks.classroom.remote import remote_form
from checks.classroom.session import Way, opened
from checks.entry import Check
from checks.image import Mark
from checks.outcome import Outcome
from checks.report import Finding, Report
from checks.unit import Unit

MODELS: Final = "modelos.json"  # what checks.classroom.models keeps, where an assignment carries it
SEPARATOR: Final = "--"  # between the id of a unit and the name of a check; neither has it


def public_form(unit: Unit, models: Models) -> Unit | None:
    """The unit with the checks that anyone can make, and their points; None when nobody can make any."""
    form = remote_form(unit, models)
    private = {_repository(check) for check in unit.checks if check.arguments.get("private") is True}
    checks = [check for check in form.checks if _is_public(check, private)] if form else []
    return (
        replace(unit, checks=tuple(checks), points=sum(check.points for check in checks)) if checks else None
    )


def _is_public(check: Check, private: set[str]) -> bool:
    needs_secret = any(parameter.kind is Mark for parameter in check.rule.parameters)
    return not needs_secret and _repository(check) not in private


def _repository(check: Check) -> str:
    """`{docker_id}/diario` of any of its tags."""
    owner, _, name = str(check.arguments.get("image", "")).rpartition("/")
    return f"{owner}/{name.partition(':')[0]}"


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
