"""A pytest plugin: before the cells of a unit run under nbval, takes the steps that have no cell.

The notebooks lie in a folder named after the unit's. One process runs them all
in course order, so the learner is one and does each step once.
"""

import pytest

from checks.unit import load_course
from lab.author.execute import let_time_pass
from lab.author.run import STAR
from lab.author.steps import Learner

_LEARNER = pytest.StashKey[Learner]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What the unit of this cell expects to find done."""
    learner = item.config.stash.setdefault(_LEARNER, Learner(STAR))
    for unit in load_course():
        if unit.folder.name == item.path.parent.name:
            learner.do(unit.by_hand)


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """As when the notebooks were derived."""
    let_time_pass(getattr(item, "cell").source)  # noqa: B009 - nbval's own item, which mypy does not know
