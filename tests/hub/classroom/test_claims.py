"""A learner enters the class: the code first, then who they are; once, and only into a place that is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from checks.mark import ALPHABET
from hub.accounts.models import User
from hub.audit.actions import Action
from hub.audit.models import Entry
from hub.classroom import claims
from hub.classroom.claims import claim, release
from hub.classroom.code import class_code, is_class_code
from hub.classroom.learner_views import TOO_MANY
from hub.classroom.models import Attempt, Member, Result
from tests.hub.classroom.klass import FAILED, add, did, person

if TYPE_CHECKING:
    from tests.hub.conftest import Learner, Page

ENTRY = "/turma/entrar"


@pytest.fixture
def klass(db: None) -> list[Member]:
    return add(
        person("a", "Ana", email="ana@exemplo.com", id_number="0017", username="ana.s"),
        person("b", "Bia", email="bia@escola.br", id_number="0018"),
        person("c", "Caio", email="dupla@escola.br", id_number="0019"),
        person("d", "Davi", email="dupla@escola.br", id_number="0020"),
        person("e", "Eva", email="eva@escola.br", docker_id="eva2026"),
    )


@pytest.fixture
def signed_in(learner: Learner, ana: User, klass: list[Member]) -> Learner:
    learner.signs_in()
    return learner


def enters(learner: Learner, typed: str = "", code: str | None = None) -> Page:
    return learner.sends(ENTRY, code=class_code() if code is None else code, typed=typed)


def test_whose_email_an_account_has_confirmed_is_left_to_it(
    klass: list[Member], ana: User, bia: User
) -> None:
    """Whoever knows a colleague's e-mail or number would else take their place."""
    for typed in ("ana@exemplo.com", "0017", "ana.s"):
        with pytest.raises(claims.ClaimRefused, match="já usa outra conta"):
            claim(bia, class_code(), typed)
    assert claim(ana, class_code(), "").key == "a"


def owner_of(docker_id: str) -> str:
    return Member.objects.get(docker_id=docker_id).key


def test_the_code_is_short_and_made_of_the_secret(settings: Settings) -> None:
    code = class_code()
    left, right = code.split("-")
    assert len(left) == len(right) == 4
    assert set(left + right) <= set(ALPHABET)
    assert class_code() == code
    settings.HUB_CLASS_SECRET = "outro"
    assert class_code() != code


@pytest.mark.parametrize("typed", ["{}", " {} ", "{upper}", "{bare}", "{spaced}"])
def test_however_the_code_is_typed(typed: str) -> None:
    code = class_code()
    shapes = {"upper": code.upper(), "bare": code.replace("-", ""), "spaced": " ".join(code)}
    assert is_class_code(typed.format(code, **shapes))


@pytest.mark.parametrize("typed", ["", "-", "xxxx-xxxx", "é" * 8, "\0"])
def test_what_is_no_code(typed: str, settings: Settings) -> None:
    assert not is_class_code(typed)
    settings.HUB_CLASS_SECRET = ""
    assert not is_class_code(typed)
    assert not class_code()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", "a"),  # the confirmed e-mail of the account
        ("ana@exemplo.com", "a"),
        (" ANA@exemplo.com ", "a"),
        ("0017", "a"),
        ("ANA.S", "a"),
        ("0018", "b"),
        ("bia@escola.br", "b"),
        ("0020", "d"),
    ],
)
def test_the_one_who_is_meant_is_linked(signed_in: Learner, typed: str, key: str) -> None:
    page = enters(signed_in, typed)
    assert page.path == "/turma/eu"
    assert page.says("Pronto: você está na turma como")
    member = Member.objects.get(docker_id="ana2026")
    assert (member.key, member.claimed_by_code, member.claimed_at is None) == (key, True, False)
    assert Entry.objects.filter(person__username="ana2026", action=Action.CLASS_ENTERED).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("ninguem@escola.br", claims.NOBODY),
        ("17", claims.NOBODY),
        ("Ana", claims.NOBODY),
        ("dupla@escola.br", claims.SEVERAL),
        ("eva@escola.br", claims.TAKEN),
        ("\0", claims.NOBODY),
    ],
)
def test_what_is_said_when_it_is_not_clear_who(signed_in: Learner, typed: str, sentence: str) -> None:
    Member.objects.filter(key="a").delete()  # nobody has the account's own e-mail
    page = enters(signed_in, typed)
    assert page.says(sentence if typed != "\0" else "Caracteres nulos não são permitidos.")
    assert not Member.objects.filter(docker_id="ana2026").exists()


