"""Every lesson and solution, run again in a real lab, shows what is committed."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.place import REPOSITORY
from checks.unit import load_course
from lab.author import notebook as nb
from lab.author.derive import LESSONS, SOLUTIONS
from lab.author.execute import copy_starter
from lab.author.throwaway import throwaway_lab
from tests.notebooks.nbval import Verdict, validate
from tests.stores import BOTH

pytestmark = [pytest.mark.lab, pytest.mark.notebooks]


@pytest.fixture(scope="module", params=BOTH)
def store(request: pytest.FixtureRequest) -> dict[str, str]:
    """The variables that choose how the engine keeps images."""
    chosen: dict[str, str] = request.param
    return chosen


@pytest.fixture(scope="module")
def staged(store: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The committed notebooks in course order, each unit in a folder beside its starter files.

    Anew for each store: a solution may write in those files.
    """
    home = tmp_path_factory.mktemp("curso")
    paths = []
    for unit in load_course():
        place = home / unit.folder.name
        place.mkdir()
        copy_starter(unit.folder, place)
        for role in (LESSONS, SOLUTIONS):
            paths.append(place / f"{role}.ipynb")
            shutil.copy(REPOSITORY / role / f"{unit.folder.name}.ipynb", paths[-1])
    return tuple(paths)


@pytest.fixture(scope="module")
def verdicts(store: dict[str, str], staged: Sequence[Path]) -> tuple[Verdict, ...]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in store.items():
            environment.setenv(name, value)
        return run_all(staged)


def run_all(staged: Sequence[Path]) -> tuple[Verdict, ...]:
    with throwaway_lab() as lab:
        return validate(staged, staged[0].parents[1], lab.run, "lab.author.nbval_steps")


def test_every_lesson_and_solution_shows_what_is_committed(verdicts: Sequence[Verdict]) -> None:
    different = [f"{one.notebook} {one.cell}\n{one.detail}" for one in verdicts if one.outcome != "passed"]
    assert not different, "\n\n".join(different)


def test_every_code_cell_ran(staged: Sequence[Path], verdicts: Sequence[Verdict]) -> None:
    written = [len(nb.code_cells(nb.load(path.read_text(encoding="utf-8")))) for path in staged]
    assert all(written)
    assert len(verdicts) == sum(written)
