"""What an owner changes through the API, and what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hub.accounts.models import User
from hub.api.bearer import issue
from hub.repositories.life import archive
from hub.repositories.models import Repository, Tag
from hub.tokens.models import AccessToken
from hub.tokens.sign_in import SignedIn
from tests.hub.meanwhile import just_before

APP = "/v2/namespaces/ana2026/repositories/app"
IMMUTABLE, VERIFY = f"{APP}/immutabletags", f"{APP}/immutabletags/verify"
Ask = Callable[..., Any]


@pytest.fixture
def app(ana: User) -> Repository:
    made = Repository.objects.create(namespace="ana2026", name="app", owner=ana)
    for number, tag in enumerate(("latest", "v1", "v2")):
        Tag.objects.create(repository=made, name=tag, digest=f"sha256:{number:064}")
    return made


@pytest.fixture
def ask(ana: User, app: Repository) -> Ask:
    """As the owner, or as whoever `who` is; as nobody when it is None."""

    owner = SignedIn(ana)

    def send(method: str, address: str, body: object = None, who: SignedIn | None = owner) -> Any:
        headers = {"Authorization": f"Bearer {issue(who)}"} if who else {}
        return getattr(Client(), method)(address, body, content_type="application/json", headers=headers)

    return send


def test_tags_are_made_immutable(ask: Ask, app: Repository) -> None:
    body = {"immutable_tags": True, "immutable_tags_rules": ["^v"]}
    told = ask("patch", IMMUTABLE, body).json()
    assert told["immutable_tags_settings"] == {"enabled": True, "rules": ["^v"]}
    assert Client().get(APP).json()["immutable_tags_settings"] == told["immutable_tags_settings"]


def test_a_rule_is_tried_before_it_is_set(ask: Ask, app: Repository) -> None:
    assert ask("post", VERIFY, {"regex": "v.*"}).json() == {"tags": ["v1", "v2"]}
    app.refresh_from_db()
    assert app.immutable_tags is False


@pytest.mark.parametrize(
    ("method", "address", "body", "field"),
    [
        ("patch", IMMUTABLE, {"immutable_tags": True}, "immutable_tags_rules"),
        ("patch", IMMUTABLE, {"immutable_tags": "sim", "immutable_tags_rules": []}, "immutable_tags"),
        ("patch", IMMUTABLE, {"immutable_tags": True, "immutable_tags_rules": ["("]}, "immutable_tags_rules"),
        ("post", VERIFY, {"regex": "("}, "regex"),
        ("post", VERIFY, {}, "regex"),
    ],
)
def test_a_rule_sent_wrongly(ask: Ask, method: str, address: str, body: object, field: str) -> None:
    answer = ask(method, address, body)
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


CHANGES = [
    ("patch", APP, {"description": "nova"}),
    ("patch", IMMUTABLE, {"immutable_tags": True, "immutable_tags_rules": []}),
    ("post", VERIFY, {"regex": "v"}),
    ("delete", f"{APP}/tags/v1", None),
    ("delete", APP, None),
    ("delete", "/v2/repositories/ana2026/app/tags/v1/", None),
    ("delete", "/v2/repositories/ana2026/app/", None),
]


@pytest.mark.parametrize(("method", "address", "body"), CHANGES)
def test_only_the_owner_changes(
    ask: Ask, bia: User, ana: User, method: str, address: str, body: object
) -> None:
    token, _ = AccessToken.objects.issue(ana, "para enviar", ["repo:write"])
    assert ask(method, address, body, None).status_code == 401
    assert ask(method, address, body, SignedIn(bia)).status_code == 403
    refused = ask(method, address, body, SignedIn(ana, token))
    assert (refused.status_code, "insufficient scopes" in refused.json()["message"]) == (403, True)
    assert Tag.objects.count() == 3


@pytest.mark.parametrize(("method", "address", "body"), [*CHANGES[:2], CHANGES[3]])
def test_what_is_archived_stays_as_it_is(
    ask: Ask, app: Repository, method: str, address: str, body: object
) -> None:
    archive(app)
    answer = ask(method, address, body)
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("repository is archived: ")


def test_an_immutable_tag_is_not_deleted(ask: Ask, app: Repository) -> None:
    ask("patch", IMMUTABLE, {"immutable_tags": True, "immutable_tags_rules": []})
    answer = ask("delete", f"{APP}/tags/v1")
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("tag is immutable: ")
    assert Tag.objects.count() == 3


@pytest.mark.parametrize("address", [f"{APP}/tags/v9", f"{APP}x", f"{APP}/tags/-"])
def test_what_is_not_there_is_not_deleted(ask: Ask, address: str) -> None:
    assert ask("delete", address).status_code == 404


UPDATE = 'UPDATE "repositories_repository"'
PRIVACY = ("post", "/v2/repositories/ana2026/app/privacy", {"is_private": True})


@pytest.mark.parametrize(
    ("method", "address", "body", "statement"),
    [*((*change, UPDATE) for change in [*CHANGES[:2], PRIVACY]), (*PRIVACY, "SAVEPOINT")],
)
def test_what_is_deleted_meanwhile_is_not_there(
    ask: Ask, app: Repository, method: str, address: str, body: object, statement: str
) -> None:
    with just_before(statement, Repository.objects.all().delete):
        answer = ask(method, address, body)
    assert (answer.status_code, answer.json()) == (404, ask("get", f"{APP}x").json())


def test_of_two_changes_at_once_none_undoes_the_other(ask: Ask, app: Repository) -> None:
    with just_before(UPDATE, lambda: ask("patch", APP, {"full_description": "# Olá"})):
        ask("patch", APP, {"description": "nova"})
    found = ask("get", APP).json()
    assert (found["description"], found["full_description"]) == ("nova", "# Olá")


def test_the_index_says_that_it_is_a_registry(db: None) -> None:
    """Where podman searches; at the hub's other names it is none."""
    answer = Client().get("/v2/", headers={"Host": "index.docker.io"})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith('Bearer realm="https://auth.docker.io/token"')
    assert Client().get("/v2/").status_code == 404


@pytest.mark.parametrize("path", ["/v2/r/ana2026/app/blobs/uploads/", "/v2/ana2026/app/manifests/v1"])
def test_docker_shows_why_a_page_is_no_registry(db: None, path: str) -> None:
    answer = Client().post(path, headers={"Host": "hub.docker.com"})
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["message"].startswith("hub.docker.com é o endereço das páginas")
