"""With what somebody signed in, and what their token may do: by tables of facts, and by cases."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from checks import cases
from checks.errors import BadUnit, LoginRefused
from checks.image import Grant, GrantRequest, Login, LoginRequest, SignedWith
from checks.outcome import Outcome
from checks.reference import parse
from checks.rules import RULES, Verdict

APP = parse("ana/app")
ANA, NOBODY = Login("ana", SignedWith.TOKEN), Login(None)
BY_PASSWORD, UNKNOWN = Login("ana", SignedWith.PASSWORD), Login("ana")


def token_scope(scope: str, *actions: str, login: Login = ANA) -> Verdict:
    return RULES["token_scope"].judge(Grant(APP, frozenset(actions)), login, scope)


@pytest.mark.parametrize(
    ("login", "outcome", "words"),
    [
        (ANA, Outcome.PASSED, "com um token de acesso"),
        (BY_PASSWORD, Outcome.FAILED, "com a senha da conta"),
        (UNKNOWN, Outcome.UNVERIFIABLE, "não deu para saber"),
        (NOBODY, Outcome.NOT_ATTEMPTED, "Ninguém entrou"),
    ],
)
def test_a_token_is_asked_for_and_not_a_password(login: Login, outcome: Outcome, words: str) -> None:
    for verdict in (RULES["token_used"].judge(login), token_scope("read", "pull", login=login)):
        assert verdict.outcome is outcome
        if outcome is not Outcome.PASSED:
            assert words in verdict.message
            assert "`docker login -u " in verdict.message


@pytest.mark.parametrize(
    ("scope", "actions", "outcome", "words"),
    [
        ("read", ["pull"], Outcome.PASSED, "Repo Read-only"),
        ("write", ["pull", "push"], Outcome.PASSED, "Repo Read & Write"),
        ("delete", ["pull", "push", "delete"], Outcome.PASSED, "Repo Read, Write, Delete"),
        ("read", ["pull", "push"], Outcome.FAILED, "permite mais"),
        ("write", ["pull"], Outcome.FAILED, "permite menos"),
        ("delete", ["pull", "push"], Outcome.FAILED, "permite menos"),
        ("read", [], Outcome.FAILED, "não dá acesso a `ana/app`"),
    ],
)
def test_the_permission_is_the_one_asked_for(
    scope: str, actions: list[str], outcome: Outcome, words: str
) -> None:
    verdict = token_scope(scope, *actions)
    assert verdict.outcome is outcome
    assert words in verdict.message


# The same of a case


def fetch(folder: Path, world: dict[str, Any], request: Any) -> Any:
    path = folder / "falha-assim.json"
    path.write_text(json.dumps({"learner": "ana", **world}), encoding="utf-8")
    return asyncio.run(cases.load(path).fetch(request))


@pytest.mark.parametrize(
    ("world", "login", "actions", "refusal"),
    [
        ({}, BY_PASSWORD, {"pull", "push", "delete"}, ""),
        ({"token_scope": "delete"}, ANA, {"pull", "push", "delete"}, ""),
        ({"token_scope": "write"}, ANA, {"pull", "push"}, ""),
        ({"token_scope": "read"}, ANA, {"pull"}, "insufficient scopes"),
        ({"token_scope": "public_read"}, ANA, set(), "insufficient scopes"),
        ({"private_quota_full": True}, BY_PASSWORD, {"pull"}, "private repository limit"),
        ({"login": None}, NOBODY, set(), ""),
        ({"login": "bia", "token_scope": "write"}, Login("bia", SignedWith.TOKEN), set(), ""),
    ],
)
def test_a_case_says_what_a_login_may_do(
    tmp_path: Path, world: dict[str, Any], login: Login, actions: set[str], refusal: str
) -> None:
    assert fetch(tmp_path, world, LoginRequest()) == login
    grant = fetch(tmp_path, world, GrantRequest(APP))
    assert grant.actions == actions
    assert refusal in grant.refusal


def test_what_is_there_needs_no_place_in_the_quota(tmp_path: Path) -> None:
    world = {"private_quota_full": True, "repositories": {"ana/app": {"private": True}}}
    assert "push" in fetch(tmp_path, world, GrantRequest(APP)).actions


def test_what_is_public_is_read_with_any_token(tmp_path: Path) -> None:
    image = {"platform": "linux/amd64", "diff_ids": ["sha256:" + "a" * 64]}
    world = {"images": {"app": image}, "registry": {"ana/app:latest": {"image": "app"}}}
    for token in ("public_read", "read"):
        assert fetch(tmp_path, {**world, "token_scope": token}, GrantRequest(APP)).actions == {"pull"}


def test_a_refused_token_is_no_grant(tmp_path: Path) -> None:
    with pytest.raises(LoginRefused) as caught:
        fetch(tmp_path, {"token_scope": "write", "login_refused": True}, GrantRequest(APP))
    assert caught.value.is_token


def test_a_slip_in_the_scope_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadUnit, match="token_scope"):
        fetch(tmp_path, {"token_scope": "escrever"}, LoginRequest())
