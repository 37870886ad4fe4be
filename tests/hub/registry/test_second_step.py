"""With two-factor on: where a password alone is refused, what that says, and the API's second step."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from hub.accounts.models import User
from hub.api import second_step
from hub.audit.actions import Action
from hub.audit.models import Entry
from hub.registry.tokens import LASTS, LIFE
from hub.tokens.models import AccessToken
from tests.facts import schemas
from tests.hub.authenticator import code_for

PASSWORD = "barco-de-papel"
WORDS = "your account must log in with a Personal Access Token (PAT)"


@pytest.fixture
def secret(ana: User) -> str:
    """Ana's account asks for a second step; this is what her app keeps."""
    kept: str = generate_totp_secret()
    TOTP.activate(ana, kept)
    RecoveryCodes.activate(ana)
    return kept


def basic(client: Client, password: str) -> Any:
    pair = base64.b64encode(f"ana2026:{password}".encode()).decode()
    return client.get("/token", {"service": "registry.docker.io"}, headers={"Authorization": f"Basic {pair}"})


def form(client: Client, password: str) -> Any:
    fields = {"grant_type": "password", "username": "ana2026", "password": password}
    return client.post("/token", fields | {"service": "registry.docker.io", "client_id": "docker"})


@pytest.mark.parametrize("ask", [basic, form])
def test_docker_login_refuses_the_password_in_words_and_takes_a_token(
    client: Client, ana: User, secret: str, ask: Callable[[Client, str], Any]
) -> None:
    refused = ask(client, PASSWORD)
    assert refused.status_code == 401
    said = refused.json()
    assert said["details"] == said["errors"][0]["message"]
    assert said["details"].startswith(WORDS)
    assert "docker login -u ana2026" in said["details"]
    assert "/conta/tokens/" in said["details"]
    _, token = AccessToken.objects.issue(ana, "meu notebook", ["repo:read"])
    assert ask(client, token).json()["token"]


@pytest.mark.parametrize("ask", [basic, form])
def test_a_wrong_password_is_told_nothing_of_it(
    client: Client, secret: str, ask: Callable[[Client, str], Any]
) -> None:
    assert WORDS not in ask(client, "errada-errada").json()["details"]


def test_a_password_that_was_remembered_is_refused_from_then_on(client: Client, ana: User) -> None:
    assert basic(client, PASSWORD).status_code == 200
    TOTP.activate(ana, generate_totp_secret())
    assert basic(client, PASSWORD).status_code == 401
    Authenticator.objects.filter(user=ana).delete()
    assert basic(client, PASSWORD).status_code == 200


@pytest.mark.parametrize("change", [{"is_active": False}, None], ids=["inactive", "deleted"])
def test_a_revoked_token_gets_no_new_registry_token(
    client: Client, ana: User, change: dict[str, bool] | None
) -> None:
    token, text = AccessToken.objects.issue(ana, "meu notebook", ["repo:read"])
    assert basic(client, text).status_code == 200
    if change is None:
        token.delete()
    else:
        AccessToken.objects.filter(pk=token.pk).update(**change)
    assert basic(client, text).status_code == 401
    assert form(client, text).status_code == 401


def test_what_docker_holds_already_lives_from_one_to_five_minutes(client: Client, ana: User) -> None:
    """The range of the documentation of a registry's token service; the registry adds a minute to it."""
    assert 60 <= LIFE.total_seconds() <= LASTS.total_seconds() <= 300
    assert basic(client, PASSWORD).json()["expires_in"] == LIFE.total_seconds()
    client.force_login(ana)
    AccessToken.objects.issue(ana, "meu notebook", ["repo:read"])
    page = client.get("/conta/tokens/").content.decode()
    assert "por até 5 minutos" in page


def test_the_api_refuses_the_password_in_words(client: Client, secret: str) -> None:
    asked = {"identifier": "ana2026", "secret": PASSWORD}
    answer = client.post("/v2/auth/token", asked, content_type="application/json")
    assert answer.status_code == 401
    assert answer.json()["message"].startswith(WORDS)


