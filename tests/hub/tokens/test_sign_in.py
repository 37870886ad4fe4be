"""Signing in with an access token: whose it is, whether it still works, and what is kept of it."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from hub.accounts.attempts import MOST_WRONG, TooManyAttempts
from hub.accounts.models import User
from hub.tokens.models import MOST_TOKENS, AccessToken, TooManyTokens
from hub.tokens.scopes import Scope, widest
from hub.tokens.sign_in import TokenRefused, sign_in
from tests.hub.meanwhile import just_before

PASSWORD = "barco-de-papel"


def issue(owner: User, scope: Scope = Scope.WRITE, seconds: int | None = None) -> tuple[AccessToken, str]:
    expires = None if seconds is None else timezone.now() + timedelta(seconds=seconds)
    return AccessToken.objects.issue(owner, "meu notebook", [scope], expires)


def test_a_token_signs_its_owner_in(ana: User) -> None:
    token, secret = issue(ana)
    who = sign_in("ana2026", secret)
    assert who is not None
    assert (who.person, who.token) == (ana, token)
    assert who.may(Scope.WRITE)
    assert not who.may(Scope.ADMIN)


def test_the_password_still_does_and_may_do_all(ana: User) -> None:
    issue(ana)
    who = sign_in("ana2026", PASSWORD)
    assert who is not None
    assert who.token is None
    assert who.may(Scope.ADMIN)


def test_a_token_looks_like_docker_hubs_and_is_not_kept(ana: User) -> None:
    _, secret = issue(ana)
    assert secret.startswith("dckr_pat_")
    assert len(secret) >= len("dckr_pat_") + 27
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tokens_accesstoken")
        assert secret not in str(cursor.fetchall())
    assert issue(ana)[1] != secret


def test_a_token_of_somebody_else_is_wrong(ana: User, bia: User) -> None:
    _, secret = issue(bia)
    assert sign_in("ana2026", secret) is None


@pytest.mark.parametrize("secret", ["dckr_pat_", "dckr_pat_" + "x" * 27, "dckr_pat_é", "dckr_pat_\ud800"])
def test_what_is_no_token_is_wrong(ana: User, secret: str) -> None:
    issue(ana)
    assert sign_in("ana2026", secret) is None


def test_an_expired_one_is_refused_with_the_date(ana: User) -> None:
    token, secret = issue(ana, seconds=-60)
    assert token.expires_at is not None
    day = f"{timezone.localtime(token.expires_at):%d/%m/%Y}"
    with pytest.raises(
        TokenRefused, match=rf"^personal access token is expired: .*{day}.*docker login -u ana2026$"
    ):
        sign_in("ana2026", secret)


def test_one_put_out_of_use_is_refused_until_it_is_back(ana: User) -> None:
    token, secret = issue(ana)
    AccessToken.objects.update(is_active=False)
    with pytest.raises(TokenRefused, match=r"^personal access token is inactive: .*/conta/tokens/"):
        sign_in("ana2026", secret)
    AccessToken.objects.update(is_active=True)
    assert sign_in("ana2026", secret) is not None
    token.delete()
    assert sign_in("ana2026", secret) is None


def test_a_token_does_not_outlive_its_account(ana: User, unconfirmed: User) -> None:
    _, secret = issue(ana)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert sign_in("ana2026", secret) is None
    assert sign_in("caio2026", issue(unconfirmed)[1]) is None


def test_guessing_tokens_is_as_slow_as_guessing_passwords(ana: User) -> None:
    _, secret = issue(ana)
    for number in range(MOST_WRONG):
        assert sign_in("ana2026", f"dckr_pat_chute-{number}", "127.0.0.1") is None
    with pytest.raises(TooManyAttempts):
        sign_in("ana2026", "dckr_pat_mais-um-chute", "127.0.0.1")
    assert sign_in("ana2026", secret, "127.0.0.1") is not None


def test_the_last_use_is_noted_once_a_minute(ana: User) -> None:
    token, secret = issue(ana)
    sign_in("ana2026", secret)
    token.refresh_from_db()
    first = token.last_used
    assert first is not None
    sign_in("ana2026", secret)
    token.refresh_from_db()
    assert token.last_used == first
    AccessToken.objects.update(last_used=first - timedelta(minutes=2))
    sign_in("ana2026", secret)
    token.refresh_from_db()
    assert token.last_used is not None
    assert token.last_used >= first


def has(owner: User, count: int) -> None:
    AccessToken.objects.bulk_create(
        AccessToken(owner=owner, label="x", scopes=["repo:read"], fingerprint=str(number))
        for number in range(count)
    )


def test_there_is_a_limit_for_each_account(ana: User, bia: User) -> None:
    has(ana, MOST_TOKENS)
    with pytest.raises(TooManyTokens, match=str(MOST_TOKENS)):
        issue(ana)
    issue(bia)


def issue_elsewhere(owner: User) -> None:
    """From another thread, which has a connection of its own."""
    while True:
        try:
            issue(owner)
        except OperationalError:  # an SQLite in memory, as that of tests, makes nobody wait
            time.sleep(0.01)
        else:
            return
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_of_two_made_at_once_only_one_is_the_last_that_fits(ana: User) -> None:
    has(ana, MOST_TOKENS - 1)
    others: list[Future[None]] = []
    with ThreadPoolExecutor(1) as pool:

        def begin() -> None:
            others.append(pool.submit(issue_elsewhere, ana))
            wait(others, 0.5)

        with just_before('INSERT INTO "tokens_accesstoken"', begin):
            issue(ana)
        with pytest.raises(TooManyTokens):
            others[0].result(20)
    assert AccessToken.objects.count() == MOST_TOKENS


def test_the_widest_permission_counts() -> None:
    assert widest(["repo:write", "repo:public_read"]) is Scope.WRITE
    assert [scope.rank for scope in Scope] == [0, 1, 2, 3]
