"""A lab that was never on, and people at a desk in the shared one, for the tests of what they are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import state
from lab.paths import Home
from tests.lab.desk import Desk, cleaned, desk_in
from tests.lab.person import Person
from tests.real_lab import Lab


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A lab where nobody is logged in, of the course as it is."""
    home = Home(tmp_path / "lab")
    state.prepare(home)
    monkeypatch.setenv("LAB_HOME", str(home.root))
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    return home


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
