"""The notebooks in the repository are the ones that the units make."""

import json
import re

import pytest

from checks.place import REPOSITORY
from lab.author import notebook as nb
from lab.author.compare import stale_files
from lab.author.derive import LESSONS, derive_course


def test_every_notebook_is_in_step_with_its_unit() -> None:
    """When this fails, `lab autor derivar` mends it."""
    derived = derive_course(REPOSITORY / "course")
    assert derived
    assert [f"{one.path} {one.reason}" for one in stale_files(REPOSITORY, derived)] == []


@pytest.mark.parametrize("unit", ["50-push", "60-pull"])
def test_a_digest_that_a_lesson_compares_is_one_and_the_same(unit: str) -> None:
    """Outputs of two runs, mixed, would show two."""
    notebook = nb.load((REPOSITORY / LESSONS / f"{unit}.ipynb").read_text(encoding="utf-8"))
    shown = json.dumps([cell.outputs for cell in nb.code_cells(notebook)])
    assert len(set(re.findall(r"[Dd]igest: (sha256:[0-9a-f]{64})", shown))) == 1
