"""Runs every lesson and solution in course order, as one learner, and commits what they show."""

from collections.abc import Iterator
from pathlib import Path

from checks.unit import load_course
from lab.author import derive, outputs
from lab.author.execute import execute, workplace
from lab.author.steps import Learner

PATTERNS = "sanitize.cfg"
STAR = "ana"  # the learner whose name the committed outputs show


def run_course(course: Path, root: Path) -> Iterator[tuple[derive.Derived, bool]]:
    """Each notebook once it is in its place, and whether it changed. Needs a lab still untouched."""
    learner, patterns = Learner(STAR), outputs.read_patterns(course / PATTERNS)
    for unit in load_course(course):
        learner.do(unit.by_hand)
        with workplace(unit.folder) as where:
            for derived in derive.derive_unit(unit.folder):
                if derived.runs:
                    execute(derived.notebook, str(derived.path), where)
                    outputs.clean(derived.notebook)
                    committed = derive.read_committed(root, derived)
                    outputs.keep_equal_outputs(derived.notebook, committed, patterns)
                    outputs.hide_address(derived.notebook)
                yield derived, derive.write(root, derived)
