"""The forms that a proof fills in for the learner, sent to a small hub that keeps what it is told."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from lab.author import hub_form
from lab.author.errors import NoLab
from lab.author.hub_form import create_repository, create_token

PASSWORD, TOKEN = "uma senha longa", "um token"
ACCESS_TOKEN = "um token de acesso"


class SmallHub(ThreadingHTTPServer):
    """Knows ana's password, keeps her repositories, and has no place for the same name twice."""

    repositories: dict[str, Any]
    tokens: list[dict[str, Any]]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.repositories, self.tokens = {}, []

    def answer(self, path: str, bearer: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if path == "/v2/auth/token":
            good = body == {"identifier": "ana", "secret": PASSWORD}
            return (200, {"access_token": TOKEN}) if good else (401, {"detail": "senha incorreta"})
        if bearer != f"Bearer {TOKEN}":
            return 403, {"detail": "não é seu"}
        if path == "/v2/access-tokens":
            self.tokens.append(body)
            return 201, {**body, "token": ACCESS_TOKEN}
        name = f"ana/{body['name']}"
        if path != "/v2/namespaces/ana/repositories":
            return 403, {"detail": "não é seu"}
        if name in self.repositories:
            return 400, {"text": f"Já existe o repositório {name}."}
        self.repositories[name] = body
        return 201, body


class Answer(BaseHTTPRequestHandler):
    server: SmallHub

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, answer = self.server.answer(self.path, self.headers.get("Authorization", ""), body)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(answer, ensure_ascii=False).encode())

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHub]:
    with SmallHub() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        monkeypatch.setattr(hub_form, "DOCKER_HUB", f"http://127.0.0.1:{server.server_port}")
        yield server
        server.shutdown()


def test_the_repository_is_public_and_described(hub: SmallHub) -> None:
    create_repository("ana", PASSWORD, "docker-is-cool", "Diz olá")
    made = hub.repositories["ana/docker-is-cool"]
    assert (made["is_private"], made["description"]) == (False, "Diz olá")


def test_the_repository_is_private_when_asked(hub: SmallHub) -> None:
    create_repository("ana", PASSWORD, "diario", "Só do grupo", private=True)
    assert hub.repositories["ana/diario"]["is_private"] is True


def test_a_token_is_made_with_one_permission_and_given_back(hub: SmallHub) -> None:
    assert create_token("ana", PASSWORD, "notebook", "repo:write") == ACCESS_TOKEN
    assert hub.tokens == [{"token_label": "notebook", "scopes": ["repo:write"]}]


def test_a_refusal_is_told_in_the_words_of_the_hub(hub: SmallHub) -> None:
    create_repository("ana", PASSWORD, "docker-is-cool", "Diz olá")
    with pytest.raises(NoLab, match=r"(?s)criar o repositório docker-is-cool.*Já existe o repositório ana"):
        create_repository("ana", PASSWORD, "docker-is-cool", "De novo")


def test_a_wrong_password_never_appears_in_what_is_told(hub: SmallHub) -> None:
    with pytest.raises(NoLab, match="senha incorreta") as told:
        create_repository("ana", "outra senha longa", "docker-is-cool", "Diz olá")
    assert "outra senha longa" not in str(told.value)
    assert hub.repositories == {}


def test_a_hub_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_form, "DOCKER_HUB", "http://127.0.0.1:1")
    with pytest.raises(NoLab, match="entrar na página do Docker Hub"):
        create_repository("ana", PASSWORD, "docker-is-cool", "Diz olá")
