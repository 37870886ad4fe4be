"""What a token service grants, asked without a push: on a small hub, and on answers of other kinds."""

import asyncio
import base64
import json
from typing import Any

import pytest

from checks.auth import Challenge, Credential, WebAnswer, WebRequest
from checks.errors import LoginRefused, RegistryUnreachable, StrangeAnswer
from checks.grants import ask_for_grant
from checks.image import Grant
from checks.reference import parse
from checks.signer import drive
from tests.checks.conftest import ANA, FakeHub, with_registry

APP = parse("ana/app")
INSUFFICIENT = "access token has insufficient scopes"


def grant(hub: FakeHub, name: str = "ana/app", who: Credential | None = ANA) -> Grant:
    found: Grant = with_registry(hub.url, lambda registry: registry.grant(parse(name), who))
    return found


def test_the_owner_may_do_all_and_nothing_is_pushed(hub: FakeHub) -> None:
    assert grant(hub) == Grant(APP, frozenset({"pull", "push", "delete"}))
    assert hub.asked == ["GET /v2/", "GET /token"]


def test_a_stranger_may_do_nothing(hub: FakeHub) -> None:
    assert grant(hub, "bia/app").actions == frozenset()
    assert grant(hub, who=None).actions == frozenset()


def test_less_may_be_granted_than_was_asked(hub: FakeHub) -> None:
    hub.rights["ana"] = "pull,push"
    assert grant(hub) == Grant(APP, frozenset({"pull", "push"}))


def test_a_refusal_in_words_is_kept_and_less_is_asked(hub: FakeHub) -> None:
    hub.refuses_push, hub.rights["ana"] = INSUFFICIENT, "pull"
    assert grant(hub) == Grant(APP, frozenset({"pull"}), INSUFFICIENT)


def test_a_login_that_is_not_accepted_is_no_grant(hub: FakeHub) -> None:
    with pytest.raises(LoginRefused) as caught:
        grant(hub, who=Credential("ana", "errada"))
    assert caught.value.answer == "incorrect username or password"


def test_the_login_of_docker_hub_goes_nowhere_else(hub: FakeHub) -> None:
    with pytest.raises(RegistryUnreachable):
        grant(hub, "localhost:1/ana/app")
    assert not hub.asked


# Answers of other kinds


def token(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{payload}.x"


def answered(text: str) -> Grant:
    async def send(request: WebRequest) -> WebAnswer:
        return WebAnswer(200, {}, json.dumps({"token": text}).encode())

    challenge = Challenge("https://auth.docker.io/token", "registry.docker.io")
    return asyncio.run(drive(ask_for_grant("https://registry-1.docker.io", challenge, APP, ANA), send))


@pytest.mark.parametrize(
    ("access", "actions"),
    [
        (None, set()),
        ([], set()),
        ([{"type": "repository", "name": "ana/app", "actions": None}], set()),
        ([{"type": "repository", "name": "ana/outro", "actions": ["pull"]}], set()),
        ([{"name": "ana/app", "actions": ["pull", 3]}, "x"], {"pull"}),
    ],
)
def test_what_a_token_says_is_read_with_care(access: Any, actions: set[str]) -> None:
    assert answered(token({"access": access})).actions == actions


def test_a_token_without_the_claim_grants_nothing() -> None:
    assert answered(token({"sub": "ana"})).actions == frozenset()


@pytest.mark.parametrize("text", ["opaco", "a.b", "a.%%%.c", token([]), token({"access": "tudo"})])
def test_a_token_that_cannot_be_read_is_no_answer(text: str) -> None:
    with pytest.raises(StrangeAnswer):
        answered(text)
