"""Learners and a teacher in the shared lab, for the tests of assignments."""

import sys

from checks.classroom.models import Models, load
from lab.paths import Home
from tests.real_lab import Lab

ORIGIN = "docker-is-cool"


def handed_out(lab: Lab) -> Models:
    """The chapter's image, as this lab's engine has it."""
    sh(lab, sys.executable, "-c", _PRESENT, str(lab.home))
    return load(Home(lab.home).models)


def pushed(lab: Lab, source: str = ORIGIN) -> str:
    """Somebody new, who pushed an image under the name that the unit asks for."""
    name = lab.newcomer()
    sh(lab, "docker", "tag", source, f"{name}/{ORIGIN}")
    sh(lab, "docker", "push", "-q", f"{name}/{ORIGIN}")
    sh(lab, "docker", "rmi", f"{name}/{ORIGIN}")
    return name


def sh(lab: Lab, *command: str) -> str:
    done = lab.run(command)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


_PRESENT = """
import sys
from pathlib import Path
from lab.classroom.models import present
from lab.paths import Home
present(Home(Path(sys.argv[1])))
"""
