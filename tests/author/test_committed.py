"""The notebooks in the repository are the ones that the units make."""

from checks.place import REPOSITORY
from lab.author.compare import stale_files
from lab.author.derive import derive_course


def test_every_notebook_is_in_step_with_its_unit() -> None:
    """When this fails, `lab autor derivar` mends it."""
    derived = derive_course(REPOSITORY / "course")
    assert derived
    assert [f"{one.path} {one.reason}" for one in stale_files(REPOSITORY, derived)] == []