def first_step(client: Client, password: str = PASSWORD) -> Any:
    asked = {"username": "ana2026", "password": password}
    return client.post("/v2/users/login", asked, content_type="application/json")


def second(client: Client, token: object, code: object) -> Any:
    asked = {"login_2fa_token": token, "code": code}
    return client.post("/v2/users/2fa-login", asked, content_type="application/json")


def test_the_second_step_gives_a_token_that_works(client: Client, ana: User, secret: str) -> None:
    first = first_step(client)
    assert first.status_code == 401
    answer = second(client, first.json()["login_2fa_token"], code_for(secret))
    assert answer.status_code == 200
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert client.get("/v2/access-tokens", headers=headers).status_code == 200
    assert not answer.cookies, "a program gets no browser's session"
    assert Entry.objects.filter(person=ana, action=Action.SIGNED_IN).exists()


def test_answers_have_the_documented_keys(client: Client, secret: str) -> None:
    documented = schemas()
    first = first_step(client).json()
    assert set(first) == set(documented["PostUsersLoginErrorResponse"]["properties"])
    right = second(client, first["login_2fa_token"], code_for(secret)).json()
    assert set(right) == set(documented["PostUsersLoginSuccessResponse"]["properties"])
    wrong = second(client, first["login_2fa_token"], "000000").json()
    assert set(documented["PostUsers2FALoginErrorResponse"]["properties"]) <= set(wrong)


def test_a_wrong_password_brings_no_second_step(client: Client, secret: str) -> None:
    assert "login_2fa_token" not in first_step(client, "errada-errada").json()


def test_a_code_and_a_recovery_code_pass_once(client: Client, ana: User, secret: str) -> None:
    waiting = first_step(client).json()["login_2fa_token"]
    code = code_for(secret)
    recovery = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()[0]
    for typed in (code, recovery):
        assert second(client, waiting, typed).status_code == 200
        assert second(client, waiting, typed).status_code == 401
    assert Entry.objects.filter(person=ana, action=Action.CODE_USED).count() == 1


def test_guessing_codes_is_stopped(client: Client, secret: str) -> None:
    waiting = first_step(client).json()["login_2fa_token"]
    for number in range(5):
        assert second(client, waiting, f"00000{number}").status_code == 401
    stopped = second(client, waiting, code_for(secret))
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("token", "code"),
    [("", "123456"), ("x.y.z", "123456"), ("\ud800", "1"), (None, "1"), (1, "1"), ("x", None), ("x", 123456)],
)
def test_what_makes_no_sense_is_refused(client: Client, secret: str, token: object, code: object) -> None:
    assert second(client, token, code).status_code == 401


def test_a_token_for_the_second_step_is_good_for_nothing_else(client: Client, secret: str) -> None:
    waiting = first_step(client).json()["login_2fa_token"]
    headers = {"Authorization": f"Bearer {waiting}"}
    assert client.get("/v2/access-tokens", headers=headers).status_code == 401


def test_a_bearer_is_no_token_for_the_second_step(client: Client, ana: User) -> None:
    kept: str = generate_totp_secret()
    bearer = first_step(client).json()["token"]
    TOTP.activate(ana, kept)
    assert second(client, bearer, code_for(kept)).status_code == 401


def test_the_second_step_waits_five_minutes_and_ends_with_the_password(
    client: Client, ana: User, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = first_step(client).json()["login_2fa_token"]
    ana.set_password("canoa-de-vento")
    ana.save()
    assert second(client, waiting, code_for(secret)).status_code == 401
    monkeypatch.setattr(second_step, "LIFE", -second_step.LIFE)
    late = first_step(client, "canoa-de-vento").json()["login_2fa_token"]
    assert second(client, late, code_for(secret)).status_code == 401


def test_what_a_password_got_from_the_api_ends_with_two_factor(client: Client, ana: User) -> None:
    headers = {"Authorization": f"Bearer {first_step(client).json()['token']}"}
    assert client.get("/v2/access-tokens", headers=headers).status_code == 200
    TOTP.activate(ana, generate_totp_secret())
    assert client.get("/v2/access-tokens", headers=headers).status_code == 401
