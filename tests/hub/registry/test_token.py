"""The token service: who gets which rights, in which shape, and what docker shows when it is refused."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
from cryptography import x509
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from hub.accounts.attempts import MOST_WRONG
from hub.accounts.models import User
from hub.registry.client import RegistryClient
from hub.registry.limits import OF_A_PERSON
from hub.registry.models import ExpectedRepository
from hub.registry.scope import MOST_SCOPES, parse_scope, parse_scopes
from hub.registry.tokens import REFUSED
from hub.repositories.models import Repository
from hub.tokens.models import AccessToken
from hub.tokens.scopes import Scope

PASSWORD = "senha-de-treino"
OWN = "repository:ana/app:pull,push"


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_confirmed("ana", "ana@exemplo.com", PASSWORD)


@pytest.fixture
def bia(db: None) -> User:
    return User.objects.create_confirmed("bia", "bia@exemplo.com", PASSWORD)


def basic(username: str, password: str = PASSWORD) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


@dataclass(frozen=True)
class Docker:
    """Asks for tokens as the classic store does (GET, Basic)."""

    client: Client

    def ask(self, *scopes: str, username: str = "", password: str = PASSWORD) -> Any:
        query: dict[str, Any] = {"service": "registry.docker.io", "scope": scopes}
        headers = {"Authorization": basic(username, password)} if username else {}
        return self.client.get("/token", query, headers=headers)

    def rights(self, *scopes: str, username: str = "") -> dict[str, set[str]]:
        claims = read(self.ask(*scopes, username=username).json()["token"])
        return {entry["name"]: set(entry["actions"]) for entry in claims["access"]}


@pytest.fixture
def docker(client: Client) -> Docker:
    return Docker(client)


def read(token: str) -> dict[str, Any]:
    """Checks the token as a registry does: by the certificate in its own header."""
    der = base64.b64decode(jwt.get_unverified_header(token)["x5c"][0])
    key: Any = x509.load_der_x509_certificate(der).public_key()
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["ES256"], audience="registry.docker.io", issuer="auth.docker.io"
    )
    return claims


def test_the_token_is_what_a_registry_expects(docker: Docker, ana: User) -> None:
    answer = docker.ask(OWN, username="ana")
    body = answer.json()
    claims = read(body["token"])
    assert body["access_token"] == body["token"]
    assert body["expires_in"] == claims["exp"] - claims["nbf"] == 240
    assert body["issued_at"].endswith("Z")
    assert (claims["sub"], claims["aud"]) == ("ana", "registry.docker.io")
    assert claims["access"] == [{"type": "repository", "name": "ana/app", "actions": ["pull", "push"]}]
    assert "refresh_token" not in body
    assert "no-store" in answer["Cache-Control"]


def test_two_tokens_have_two_ids(docker: Docker, ana: User) -> None:
    ids = {read(docker.ask(OWN, username="ana").json()["token"])["jti"] for _ in range(2)}
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("scope", "granted"),
    [
        ("repository:ana/app:pull,push", {"ana/app": {"pull", "push"}}),
        ("repository:ana/novo:pull,push", {"ana/novo": {"pull", "push"}}),
        ("repository:ana/app:delete", {"ana/app": {"delete"}}),
        ("repository:ana/app:*", {}),
        ("repository:bia/publico:pull,push,delete", {"bia/publico": {"pull"}}),
        ("repository:bia/publico:push", {}),
        ("repository:bia/secreto:pull", {}),
        ("repository:bia/naoexiste:pull", {}),
        ("repository:library/alpine:pull,push", {}),
        ("repository:library/alpine:pull", {}),
        (  # the mount of a layer that an engine has from an image of its own
            "repository:ana/app:pull,push repository:library/docker-is-cool:pull",
            {"ana/app": {"pull", "push"}, "library/docker-is-cool": {"pull"}},
        ),
        ("repository:ana/app:pull repository:library/docker-is-cool:pull", {"ana/app": {"pull"}}),
        (
            "repository:ana/app:pull,push repository:library/docker-is-cool:pull,push",
            {"ana/app": {"pull", "push"}},
        ),
        ("registry:catalog:*", {}),
        ("repository(plugin):ana/app:pull", {}),
    ],
)
def test_what_a_person_gets(docker: Docker, ana: User, bia: User, scope: str, granted: object) -> None:
    Repository.objects.create(namespace="bia", name="publico", owner=bia)
    Repository.objects.create(namespace="bia", name="secreto", owner=bia, is_private=True)
    assert docker.rights(scope, username="ana") == granted


def test_anyone_pulls_what_is_public_and_nothing_else(docker: Docker, ana: User) -> None:
    Repository.objects.create(namespace="ana", name="app")
    Repository.objects.create(namespace="ana", name="secreto", is_private=True)
    scopes = ("repository:ana/app:pull,push", "repository:ana/secreto:pull")
    assert docker.rights(*scopes) == {"ana/app": {"pull"}}


def test_the_owner_pulls_what_is_private(docker: Docker, ana: User) -> None:
    Repository.objects.create(namespace="ana", name="secreto", is_private=True)
    scope = "repository:ana/secreto:pull"
    assert docker.rights(scope, username="ana") == {"ana/secreto": {"pull"}}


def test_several_scopes_in_one_request(docker: Docker, client: Client, ana: User) -> None:
    """A push that mounts a layer of another repository asks for both."""
    Repository.objects.create(namespace="ana", name="base")
    wanted = ("repository:ana/app:pull,push", "repository:ana/base:pull")
    granted = {"ana/app": {"pull", "push"}, "ana/base": {"pull"}}
    assert docker.rights(*wanted, username="ana") == granted
    token = form(client, scope=" ".join(wanted)).json()["access_token"]
    assert {e["name"]: set(e["actions"]) for e in read(token)["access"]} == granted


def form(client: Client, **changed: str) -> Any:
    """Asks as the containerd store does."""
    fields = {
        "grant_type": "password",
        "service": "registry.docker.io",
        "client_id": "containerd-client",
        "username": "ana",
        "password": PASSWORD,
        "scope": OWN,
    }
    return client.post("/token", fields | changed)


def test_a_form_that_may_not_push_is_told_at_the_gate_where_there_is_one(
    client: Client, docker: Docker, ana: User, settings: Settings
) -> None:
    """The token says why, and lets nothing be pushed. Who asks by GET is shown the refusal at once."""
    Repository.objects.create(namespace="ana", name="segredo", is_private=True)
    User.objects.update(default_private=True)
    assert form(client).status_code == 403
    settings.HUB_GATE_BINDS = ["127.0.0.1:443"]
    told, reads = read(form(client, scope="repository:ana/app:pull,push,delete").json()["token"])["access"]
    assert (told["type"], told["name"]) == (REFUSED, "ana/app")
    assert told["actions"][0].startswith("private repository limit reached: ")
    assert reads == {"type": "repository", "name": "ana/app", "actions": ["pull", "delete"]}
    assert docker.ask(OWN, username="ana").status_code == 403
    assert not ExpectedRepository.objects.exists()


@pytest.mark.parametrize(("scope", "reads"), [(Scope.READ, ["ana/segredo"]), (Scope.PUBLIC_READ, [])])
def test_a_form_with_a_token_that_only_reads_is_told_so_at_the_gate(
    client: Client, ana: User, settings: Settings, scope: Scope, reads: list[str]
) -> None:
    settings.HUB_GATE_BINDS = ["127.0.0.1:443"]
    Repository.objects.create(namespace="ana", name="segredo", is_private=True)
    _, secret = AccessToken.objects.issue(ana, "leitura", [scope])
    answer = form(client, password=secret, scope="repository:ana/segredo:pull,push")
    told, *others = read(answer.json()["token"])["access"]
    assert told["actions"][0].startswith("access token has insufficient scopes: o token «leitura»")
    assert [one["name"] for one in others if one["actions"] == ["pull"]] == reads


def test_a_form_with_a_wrong_password_is_refused(client: Client, ana: User) -> None:
    assert form(client, password="outra-senha-qualquer").status_code == 401
    assert form(client, username="", password="").status_code == 401


def test_a_form_that_is_no_password_is_a_bad_request(client: Client, ana: User) -> None:
    assert form(client, grant_type="refresh_token").status_code == 400


def test_logging_in_asks_for_no_scope(docker: Docker, ana: User) -> None:
    answer = docker.ask(username="ana")
    assert answer.status_code == 200
    assert read(answer.json()["token"])["access"] == []


@pytest.mark.parametrize("username", ["ana", "ninguem", "ANA", "ana\0", "a" * 300])
def test_wrong_credentials_are_refused_with_one_sentence(docker: Docker, ana: User, username: str) -> None:
    answer = docker.ask(OWN, username=username, password="errada")
    assert answer.status_code == 401
    assert "incorretos" in answer.json()["details"]
    assert answer.json()["errors"][0]["message"] == answer.json()["details"]
    assert "token" not in answer.json()


@pytest.mark.parametrize("username", ["ana@exemplo.com", "ninguem@exemplo.com"])
def test_an_email_is_no_docker_id(docker: Docker, ana: User, username: str) -> None:
    answer = docker.ask(OWN, username=username, password=PASSWORD)
    assert answer.status_code == 401
    assert "use o Docker ID" in answer.json()["details"]


def test_an_account_without_its_code_is_told_so(docker: Docker, db: None) -> None:
    User.objects.create_user("caio", "caio@exemplo.com", PASSWORD)
    answer = docker.ask(username="caio")
    assert answer.status_code == 401
    assert "ainda não foi confirmada" in answer.json()["details"]


@pytest.mark.parametrize("header", ["Basic", "Basic ???", "Basic YW5h", "Bearer x", "Basic /w=="])
def test_a_header_that_makes_no_sense_is_refused(client: Client, db: None, header: str) -> None:
    assert client.get("/token", headers={"Authorization": header}).status_code == 401


def test_guessing_is_answered_with_429_and_when_to_come_back(docker: Docker, ana: User) -> None:
    for number in range(MOST_WRONG):
        assert docker.ask(username="ana", password=f"chute-numero-{number}").status_code == 401
    answer = docker.ask(username="ana")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 300
    assert answer.json()["errors"][0]["code"] == "TOOMANYREQUESTS"
    assert "Espere 5 minutos" in answer.json()["details"]
    assert docker.ask(OWN).status_code == 200  # anyone still pulls


def test_who_is_signed_in_is_not_stopped_by_guesses(docker: Docker, ana: User) -> None:
    assert docker.ask(username="ana").status_code == 200
    for number in range(MOST_WRONG):
        docker.ask(username="ana", password=f"chute-numero-{number}")
    assert docker.ask(username="ana").status_code == 200


def test_one_address_may_not_ask_without_end(docker: Docker, ana: User, settings: Settings) -> None:
    settings.HUB_PEOPLE_PER_ADDRESS = 2
    answers = [docker.ask(OWN) for _ in range(2 * OF_A_PERSON + 1)]
    assert [answer.status_code == 429 for answer in answers] == [False] * (2 * OF_A_PERSON) + [True]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert answers[-1].json()["errors"][0]["code"] == "TOOMANYREQUESTS"
    assert docker.ask(username="ana").status_code == 429
    elsewhere = docker.client.get("/token", {"service": "registry.docker.io"}, REMOTE_ADDR="10.0.0.9")
    assert elsewhere.status_code == 200


def test_one_request_searches_the_registry_for_a_few_names(
    docker: Docker, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(RegistryClient, "tags", lambda self, path: asked.append(path))
    Repository.objects.create(namespace="ana", name="app")
    unknown = [f"repository:ana/nada{number}:pull" for number in range(MOST_SCOPES - 1)]
    assert docker.rights(*unknown, "repository:ana/app:pull") == {"ana/app": {"pull"}}
    assert asked == [f"ana/nada{number}" for number in range(4)]


def test_private_and_not_there_ask_the_registry_alike(
    docker: Docker, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the time of the answer would tell which private repositories there are."""
    asked: list[str] = []

    def tags(self: RegistryClient, path: str) -> list[str] | None:
        asked.append(path)
        return ["v1"] if path == "ana/secreto" else None

    monkeypatch.setattr(RegistryClient, "tags", tags)
    Repository.objects.create(namespace="ana", name="secreto", is_private=True)
    costs = []
    for name in ("nada", "secreto", "nada"):
        with CaptureQueriesContext(connection) as queries:
            assert docker.rights(f"repository:ana/{name}:pull") == {}
        costs.append(len(queries))
    assert costs[1] == costs[2]
    assert asked == ["ana/nada", "hub-interno/secreto", "ana/nada"]  # the registry finds none of them


def test_a_token_for_another_service_is_not_made(client: Client, db: None) -> None:
    assert client.get("/token", {"service": "registry.example.com"}).status_code == 400


def test_without_a_key_the_message_names_the_variables(client: Client, db: None, settings: Settings) -> None:
    settings.HUB_TOKEN_KEY_FILE = None
    with pytest.raises(Exception, match="HUB_TOKEN_KEY_FILE"):
        client.get("/token")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "repository",
        "repository:ana/app",
        "repository:app:pull",
        "repository:ana/app/extra:pull",
        "repository:Ana/app:pull",
        "repository:ana/../bia:pull",
        "repository:ana/app\n:pull",
        f"repository:ana/{'a' * 252}:pull",
        f"repository:ana/app:{'pull,' * 50}",
    ],
)
def test_a_scope_that_names_nothing_grants_nothing(text: str) -> None:
    assert parse_scope(text) is None


def test_an_endless_list_of_scopes_is_cut(docker: Docker, ana: User) -> None:
    assert len(parse_scopes([OWN] * 1000)) == MOST_SCOPES
