"""The token handshake, driven by hand: no socket, no event loop."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from checks.auth import Credential, Flow, Tokens, WebAnswer, WebRequest, same_house, signed
from checks.errors import LoginRefused, StrangeAnswer

SCOPE = "repository:ana/app:pull"
REQUEST = WebRequest("HEAD", "https://registry-1.docker.io/v2/ana/app/manifests/latest")
ANA = Credential("ana", "segredo")
OK = WebAnswer(200)


def challenge(realm: str = "https://auth.docker.io/token") -> WebAnswer:
    return WebAnswer(401, {"www-authenticate": f'Bearer realm="{realm}",service="registry.docker.io"'})


def token(value: Any = "abc", **more: Any) -> WebAnswer:
    return WebAnswer(200, body=json.dumps({"token": value, **more}).encode())


def drive(flow: Flow, *answers: WebAnswer) -> tuple[list[WebRequest], WebAnswer | None]:
    """Feeds the answers; returns what was asked and the outcome, if the flow came to one."""
    asked = [next(flow)]
    for answer in answers:
        try:
            asked.append(flow.send(answer))
        except StopIteration as done:
            return asked, done.value
    return asked, None


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_challenge_is_answered_with_a_token() -> None:
    asked, outcome = drive(signed(REQUEST, SCOPE, Tokens(ANA)), challenge(), token(), OK)
    assert outcome == OK
    realm = urlsplit(asked[1].url)
    assert (realm.netloc, realm.path) == ("auth.docker.io", "/token")
    assert parse_qs(realm.query) == {
        "service": ["registry.docker.io"],
        "scope": [SCOPE],
        "account": ["ana"],
    }
    assert asked[1].headers["Authorization"] == ANA.basic == "Basic YW5hOnNlZ3JlZG8="
    assert asked[2].headers["Authorization"] == "Bearer abc"


def test_a_stranger_asks_without_a_password() -> None:
    asked, _ = drive(signed(REQUEST, SCOPE, Tokens()), challenge(), token(), OK)
    assert "Authorization" not in asked[1].headers
    assert "account" not in asked[1].url


def test_no_challenge_no_handshake() -> None:
    asked, outcome = drive(signed(REQUEST, SCOPE, Tokens()), OK)
    assert (asked, outcome) == ([REQUEST], OK)


def test_a_token_is_used_again_until_it_expires() -> None:
    clock = Clock()
    tokens = Tokens(clock=clock)
    drive(signed(REQUEST, SCOPE, tokens), challenge(), token(expires_in=300), OK)
    asked, _ = drive(signed(REQUEST, SCOPE, tokens), OK)
    assert asked[0].headers["Authorization"] == "Bearer abc"
    clock.now = 299
    asked, _ = drive(signed(REQUEST, SCOPE, tokens), OK)
    assert "Authorization" not in asked[0].headers


@pytest.mark.parametrize("life", [{}, {"expires_in": 1}, {"expires_in": "x"}, {"expires_in": -5}])
def test_a_token_lives_a_minute_at_least(life: Mapping[str, Any]) -> None:
    clock = Clock()
    tokens = Tokens(clock=clock)
    drive(signed(REQUEST, SCOPE, tokens), challenge(), token(**life), OK)
    clock.now = 49
    assert tokens.get(SCOPE) == "abc"
    clock.now = 51
    assert tokens.get(SCOPE) is None


def test_a_token_of_one_scope_is_not_used_for_another() -> None:
    tokens = Tokens()
    tokens.put(SCOPE, "abc", 300)
    assert tokens.get("repository:ana/other:pull") is None


def test_a_token_that_is_refused_is_asked_for_once_more() -> None:
    tokens = Tokens()
    tokens.put(SCOPE, "old", 300)
    asked, outcome = drive(signed(REQUEST, SCOPE, tokens), challenge(), token("new"), challenge())
    assert len(asked) == 3
    assert outcome is not None
    assert outcome.status == 401


def test_a_refused_password_says_to_log_in_again() -> None:
    with pytest.raises(LoginRefused, match="docker login -u ana"):
        drive(signed(REQUEST, SCOPE, Tokens(ANA)), challenge(), WebAnswer(401))


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
        drive(signed(REQUEST, SCOPE, Tokens(ANA)), challenge(), answer)


def test_the_password_is_not_sent_wherever_a_registry_points() -> None:
    with pytest.raises(StrangeAnswer):
        drive(signed(REQUEST, SCOPE, Tokens(ANA)), challenge("https://evil.example/token"))


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
    ],
)
def test_which_token_service_belongs_to_docker_hub(realm: str, trusted: bool) -> None:
    assert same_house(REQUEST.url, realm) is trusted


def test_secrets_never_show() -> None:
    asked, _ = drive(signed(REQUEST, SCOPE, Tokens(ANA)), challenge(), token())
    assert "segredo" not in repr(ANA)
    assert "Bearer" not in repr(asked)
    assert "Basic" not in repr(asked)
