"""Who did what: written down once, for its owner to read, for a bounded time, without secrets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.accounts.passwords import verify
from hub.api.bearer import issue
from hub.audit import log
from hub.audit.actions import Action
from hub.audit.log import KEPT_FOR, forget_old_entries, note
from hub.audit.models import LONGEST_SUBJECT, Entry
from hub.audit.views import PAGE_SIZE
from hub.repositories.privacy import create
from hub.tokens.models import AccessToken
from hub.tokens.sign_in import SignedIn, sign_in

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

PAGE = "/conta/atividade/"


def told(person: User | None) -> list[tuple[str, str]]:
    return list(Entry.objects.filter(person=person).order_by("pk").values_list("action", "subject"))


def test_a_request_tells_who_and_from_where(rf: RequestFactory, ana: User) -> None:
    request = rf.get("/", REMOTE_ADDR="10.1.2.3")
    request.user = ana
    note(request, Action.REPOSITORY_MADE, "ana2026/app")
    entry = Entry.objects.get()
    assert (entry.person, entry.address, entry.subject) == (ana, "10.1.2.3", "ana2026/app")
    assert str(entry) == "Repositório criado: ana2026/app"


def test_a_person_or_nobody_may_be_told(ana: User, bia: User) -> None:
    note(ana, Action.SIGNED_IN, address="10.0.0.1")
    note(None, Action.SIGN_IN_FAILED)
    note(ana, Action.TAG_DELETED, "x" * 999 + "\0", person=bia)
    assert told(ana) == [(Action.SIGNED_IN, "")]
    assert told(None) == [(Action.SIGN_IN_FAILED, "")]
    assert told(bia) == [(Action.TAG_DELETED, "x" * LONGEST_SUBJECT)]


def test_signing_up_and_in_and_the_new_password_are_there(learner: Learner, last_code: object) -> None:
    learner.signs_up()
    assert callable(last_code)
    learner.types_code(last_code())
    fields = {"password1": "canoa-de-vento", "password2": "canoa-de-vento"}
    learner.sends("/conta/senha/", oldpassword="barco-de-papel", **fields)
    found = [action for action, _ in told(User.objects.get())]
    assert found == [Action.SIGNED_UP, Action.SIGNED_IN, Action.PASSWORD_CHANGED]


def test_a_reset_is_there(learner: Learner, ana: User, last_code: object) -> None:
    assert callable(last_code)
    learner.sends("/conta/senha/esqueci/", email=ana.email)
    learner.sends("/conta/senha/esqueci/codigo/", code=last_code())
    new = {"password1": "canoa-de-vento", "password2": "canoa-de-vento"}
    learner.sends("/conta/senha/esqueci/nova/", **new)
    assert (Action.PASSWORD_RESET, "") in told(ana)


@pytest.mark.parametrize("login", ["ana2026", "ana@exemplo.com", "ANA2026"])
def test_a_failed_sign_in_is_its_accounts(learner: Learner, ana: User, login: str) -> None:
    learner.signs_in(login, "errada-errada")
    assert told(ana) == [(Action.SIGN_IN_FAILED, "pela página")]


def test_what_nobody_is_called_is_not_kept(learner: Learner, ana: User) -> None:
    """It may well be a password, typed into the wrong field."""
    learner.signs_in("canoa-de-vento", "errada-errada")
    assert told(None) == [(Action.SIGN_IN_FAILED, "pela página")]
    assert "canoa-de-vento" not in str(list(Entry.objects.values()))


def test_a_wrong_password_of_docker_is_there_once(ana: User) -> None:
    for _ in range(5):
        verify("ana2026", "errada-errada", "10.0.0.9")
    assert told(ana) == [(Action.SIGN_IN_FAILED, "pelo docker ou pela API")]


def test_a_docker_login_is_there_once_while_the_password_is_remembered(ana: User) -> None:
    for _ in range(5):
        assert verify("ana2026", "barco-de-papel", "10.0.0.9") == ana
    assert told(ana) == [(Action.SIGNED_IN, "pelo docker ou pela API")]


def test_tokens_are_there_by_their_names(learner: Learner, ana: User) -> None:
    learner.signs_in()
    fields = {"uuid": "0b5b9a9c-6f5c-4b7e-8d1e-0a1b2c3d4e5f", "label": "meu notebook", "scope": "repo:read"}
    made = learner.sends("/conta/tokens/novo/", **fields)
    address = f"/conta/tokens/{fields['uuid']}/"
    learner.sends(address, active="0")
    learner.sends(address, active="1")
    learner.sends(address + "apagar/")
    assert [action for action, subject in told(ana) if subject == "meu notebook"] == [
        Action.TOKEN_MADE, Action.TOKEN_SWITCHED_OFF, Action.TOKEN_SWITCHED_ON, Action.TOKEN_REVOKED,
    ]  # fmt: skip
    secret = made.text.partition('data-copy="')[2].partition('"')[0]
    assert secret.startswith("dckr_pat_")
    assert secret not in str(list(Entry.objects.values()))


def test_what_is_changed_in_the_settings_is_there(learner: Learner, ana: User) -> None:
    create(ana, "app")
    learner.signs_in()
    page = "/repositories/ana2026/app"
    for _ in range(2):  # the second time changes nothing
        learner.sends(f"{page}/mutabilidade", mutability="immutable", rules="")
        learner.sends(f"{page}/descricao", description="Um site")
        learner.sends(f"{page}/visao-geral", full_description="# Olá")
        learner.sends("/conta/privacidade/", visibility="private")
    assert told(ana)[1:] == [
        (Action.MUTABILITY_CHANGED, "ana2026/app"),
        (Action.DESCRIPTION_CHANGED, "ana2026/app"),
        (Action.OVERVIEW_CHANGED, "ana2026/app"),
        (Action.DEFAULT_PRIVACY_CHANGED, "Privado"),
    ]


def test_so_is_what_is_changed_through_the_api(ana: User) -> None:
    create(ana, "app")
    headers = {"Authorization": f"Bearer {issue(SignedIn(ana))}"}
    address = "/v2/namespaces/ana2026/repositories/app"
    texts = {"description": "Um site", "full_description": "# Olá"}
    rules = {"immutable_tags": True, "immutable_tags_rules": ["^v"]}
    for _ in range(2):
        Client().patch(address, texts, "application/json", headers=headers)
        Client().patch(f"{address}/immutabletags", rules, "application/json", headers=headers)
    assert told(ana) == [
        (Action.DESCRIPTION_CHANGED, "ana2026/app"),
        (Action.OVERVIEW_CHANGED, "ana2026/app"),
        (Action.MUTABILITY_CHANGED, "ana2026/app"),
    ]


def test_a_token_that_signs_in_is_there_once_a_minute(ana: User) -> None:
    _, secret = AccessToken.objects.issue(ana, "meu notebook", ["repo:read"])
    for _ in range(3):
        sign_in("ana2026", secret, "10.0.0.9")
    assert told(ana) == [(Action.TOKEN_USED, "meu notebook")]
    AccessToken.objects.update(last_used=timezone.now() - timedelta(minutes=2))
    sign_in("ana2026", secret)
    assert len(told(ana)) == 2


def test_what_programs_do_pushes_nothing_else_of_a_person_out(
    ana: User, bia: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "MOST_BY_PROGRAMS", 3)
    note(ana, Action.TOKEN_MADE, "meu notebook")
    for number in range(5):
        note(ana, Action.PUSHED, number)
    note(bia, Action.PUSHED, "outra")
    forget_old_entries()
    assert [subject for _, subject in told(ana)] == ["meu notebook", "2", "3", "4"]
    assert told(bia) == [(Action.PUSHED, "outra")]


def test_a_person_reads_their_own_and_nobody_elses(learner: Learner, ana: User, bia: User) -> None:
    assert learner.opens(PAGE).path.startswith("/login")
    note(ana, Action.REPOSITORY_MADE, "ana2026/<b>app</b>", address="10.1.2.3")
    note(bia, Action.REPOSITORY_MADE, "bia2026/segredo")
    learner.signs_in()
    page = learner.opens(PAGE)
    assert page.says("Repositório criado")
    assert page.says("do endereço 10.1.2.3")
    assert "&lt;b&gt;app" in page.text
    assert "bia2026/segredo" not in page.text


def test_a_long_list_comes_in_pages_at_the_same_price(learner: Learner, ana: User) -> None:
    learner.signs_in()
    with CaptureQueriesContext(
        connection,
    ) as few:
        learner.opens(PAGE)
    rows = [Entry(person=ana, action=Action.TAG_DELETED, subject=f"tag-{number}") for number in range(500)]
    Entry.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as many:
        page = learner.opens(PAGE)
    assert len(many) <= len(few)
    assert page.text.count("Tag apagada") == PAGE_SIZE
    assert learner.opens(PAGE + "?pagina=3").says("Mais novas")
    assert learner.opens(PAGE + "?pagina=muitas").status == 200


def test_entries_live_for_a_time(ana: User) -> None:
    old, new = (timezone.now() - KEPT_FOR + timedelta(minutes=minutes) for minutes in (-1, 1))
    for moment in (old, new):
        Entry.objects.create(person=ana, action=Action.SIGNED_IN, at=moment)
    forget_old_entries()
    assert [entry.at for entry in Entry.objects.all()] == [new]


def test_failures_are_bounded_and_push_nothing_else_out(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST_FAILURES", 3)
    note(ana, Action.TOKEN_MADE, "meu notebook")
    for number in range(5):
        note(None, Action.SIGN_IN_FAILED, number)
    forget_old_entries()
    assert [subject for _, subject in told(None)] == ["2", "3", "4"]
    assert told(ana) == [(Action.TOKEN_MADE, "meu notebook")]


def test_who_leaves_takes_their_entries_along(ana: User) -> None:
    note(ana, Action.SIGNED_IN)
    ana.delete()
    assert not Entry.objects.exists()
    assert not mail.outbox
