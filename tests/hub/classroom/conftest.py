"""A class with a secret and a teacher's key, and browsers: of the teacher, of learners, of a stranger."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from hub.accounts.models import User
from hub.classroom.models import Member
from tests.certificates import make_certificate
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


class _Nothing(BaseHTTPRequestHandler):
    """A registry that has nothing of what it is asked for."""

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def token_key(settings: Settings, tmp_path: Path) -> None:
    settings.HUB_TOKEN_KEY_FILE = tmp_path / "token.key"
    settings.HUB_TOKEN_CERT_FILE = tmp_path / "token.pem"
    make_certificate(settings.HUB_TOKEN_CERT_FILE, settings.HUB_TOKEN_KEY_FILE)


@pytest.fixture
def empty_registry(token_key: None, settings: Settings) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Nothing)
    settings.HUB_REGISTRY_URL = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()
