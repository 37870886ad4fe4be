"""People of the practice hub, and a learner who acts in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.cache import caches
from django.test import Client

from hub.accounts.models import User

PASSWORD = "barco-de-papel"


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """No remembered password goes from one test to another; what is counted goes with the database."""
    caches["process"].clear()
    yield
    caches["process"].clear()


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_confirmed("ana2026", "ana@exemplo.com", PASSWORD)


@pytest.fixture
def bia(db: None) -> User:
    return User.objects.create_confirmed("bia2026", "bia@exemplo.com", PASSWORD)


@pytest.fixture
def unconfirmed(db: None) -> User:
    """Signed up, and never typed the code."""
    return User.objects.create_user("caio2026", "caio@exemplo.com", PASSWORD)


@dataclass(frozen=True)
class Page:
    """What a browser shows in the end, after every redirect."""

    path: str
    status: int
    text: str

    def says(self, words: str) -> bool:
        return words in " ".join(self.text.split())


class Learner:
    """Someone with a browser; each verb is one thing done on a page."""

    def __init__(self) -> None:
        self.client = Client()

    def opens(self, path: str) -> Page:
        return self._page(path, self.client.get(path, follow=True))

    def sends(self, path: str, **fields: str) -> Page:
        return self._page(path, self.client.post(path, fields, follow=True))

    def signs_up(
        self, docker_id: str = "ana2026", email: str = "ana@exemplo.com", secret: str = PASSWORD
    ) -> Page:
        return self.sends("/signup", username=docker_id, email=email, password1=secret)

    def signs_in(self, login: str = "ana2026", secret: str = PASSWORD) -> Page:
        return self.sends("/login", login=login, password=secret)

    def types_code(self, code: str) -> Page:
        return self.sends("/conta/codigo/", code=code)

    @property
    def is_in(self) -> bool:
        return "_auth_user_id" in self.client.session

    @staticmethod
    def _page(path: str, response: Any) -> Page:
        chain = response.redirect_chain
        return Page(chain[-1][0] if chain else path, response.status_code, response.content.decode("utf-8"))


@pytest.fixture
def learner(db: None) -> Learner:
    return Learner()


def code_in_last_mail() -> str:
    found = re.search(r"^\d{6}$", str(mail.outbox[-1].body), re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group()


@pytest.fixture
def last_code() -> Any:
    return code_in_last_mail
