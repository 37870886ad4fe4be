"""The page «Tokens de acesso», as a person uses it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.tokens.models import MOST_TOKENS, AccessToken
from hub.tokens.sign_in import sign_in
from tests.hub.meanwhile import just_before

if TYPE_CHECKING:
    from tests.hub.conftest import Learner, Page

LIST, NEW = "/conta/tokens/", "/conta/tokens/novo/"


@pytest.fixture
def signed_in(learner: Learner, ana: User) -> Learner:
    learner.signs_in()
    return learner


def form(**changed: str) -> dict[str, str]:
    return {
        "uuid": str(uuid4()),
        "label": "meu notebook",
        "expiration": "",
        "expires_at": "",
        "scope": "repo:write",
    } | changed


def secret_on(page: Page) -> str:
    found = re.search(r'data-copy="(dckr_pat_[\w-]+)"', page.text)
    assert found, page.text
    return found.group(1)


@pytest.mark.parametrize(
    "path", [LIST, NEW, f"/conta/tokens/{uuid4()}/apagar/"], ids=["list", "new", "delete"]
)
def test_visitors_are_asked_to_sign_in(learner: Learner, path: str) -> None:
    assert learner.opens(path).path.startswith("/login")


def test_a_token_is_shown_once_with_what_to_type(signed_in: Learner) -> None:
    page = signed_in.sends(NEW, **form())
    assert page.says("só aparece desta vez")
    assert page.says("docker login -u ana2026")
    secret = secret_on(page)
    assert sign_in("ana2026", secret) is not None
    listed = signed_in.opens(LIST)
    assert listed.says("meu notebook")
    assert listed.says("(Repo Read &amp; Write)")
    assert secret not in listed.text


def test_the_page_with_the_token_is_kept_by_nobody(signed_in: Learner) -> None:
    response = signed_in.client.post(NEW, form())
    assert "no-store" in response.headers["Cache-Control"]


def test_a_form_sent_twice_makes_one_token(signed_in: Learner) -> None:
    """A page that is reloaded sends its form again."""
    fields = form()
    signed_in.sends(NEW, **fields)
    assert signed_in.sends(NEW, **fields).says("Este token já foi criado")
    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize(("expiration", "days"), [("30", 30), ("90", 90)])
def test_a_token_expires_when_it_was_told_to(signed_in: Learner, expiration: str, days: int) -> None:
    signed_in.sends(NEW, **form(expiration=expiration))
    left = (AccessToken.objects.get().expires_at or timezone.now()) - timezone.now()
    assert timedelta(days=days - 1) < left <= timedelta(days=days)


def test_a_date_of_ones_own(signed_in: Learner) -> None:
    moment = timezone.localtime() + timedelta(days=3)
    signed_in.sends(NEW, **form(expiration="custom", expires_at=f"{moment:%Y-%m-%dT%H:%M}"))
    found = AccessToken.objects.get().expires_at
    assert found is not None
    assert timezone.localtime(found) == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"label": ""}, "Preencha este campo."),
        ({"label": "a" * 101}, "no máximo 100 caracteres"),
        ({"label": "a\u200bb"}, "caracteres invisíveis"),
        ({"scope": ""}, "Preencha este campo."),
        ({"expiration": "custom"}, "Escolha a data e a hora"),
        ({"expiration": "custom", "expires_at": "amanhã"}, "não parece uma data"),
        ({"expiration": "custom", "expires_at": "2020-01-01T10:00"}, "já passou"),
        ({"expiration": "custom", "expires_at": "2099-01-01T10:00"}, "no máximo um ano"),
        ({"expiration": "custom", "expires_at": "9999-12-31T23:59"}, "no máximo um ano"),
        ({"expiration": "custom", "expires_at": "0001-01-01T00:00"}, "já passou"),
    ],
)
def test_a_mistake_is_told_beside_its_field(signed_in: Learner, changed: dict[str, str], words: str) -> None:
    page = signed_in.sends(NEW, **form(**changed))
    assert page.says(words)
    assert not AccessToken.objects.exists()


def test_a_token_is_put_out_of_use_and_back(signed_in: Learner) -> None:
    secret = secret_on(signed_in.sends(NEW, **form()))
    token = AccessToken.objects.get()
    page = signed_in.sends(f"/conta/tokens/{token.uuid}/", active="0")
    assert page.says("(Inactive)")
    assert page.says("(Activate)")
    page = signed_in.sends(f"/conta/tokens/{token.uuid}/", active="1")
    assert page.says("(Deactivate)")
    assert sign_in("ana2026", secret) is not None


def test_a_token_is_deleted_after_a_second_question(signed_in: Learner) -> None:
    secret = secret_on(signed_in.sends(NEW, **form()))
    address = f"/conta/tokens/{AccessToken.objects.get().uuid}/apagar/"
    assert signed_in.opens(address).says("Não dá para desfazer")
    assert sign_in("ana2026", secret) is not None
    assert signed_in.sends(address).says("foi apagado")
    assert sign_in("ana2026", secret) is None


def test_a_token_deleted_meanwhile_has_no_page(signed_in: Learner, ana: User) -> None:
    token, _ = AccessToken.objects.issue(ana, "um", ["repo:read"])
    with just_before('UPDATE "tokens_accesstoken"', AccessToken.objects.all().delete):
        assert signed_in.sends(f"{LIST}{token.uuid}/", active="0").status == 404


def test_an_expired_token_can_only_be_deleted(signed_in: Learner, ana: User) -> None:
    AccessToken.objects.issue(ana, "velho", ["repo:read"], timezone.now() - timedelta(days=1))
    page = signed_in.opens(LIST)
    assert page.says("(Expired)")
    assert page.says("(Delete)")
    assert not page.says("(Activate)")
    assert not page.says("(Deactivate)")


def test_the_tokens_of_another_person_are_not_there(signed_in: Learner, bia: User) -> None:
    token, _ = AccessToken.objects.issue(bia, "da bia", ["repo:read"])
    assert not signed_in.opens(LIST).says("da bia")
    assert signed_in.sends(f"/conta/tokens/{token.uuid}/", active="0").status == 404
    assert signed_in.sends(f"/conta/tokens/{token.uuid}/apagar/").status == 404
    token.refresh_from_db()
    assert token.is_active


def test_the_limit_is_told(signed_in: Learner, ana: User) -> None:
    AccessToken.objects.bulk_create(
        AccessToken(owner=ana, label="x", scopes=["repo:read"], fingerprint=str(number))
        for number in range(MOST_TOKENS)
    )
    assert signed_in.sends(NEW, **form()).says("Apague os que não usa mais")


def test_what_people_type_is_escaped(signed_in: Learner) -> None:
    signed_in.sends(NEW, **form(label="<script>alert(1)</script>"))
    assert "<script>alert" not in signed_in.opens(LIST).text
