"""/v2/access-tokens and signing in to the API with one: shapes, permissions, and what no token may do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import Entry
from hub.repositories.models import Repository
from hub.tokens.models import AccessToken
from tests.facts import schemas
from tests.hub.meanwhile import just_before

PASSWORD = "barco-de-papel"
TOKENS = "/v2/access-tokens"
UPDATE = 'UPDATE "tokens_accesstoken"'
APPS = "/v2/namespaces/ana2026/repositories"


class Program:
    """A program that signed in at /v2/auth/token."""

    def __init__(self, username: str, secret: str, address: str = "/v2/auth/token") -> None:
        self.client = Client()
        names = ("identifier", "secret", "access_token")
        if "login" in address:
            names = ("username", "password", "token")
        asked = {names[0]: username, names[1]: secret}
        self.answer = self.client.post(address, asked, content_type="application/json")
        self._bearer = self.answer.json().get(names[2], "")

    def __call__(self, method: str, address: str, body: object = None) -> Any:
        headers = {"Authorization": f"Bearer {self._bearer}"}
        sent = body if isinstance(body, str) else "" if body is None else json.dumps(body)
        return self.client.generic(method, address, sent, "application/json", headers=headers)

    def token(self, scope: str = "repo:read", **more: object) -> dict[str, Any]:
        asked = {"token_label": "um token", "scopes": [scope], **more}
        made: dict[str, Any] = self("POST", TOKENS, asked).json()
        return made


@pytest.fixture
def program(ana: User) -> Program:
    return Program("ana2026", PASSWORD)


@pytest.fixture
def with_token(program: Program) -> Callable[[str], Program]:
    return lambda scope: Program("ana2026", program.token(scope)["token"])


def test_a_token_is_made_and_shown_once(program: Program, ana: User) -> None:
    until = (timezone.now() + timedelta(days=30)).isoformat()
    asked = {"token_label": "  minha máquina ", "scopes": ["repo:read"], "expires_at": until}
    made = program("POST", TOKENS, asked)
    assert made.status_code == 201
    body = made.json()
    assert body["token"].startswith("dckr_pat_")
    assert (body["token_label"], body["scopes"]) == ("minha máquina", ["repo:read"])
    assert (body["is_active"], body["last_used"], body["creator_ip"]) == (True, None, "127.0.0.1")
    again = program("GET", f"{TOKENS}/{body['uuid']}").json()
    assert again == {**body, "token": ""}
    assert program("GET", TOKENS).json()["results"] == [again]
    assert made["Cache-Control"].find("no-store") >= 0


def test_a_list_has_its_counts_and_pages(program: Program) -> None:
    for _ in range(3):
        program.token()
    AccessToken.objects.filter(pk=AccessToken.objects.all()[0].pk).update(is_active=False)
    body = program("GET", f"{TOKENS}?page_size=2").json()
    assert (body["count"], body["active_count"], len(body["results"])) == (3, 2, 2)
    assert body["previous"] is None
    assert len(program("GET", body["next"]).json()["results"]) == 1
    for page in ("9", "x", "1.5"):
        assert program("GET", f"{TOKENS}?page={page}").status_code == 400


def test_a_token_is_renamed_and_put_out_of_use(program: Program) -> None:
    made = program.token()
    address = f"{TOKENS}/{made['uuid']}"
    assert program("PATCH", address, {"token_label": "outro"}).json()["token_label"] == "outro"
    body = program("PATCH", address, {"is_active": False}).json()
    assert (body["token_label"], body["is_active"], body["token"]) == ("outro", False, "")
    assert "inactive" in Program("ana2026", made["token"]).answer.json()["detail"]
    program("PATCH", address, {"is_active": True})
    assert Program("ana2026", made["token"]).answer.status_code == 200


def test_a_new_name_does_not_undo_that_a_token_was_put_out_of_use(program: Program) -> None:
    address = f"{TOKENS}/{program.token()['uuid']}"
    with just_before(UPDATE, lambda: program("PATCH", address, {"is_active": False})):
        program("PATCH", address, {"token_label": "outro"})
    found = program("GET", address).json()
    assert (found["token_label"], found["is_active"]) == ("outro", False)


@pytest.mark.parametrize("body", [{"token_label": "outro"}, {"is_active": False}])
def test_a_token_deleted_meanwhile_is_not_there(program: Program, body: object) -> None:
    address = f"{TOKENS}/{program.token()['uuid']}"
    with just_before(UPDATE, AccessToken.objects.all().delete):
        answer = program("PATCH", address, body)
    assert (answer.status_code, answer.json()) == (404, program("GET", address).json())


def test_a_change_of_nothing_changes_nothing(program: Program) -> None:
    address = f"{TOKENS}/{program.token()['uuid']}"
    assert program("PATCH", address, {}).json() == program("GET", address).json()


def test_a_token_that_is_deleted_is_gone(program: Program) -> None:
    made = program.token()
    address = f"{TOKENS}/{made['uuid']}"
    assert program("DELETE", address).status_code == 204
    assert program("GET", address).status_code == 404
    assert Program("ana2026", made["token"]).answer.status_code == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("não é json", "body"),
        ("[]", "body"),
        ({"scopes": ["repo:read"]}, "token_label"),
        ({"token_label": "", "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": "   ", "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": "a" * 101, "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": "a\0b", "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": "duas\nlinhas", "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": "\ud800", "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": None, "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": 3, "scopes": ["repo:read"]}, "token_label"),
        ({"token_label": "x"}, "scopes"),
        ({"token_label": "x", "scopes": []}, "scopes"),
        ({"token_label": "x", "scopes": "repo:read"}, "scopes"),
        ({"token_label": "x", "scopes": [1]}, "scopes"),
        ({"token_label": "x", "scopes": ["repo:tudo"]}, "scopes"),
        ({"token_label": "x", "scopes": ["repo:read"], "expires_at": None}, "expires_at"),
        ({"token_label": "x", "scopes": ["repo:read"], "expires_at": "amanhã"}, "expires_at"),
        ({"token_label": "x", "scopes": ["repo:read"], "expires_at": "2030-01-01T00:00:00"}, "expires_at"),
        ({"token_label": "x", "scopes": ["repo:read"], "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"token_label": "x", "scopes": ["repo:read"], "expires_at": "2099-01-01T00:00:00Z"}, "expires_at"),
        (
            {"token_label": "x", "scopes": ["repo:read"], "expires_at": "9999-12-31T23:59:59-12:00"},
            "expires_at",
        ),
        (
            {"token_label": "x", "scopes": ["repo:read"], "expires_at": "0001-01-01T00:00:00+14:00"},
            "expires_at",
        ),
    ],
)
def test_a_token_asked_for_wrongly(program: Program, body: object, field: str) -> None:
    answer = program("POST", TOKENS, body)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("body", [{"token_label": ""}, {"is_active": "não"}, "[]"])
def test_a_change_that_makes_no_sense_changes_nothing(program: Program, body: object) -> None:
    made = program.token()
    assert program("PATCH", f"{TOKENS}/{made['uuid']}", body).status_code == 400
    assert program("GET", f"{TOKENS}/{made['uuid']}").json()["is_active"] is True


def test_one_person_does_not_reach_anothers_tokens(program: Program, bia: User) -> None:
    address = f"{TOKENS}/{program.token()['uuid']}"
    other = Program("bia2026", PASSWORD)
    assert other("GET", TOKENS).json()["count"] == 0
    for method in ("GET", "PATCH", "DELETE"):
        assert other(method, address, {}).status_code == 404
    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize("uuid", [str(uuid4()), "nada", "é"], ids=["unknown", "no uuid", "accent"])
def test_a_token_that_is_not_there(program: Program, uuid: str) -> None:
    assert program("GET", f"{TOKENS}/{uuid}").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_strangers_have_no_tokens(db: None, method: str) -> None:
    answer = Client().generic(method, TOKENS)
    assert answer.status_code == 401
    assert set(answer.json()) >= {"detail", "message"}


def test_no_token_makes_or_ends_another(with_token: Callable[[str], Program]) -> None:
    """In the real hub's words."""
    answer = with_token("repo:admin")("GET", TOKENS)
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("token issued from personal access token is not allowed")


