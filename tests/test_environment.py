"""The packages named in environment.yml, pyproject.toml and the locks are the same."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def canonical_name(requirement: str) -> str:
    """The name part of a requirement, normalized as in PEP 503."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_conda_users_get_the_same_packages() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    with_pip = next(entry for entry in environment["dependencies"] if isinstance(entry, dict))
    assert with_pip["pip"] == [*PYPROJECT["project"]["dependencies"], "-e ."]


@pytest.mark.parametrize(
    ("lock", "extras"), [("requirements.lock", ()), ("requirements-tests.lock", ("tests",))]
)
def test_every_dependency_is_locked_with_hashes(lock: str, extras: tuple[str, ...]) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    locked = {canonical_name(line) for line in text.splitlines() if re.match(r"[a-z]", line)}
    project = PYPROJECT["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    assert {canonical_name(requirement) for requirement in wanted} <= locked
    assert text.count("--hash=sha256:") >= len(locked)
    assert "://" not in text, "a lock names no index and no file address"


def test_the_four_packages_the_course_is_asked_to_use_are_there() -> None:
    names = {canonical_name(requirement) for requirement in PYPROJECT["project"]["dependencies"]}
    assert {"jupyter", "nbval", "docker", "ipywidgets"} <= names
