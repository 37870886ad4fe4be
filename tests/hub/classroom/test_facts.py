"""What grading reads of the whole class in one go, and what is left of a person who is erased."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from hub.accounts.models import User
from hub.audit.actions import Action
from hub.audit.models import Entry
from hub.classroom.claims import claim
from hub.classroom.code import class_code
from hub.classroom.erasure import erase
from hub.classroom.facts import facts, facts_of
from hub.classroom.models import Attempt, Member, Result
from hub.inbox.models import Mail
from hub.registry.errors import RegistryError
from hub.registry.record import expect, see
from hub.repositories.models import Repository
from hub.repositories.names import RepositoryName
from tests.hub.classroom.klass import FAILED, add, did, many, person
from tests.hub.conftest import PASSWORD


def repository(owner: User, name: str = "app", *, is_private: bool = False) -> Repository:
    return Repository.objects.create(
        namespace=owner.username, name=name, owner=owner, is_private=is_private, description="Um app"
    )


def test_facts_tell_what_the_owner_would_see(three: list[Member], ana: User, bia: User) -> None:
    repository(ana, is_private=True)
    repository(bia)  # who is not in the class
    assert facts() == {
        "ana2026": {
            "exists": True,
            "confirmed": True,
            "repositories": [
                {"name": "app", "is_private": True, "description": "Um app", "full_description": ""}
            ],
        },
        "biatriz": {"exists": False, "confirmed": False, "repositories": []},
    }
    assert facts_of(["ana2026"]) == {"ana2026": facts()["ana2026"]}


def test_who_is_not_confirmed_or_not_active(ana: User, unconfirmed: User) -> None:
    add(person("a", docker_id=ana.username), person("c", docker_id=unconfirmed.username))
    User.objects.filter(pk=ana.pk).update(is_active=False)
    told = {name: (one["exists"], one["confirmed"]) for name, one in facts().items()}
    assert told == {"ana2026": (False, False), "caio2026": (True, False)}


def test_facts_cost_the_same_for_10_and_for_3000(db: None) -> None:
    def cost(number: int) -> int:
        many(number)
        with CaptureQueriesContext(connection) as asked:
            assert len(facts()) == number
        return len(asked)

    few = cost(10)
    assert cost(3_000) == few == 4


# --- erasing ---------------------------------------------------------------------------------------------


@pytest.fixture
def member(ana: User) -> Member:
    add(person("a", "Ana", email="ana@exemplo.com"), person("b", "Bia"))
    found = claim(ana, class_code(), "")
    Entry.objects.create(person=ana, action=Action.CLASS_ENTERED)
    Entry.objects.create(person=ana, action=Action.SIGNED_IN)
    did(found, FAILED)
    Mail.objects.create(recipient="ana@exemplo.com", sender="hub", subject="Olá", text="olá")
    repository(ana)
    return found


def test_erasing_leaves_the_account(member: Member, ana: User) -> None:
    told = erase(member)
    assert (told.name, told.docker_id) == ("Ana", "ana2026")
    assert (told.results, told.attempts, told.activity) == (1, 1, 1)
    assert (told.account, told.repositories, told.mails) == (False, 0, 0)
    assert not any(model.objects.exists() for model in (Result, Attempt))
    assert [one.key for one in Member.objects.all()] == ["b"]
    assert list(ana.audit_entries.values_list("action", flat=True)) == [Action.SIGNED_IN]
    assert Repository.objects.exists()


def test_erasing_with_the_account_leaves_nothing(
    member: Member, empty_registry: None, client: Client
) -> None:
    name = RepositoryName("ana2026", "depois")
    expect(name, private=False)
    see(name, "sha256:1")
    who = {"identifier": "ana2026", "secret": PASSWORD}
    signed = client.post("/v2/auth/token", who, "application/json").json()["access_token"]
    client.get("/v2/access-tokens", headers={"Authorization": f"Bearer {signed}"})
    assert "ana2026" in everything()
    told = erase(member, account=True)
    assert (told.account, told.repositories, told.mails) == (True, 1, 1)
    assert "ana2026" not in everything()
    for model in (User, Repository, Mail, Result, Attempt, Entry):
        assert not model.objects.exists(), model


def everything() -> str:
    """All that the database holds."""
    return str([list(model._default_manager.values_list()) for model in apps.get_models()])


def test_erasing_an_account_that_named_anothers_email_leaves_their_letters(
    ana: User, empty_registry: None
) -> None:
    other = User.objects.create_user("outra2026", ana.email)
    other.emailaddress_set.create(email=ana.email, primary=True)
    (found,) = add(person("o", "Outra", docker_id="outra2026"))
    Mail.objects.create(recipient=ana.email, sender="hub", subject="Olá", text="olá")
    assert (erase(found, account=True).mails, Mail.objects.count()) == (0, 1)


def test_with_the_registry_away_nothing_is_lost(member: Member, token_key: None, settings: Settings) -> None:
    settings.HUB_REGISTRY_URL = "http://127.0.0.1:9"
    with pytest.raises(RegistryError):
        erase(member, account=True)
    assert Member.objects.filter(key="a").exists()
    assert Result.objects.exists()
    assert not User.objects.get().is_active  # it pushes no more while it is being deleted


def test_the_teacher_erases_by_typing_the_name(teacher: Client, member: Member) -> None:
    address = f"/turma/placar/aluno/{member.number}/apagar"
    answer = teacher.post(address, {"name": "Bia"})
    assert "Não é este o nome. Digite «Ana», igual ao que está na página." in answer.content.decode()
    assert Member.objects.count() == 2
    answer = teacher.post(address, {"name": " ana "}, follow=True)
    assert "Ana e tudo o que a turma guardava" in answer.content.decode()
    assert [one.key for one in Member.objects.all()] == ["b"]


def test_the_teacher_lets_a_claim_go(teacher: Client, member: Member) -> None:
    answer = teacher.post(f"/turma/placar/aluno/{member.number}/soltar", follow=True)
    assert "Ana está sem Docker ID" in answer.content.decode()
    member.refresh_from_db()
    assert not member.docker_id
