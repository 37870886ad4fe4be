"""A class with a secret and a teacher's key, and browsers: of the teacher, of learners, of a stranger."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hub.accounts.models import User
from hub.classroom.models import Member
from tests.hub.classroom.klass import KEY, NAMES, SECRET, add, person


@pytest.fixture(autouse=True)
def _class(settings: Settings) -> None:
    settings.HUB_CLASS_SECRET = SECRET
    settings.HUB_TEACHER_KEY = KEY


@pytest.fixture
def teacher(db: None) -> Client:
    """A browser that the teacher's key was brought to."""
    client = Client()
    answer = client.get("/turma/placar", {"chave": KEY})
    assert answer.status_code == 302
    return client


@pytest.fixture
def three(db: None) -> list[Member]:
    """Ana has an account of the hub, from the list; Bia has one that the hub does not know; Caio has none."""
    ids = ("ana2026", "biatriz", "")
    keys = ("a", "b", "c")
    return add(
        *(
            person(key, name, email=f"{key}@escola.br", id_number=f"00{key}", docker_id=docker_id)
            for key, name, docker_id in zip(keys, NAMES, ids, strict=True)
        )
    )


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def signed_in() -> Any:
    return browser_of