def test_the_own_email_has_to_be_in_the_list(signed_in: Learner) -> None:
    Member.objects.filter(key="a").delete()
    assert enters(signed_in).says(claims.NOT_BY_EMAIL)


def test_an_email_that_was_never_confirmed_is_nobodys(unconfirmed: User, klass: list[Member]) -> None:
    add(person("f", email=unconfirmed.email))
    with pytest.raises(claims.ClaimRefused, match="O e-mail da sua conta"):
        claim(unconfirmed, class_code(), "")


@pytest.mark.parametrize(
    "typed", ["ana@exemplo.com", "ninguem@escola.br", "eva@escola.br", "dupla@escola.br", ""]
)
def test_before_the_code_is_right_nothing_is_said_of_the_list(signed_in: Learner, typed: str) -> None:
    page = enters(signed_in, typed, code="bbbb-bbbb")
    assert page.says(claims.WRONG_CODE)
    said = [claims.NOBODY, claims.TAKEN, claims.SEVERAL, claims.NOT_BY_EMAIL]
    assert not any(page.says(sentence) for sentence in said)
    assert not Member.objects.filter(docker_id="ana2026").exists()


def test_the_page_before_says_nothing_of_the_list_either(signed_in: Learner) -> None:
    """The account's e-mail may be one that its owner made up, to see whether it is in the class."""
    with_it = signed_in.opens(ENTRY).text
    Member.objects.all().delete()
    assert _without_marks(signed_in.opens(ENTRY).text) == _without_marks(with_it)


def _without_marks(text: str) -> list[str]:
    return [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]


def test_an_account_enters_once(signed_in: Learner) -> None:
    enters(signed_in, "0017")
    assert signed_in.opens(ENTRY).path == "/turma/eu"
    assert enters(signed_in, "0018").path == "/turma/eu"
    assert owner_of("ana2026") == "a"
    assert not Member.objects.get(key="b").docker_id


def test_a_place_is_taken_once(signed_in: Learner, bia: User) -> None:
    enters(signed_in, "0018")
    other = Client()
    other.force_login(bia)
    answer = other.post(ENTRY, {"code": class_code(), "typed": "0018"})
    assert claims.TAKEN in answer.content.decode()
    assert owner_of("ana2026") == "b"


def test_who_is_not_signed_in_signs_in_first(client: Client, klass: list[Member]) -> None:
    answer = client.post(ENTRY, {"code": class_code(), "typed": "0017"})
    assert answer.headers["Location"] == f"/login?next={ENTRY}"
    assert not Member.objects.get(key="a").docker_id


@pytest.mark.parametrize("wrong", [{"code": "bbbb-bbbb"}, {"typed": "ninguem@escola.br"}])
def test_guessing_ends_soon(signed_in: Learner, wrong: dict[str, str]) -> None:
    for _ in range(10):
        assert enters(signed_in, **({"typed": "0017"} | wrong)).status == 200
    page = enters(signed_in, "0017")
    assert (page.status, page.says(TOO_MANY)) == (429, True)
    assert not Member.objects.filter(docker_id="ana2026").exists()
    cache.clear()
    assert enters(signed_in, "0017").path == "/turma/eu"


def test_typing_right_costs_nothing(signed_in: Learner) -> None:
    for _ in range(15):
        assert enters(signed_in, "0017").path == "/turma/eu"
        release(Member.objects.get(key="a"))


def test_without_a_secret_there_is_no_class(signed_in: Learner, settings: Settings) -> None:
    settings.HUB_CLASS_SECRET = ""
    assert signed_in.opens(ENTRY).says("Este hub não tem uma turma.")
    assert enters(signed_in, "0017", code="").says("Este hub não tem uma turma.")


def test_a_claim_is_undone_with_all_that_came_of_it(signed_in: Learner, klass: list[Member]) -> None:
    enters(signed_in, "0018")
    member = Member.objects.get(key="b")
    did(member, FAILED)
    release(member)
    member.refresh_from_db()
    assert (member.docker_id, member.claimed_at, member.claimed_by_code) == ("", None, False)
    assert not Result.objects.exists()
    assert not Attempt.objects.exists()
    assert Entry.objects.filter(person__username="ana2026", action=Action.CLASS_LEFT).count() == 1
    assert signed_in.opens("/turma/eu").path == ENTRY
    enters(signed_in, "0017")
    assert owner_of("ana2026") == "a"