@pytest.mark.parametrize("address", ["/v2/auth/token", "/v2/users/login", "/v2/users/login/"])
def test_both_addresses_take_a_password_or_a_token(program: Program, address: str) -> None:
    secret = program.token()["token"]
    for good in (PASSWORD, secret):
        assert Program("ana2026", good, address)("GET", APPS).status_code == 200
    wrong = Program("ana2026", "errada", address).answer
    assert wrong.status_code == 401
    assert wrong.json()["detail"]


def test_the_older_address_refuses_in_the_documented_words(ana: User) -> None:
    wrong = Program("ana2026", "errada", "/v2/users/login").answer
    assert wrong.json()["detail"] == "Incorrect authentication credentials"


@pytest.mark.parametrize(("scope", "seen"), [("repo:public_read", 1), ("repo:read", 2), ("repo:admin", 2)])
def test_a_token_for_what_is_public_sees_no_private_repository(
    with_token: Callable[[str], Program], ana: User, scope: str, seen: int
) -> None:
    Repository.objects.create(namespace="ana2026", name="app", owner=ana)
    Repository.objects.create(namespace="ana2026", name="segredo", owner=ana, is_private=True)
    program = with_token(scope)
    assert program("GET", APPS).json()["count"] == seen
    assert program("GET", f"{APPS}/segredo").status_code == (200 if seen == 2 else 404)


def test_what_was_got_with_the_password_dies_with_it(program: Program, ana: User) -> None:
    with_token = Program("ana2026", program.token()["token"])
    ana.set_password("outra-senha-boa")
    ana.save()
    assert program("GET", TOKENS).status_code == 401
    assert with_token("GET", APPS).status_code == 200


def test_what_was_done_is_written_down(program: Program, ana: User) -> None:
    address = f"{TOKENS}/{program.token()['uuid']}"
    for change in ({"token_label": "outro"}, {"is_active": False}, {"is_active": False}, {"is_active": True}):
        program("PATCH", address, change)
    program("DELETE", address)
    written = Entry.objects.filter(person=ana, action__startswith="token").order_by("pk")
    assert [(one.action, one.subject) for one in written] == [
        ("token_made", "um token"),
        ("token_switched_off", "outro"),
        ("token_switched_on", "outro"),
        ("token_revoked", "outro"),
    ]


def test_what_was_got_with_a_token_dies_with_it(program: Program) -> None:
    made = program.token()
    other = Program("ana2026", made["token"])
    assert other("GET", APPS).status_code == 200
    program("PATCH", f"{TOKENS}/{made['uuid']}", {"is_active": False})
    assert other("GET", APPS).status_code == 401
    program("DELETE", f"{TOKENS}/{made['uuid']}")
    assert other("GET", APPS).status_code == 401


def test_every_documented_key_is_there(program: Program) -> None:
    documented = schemas()
    until = (timezone.now() + timedelta(days=30)).isoformat()
    assert program.token(expires_at=until).keys() == documented["accessToken"]["properties"].keys()
    assert "expires_at" not in program.token()
    assert program("GET", TOKENS).json().keys() == documented["getAccessTokensResponse"]["properties"].keys()
