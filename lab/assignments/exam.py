"""What a test cell of nbgrader asks: whether one check of a unit passed, and what is to be said of it.

It is the only cell of a notebook that imports `lab`: it is the grader's, and not the learner's.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from checks import login
from checks.classroom import models
from checks.classroom.remote import public_form
from checks.errors import OutOfReach
from checks.outcome import Outcome
from checks.report import Finding, Report
from checks.unit import load_unit
from lab.assignments.evidence import MODELS, names_of, nobody, verify
from lab.assignments.who import NotToldYet, WhoIsThis, learner_of

_FRESH: Final = 10.0  # seconds in which the cells of one run come after each other
_asked: dict[str, tuple[float, Report]] = {}


class NaoVerificado(Exception):  # noqa: N818 (a name that learners read)
    """Nothing can be said now; this is nobody's failure, and no grade."""


def conferir(unidade: str, item: str) -> tuple[bool, str]:
    """Whether it is done, and the sentence for the learner. Raises NaoVerificado when nothing can be said."""
    if unidade not in _asked or time.monotonic() - _asked[unidade][0] > _FRESH:
        is_desk = os.environ.get("NBGRADER_EXECUTION") != "autograde"
        _asked[unidade] = time.monotonic(), report_of(unidade, Path.cwd(), or_logged_in=is_desk)
    found = finding(_asked[unidade][1], item)
    if not found.outcome.gradable:
        raise NaoVerificado(sentence(found))
    return found.outcome is Outcome.PASSED, sentence(found)


def report_of(unit_id: str, folder: Path, *, or_logged_in: bool = False) -> Report:
    """Of whoever the folder says; while the learner is still at it, of who is logged in here."""
    form = public_form(load_unit(unit_id), models.load(folder / MODELS))
    if form is None:
        raise LookupError(f"nothing of {unit_id} can be checked from here")
    try:
        return verify(form, learner_of(folder))
    except WhoIsThis as problem:
        docker_id = _logged_in() if or_logged_in and isinstance(problem, NotToldYet) else None
        return verify(form, docker_id) if docker_id else nobody(form, str(problem))


def finding(report: Report, name: str) -> Finding:
    """By the name that the cell has for it; KeyError when the course no longer has that check."""
    names = names_of([one.rule for one in report.checks])
    return dict(zip(names, report.checks, strict=True))[name]


def sentence(found: Finding) -> str:
    return f"{found.outcome.label}: {found.message}"


def _logged_in() -> str | None:
    try:
        return login.current_docker_id()
    except OutOfReach:
        return None
