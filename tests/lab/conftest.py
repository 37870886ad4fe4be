"""People at a desk in the shared lab, for the tests of what they are told."""

from collections.abc import Iterator

import pytest

from tests.lab.desk import Desk, cleaned, desk_in
from tests.lab.person import Person
from tests.real_lab import Lab


@pytest.fixture(scope="module")
def desk(lab: Lab) -> Iterator[Desk]:
    with desk_in(lab) as one:
        yield one


@pytest.fixture
def name(desk: Desk) -> Iterator[str]:
    """The image of somebody new, who is logged in."""
    with cleaned(desk, desk.lab.newcomer()) as own:
        yield own


@pytest.fixture
def person(desk: Desk) -> Iterator[Person]:
    """Somebody new who uses the hub's pages and its API too; `docker-is-cool` has their name."""
    owner = Person(desk.lab)
    with cleaned(desk, owner.name) as own:
        desk.docker("tag", "docker-is-cool", own)
        yield owner
