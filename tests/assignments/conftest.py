"""What the tests of assignments share: the images that the class was handed out, and who did the work."""

import pytest

from checks.classroom.models import Models
from tests.assignments import desk
from tests.real_lab import Lab


@pytest.fixture(scope="session")
def handed_out(lab: Lab) -> Models:
    return desk.handed_out(lab)


@pytest.fixture(scope="session")
def diligent(lab: Lab, handed_out: Models) -> str:
    """The Docker ID of somebody who did the unit of the push; nobody may change what they pushed."""
    return desk.pushed(lab)


@pytest.fixture(scope="session")
def idle(lab: Lab) -> str:
    """The Docker ID of somebody who did nothing."""
    return lab.newcomer()
