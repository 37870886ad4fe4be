"""The token handshake, driven by hand: no socket, no event loop."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from checks.auth import (
    Challenge,
    Credential,
    Token,
    Tokens,
    WebAnswer,
    WebRequest,
    ask_for_token,
    challenge_of,
    same_house,
    with_token,
)
from checks.errors import LoginRefused, StrangeAnswer

SCOPE = "repository:ana/app:pull"
REQUEST = WebRequest("HEAD", "https://registry-1.docker.io/v2/ana/app/manifests/latest")
REALM = "https://auth.docker.io/token"
ANA = Credential("ana", "segredo")


def token(value: Any = "abc", **more: Any) -> WebAnswer:
    return WebAnswer(200, body=json.dumps({"token": value, **more}).encode())


def drive(
    answer: WebAnswer, credential: Credential | None = ANA, realm: str = REALM, *scopes: str
) -> tuple[WebRequest, Token]:
    """Feeds the answer; returns what was asked and the token that came of it."""
    flow = ask_for_token(REQUEST.url, Challenge(realm, "registry.docker.io"), scopes or (SCOPE,), credential)
    asked = next(flow)
    with pytest.raises(StopIteration) as done:
        flow.send(answer)
    return asked, done.value.value


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("status", "header", "found"),
    [
        (401, f'Bearer realm="{REALM}",service="x"', Challenge(REALM, "x")),
        (401, f'bearer service="x", realm="{REALM}"', Challenge(REALM, "x")),
        (401, f'Bearer realm="{REALM}"', Challenge(REALM, "")),
        (401, 'Bearer service="x"', None),
        (401, 'Basic realm="x"', None),
        (401, "", None),
        (403, f'Bearer realm="{REALM}"', None),
        (200, "", None),
    ],
)
def test_a_challenge_is_read_from_a_401_alone(status: int, header: str, found: Challenge | None) -> None:
    assert challenge_of(WebAnswer(status, {"www-authenticate": header})) == found


def test_a_challenge_is_answered_with_a_token() -> None:
    asked, given = drive(token(expires_in=300))
    where = urlsplit(asked.url)
    assert (where.netloc, where.path) == ("auth.docker.io", "/token")
    assert parse_qs(where.query) == {
        "service": ["registry.docker.io"],
        "scope": [SCOPE],
        "account": ["ana"],
    }
    assert asked.headers["Authorization"] == ANA.basic == "Basic YW5hOnNlZ3JlZG8="
    assert given == Token("abc", 300.0)
    assert with_token(REQUEST, given.text).headers["Authorization"] == "Bearer abc"
    assert with_token(REQUEST, None) == REQUEST


def test_one_question_asks_for_several_repositories() -> None:
    scopes = [SCOPE, "repository:bia/app:pull"]
    asked, _ = drive(token(), ANA, REALM, *scopes)
    assert parse_qs(urlsplit(asked.url).query)["scope"] == scopes


def test_a_stranger_asks_without_a_password() -> None:
    asked, _ = drive(token(), None)
    assert "Authorization" not in asked.headers
    assert "account" not in asked.url


@pytest.mark.parametrize("life", [{}, {"expires_in": 1}, {"expires_in": "x"}, {"expires_in": -5}])
def test_a_token_lives_a_minute_at_least(life: Mapping[str, Any]) -> None:
    clock = Clock()
    tokens = Tokens(clock)
    tokens.put(SCOPE, drive(token(**life))[1])
    clock.now = 49
    assert tokens.get(SCOPE) == "abc"
    clock.now = 51
    assert tokens.get(SCOPE) is None


def test_a_token_of_one_scope_is_not_used_for_another() -> None:
    tokens = Tokens()
    tokens.put(SCOPE, Token("abc", 300))
    assert tokens.get("repository:ana/other:pull") is None
    tokens.forget(SCOPE)
    assert tokens.get(SCOPE) is None


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_password_says_to_log_in_again(status: int) -> None:
    with pytest.raises(LoginRefused, match="docker login -u ana"):
        drive(WebAnswer(status))


@pytest.mark.parametrize(
    "answer",
    [
        WebAnswer(200, body=b"<html>oi</html>"),
        WebAnswer(200, body=b"[" * 100_000),
        WebAnswer(200, body=b"[]"),
        WebAnswer(200, body=b"{}"),
        WebAnswer(404),
        token(3),
        token("a\r\nX-Evil: 1"),
        token("ção"),
    ],
)
def test_an_answer_without_a_usable_token_is_strange(answer: WebAnswer) -> None:
    with pytest.raises(StrangeAnswer):
        drive(answer)


def test_the_password_is_not_sent_wherever_a_registry_points() -> None:
    with pytest.raises(StrangeAnswer):
        drive(token(), ANA, "https://evil.example/token")


@pytest.mark.parametrize(
    ("realm", "trusted"),
    [
        ("https://auth.docker.io/token", True),
        ("https://registry-1.docker.io/token", True),
        ("https://docker.io/token", True),
        ("http://auth.docker.io/token", False),
        ("https://auth.docker.io.evil.example/token", False),
        ("https://evildocker.io/token", False),
        ("https://127.0.0.1/token", False),
        ("//auth.docker.io/token", False),
        ("https://[/token", False),
    ],
)
def test_which_token_service_belongs_to_docker_hub(realm: str, trusted: bool) -> None:
    assert same_house(REQUEST.url, realm) is trusted


def test_secrets_never_show() -> None:
    asked, given = drive(token("xyz"))
    assert "segredo" not in repr(ANA)
    assert "Basic" not in repr(asked)
    assert "xyz" not in repr(given)
    assert "Bearer" not in repr(with_token(REQUEST, "xyz"))
