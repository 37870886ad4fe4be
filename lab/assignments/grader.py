"""The checks where there is no lab: in a runner of GitHub, in a container of Gradescope.

    python -m lab.assignments.grader FORMAT FOLDER UNIT…  >  the result

It is carried there with `checks` (lab.assignments.kit) and needs nothing else of this project. The folder is
what was handed in: it says whose work it is, and nothing of it is run or believed. The exit code is 0 when
the grading itself worked, whatever came of it; 3 when it could not be done now, 5 when the kit is broken.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from checks import place
from checks.classroom import models
from checks.classroom.remote import public_form
from checks.errors import CourseError, OutOfReach
from checks.render import FORMATS
from checks.report import Report
from checks.unit import Unit, load_unit
from lab.assignments.evidence import MODELS, nobody, verify
from lab.assignments.who import WhoIsThis, learner_of


def grade(ids: Sequence[str], folder: Path) -> tuple[Report, ...]:
    """A report for each unit; one that has nothing to be seen from here has none."""
    handed_out = models.load(place.REPOSITORY / MODELS)
    forms = (public_form(load_unit(one), handed_out) for one in ids)
    return tuple(_report(form, folder) for form in forms if form is not None)


def _report(form: Unit, folder: Path) -> Report:
    try:
        return verify(form, learner_of(folder))
    except WhoIsThis as problem:
        return nobody(form, str(problem))


def main(arguments: Sequence[str]) -> int:
    name, folder, *ids = arguments
    try:
        reports = grade(ids, Path(folder))
    except CourseError as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, OutOfReach) else 5
    document = FORMATS[name]
    print(document.many(reports) if document.takes_many else document.one(reports[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
