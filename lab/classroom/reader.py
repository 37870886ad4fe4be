"""Who reads registry and hub when a class is graded: the practice hub's own grader, or the teacher."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks import login
from checks.auth import Credential
from checks.classroom.person import GRADER
from checks.classroom.session import Way
from lab import state
from lab.addresses import REGISTRY_PORT
from lab.errors import LabDown
from lab.paths import Home


def practice(home: Home, told: Mapping[str, Mapping[str, Any]] | None) -> Way:
    """Straight to the registry, past the door that learners come in by; LabDown where there is none."""
    lab = state.load(home)
    if lab is None or lab.mode != "treino":
        raise LabDown()
    return Way(credential(home), f"http://{lab.registry_address}:{REGISTRY_PORT}", told=told)


def credential(home: Home) -> Credential:
    return Credential(GRADER, state.secret(home, "grader"))


def real() -> Way:
    """With the teacher's own login if there is one: Docker Hub gives twice as much to who signs in."""
    return Way(login.stored_credential())
