"""Public and private: the free plan's one private repository, by page, by API and by push."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from hub.accounts.models import User
from hub.api.bearer import issue
from hub.audit.actions import Action
from hub.audit.models import Entry
from hub.repositories.models import Repository
from hub.repositories.names import problem_with_new_name, suggest_name
from hub.repositories.privacy import NoPrivateLeft, create, set_private
from hub.tokens.models import AccessToken
from hub.tokens.sign_in import SignedIn
from tests.hub.meanwhile import just_before

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

LIST = "/v2/namespaces/ana2026/repositories"
NEW = "/repositories/novo/"
SETTINGS = "/repositories/ana2026/app/configuracoes"
FULL = "O plano gratuito tem 1 repositório privado"


@pytest.fixture
def secret(ana: User) -> Repository:
    """The one private repository that a free account has."""
    return create(ana, "segredo", private=True)


@pytest.fixture
def app(ana: User) -> Repository:
    return create(ana, "app")


@pytest.fixture
def signed_in(learner: Learner, ana: User) -> Learner:
    learner.signs_in()
    return learner


def send(who: SignedIn | None, address: str, body: object) -> Any:
    headers = {"Authorization": f"Bearer {issue(who)}"} if who else {}
    return Client().post(address, json.dumps(body), content_type="application/json", headers=headers)


def asked(**changed: object) -> dict[str, object]:
    return {"name": "app", "namespace": "ana2026", **changed}


# By hand


def test_the_second_private_one_is_refused_with_what_would_do(ana: User, secret: Repository) -> None:
    with pytest.raises(NoPrivateLeft, match=rf"^{FULL}, .* ana2026/segredo\. .*/configuracoes ou crie"):
        create(ana, "outro", private=True)
    create(ana, "publico")
    set_private(secret, private=False)
    create(ana, "outro", private=True)


def test_making_one_private_counts_too(ana: User, secret: Repository, app: Repository) -> None:
    with pytest.raises(NoPrivateLeft, match=FULL):
        set_private(app, private=True)
    app.refresh_from_db()
    assert not app.is_private
    set_private(secret, private=True)  # it is, already


def test_the_quota_is_of_each_account(secret: Repository, bia: User) -> None:
    assert create(bia, "segredo", private=True).is_private


# By API


def test_a_repository_made_by_api(ana: User) -> None:
    answer = send(
        SignedIn(ana), LIST, asked(description="Um site", full_description="# Olá", is_private=True)
    )
    assert answer.status_code == 201
    body = answer.json()
    assert (body["description"], body["full_description"], body["is_private"]) == ("Um site", "# Olá", True)
    assert Repository.objects.get().owner == ana


def test_the_api_refuses_the_second_private_one(ana: User, secret: Repository) -> None:
    answer = send(SignedIn(ana), LIST, asked(is_private=True))
    assert answer.status_code == 403
    assert answer.json()["message"].startswith(f"private repository limit reached: {FULL}")
    assert send(SignedIn(ana), LIST, asked()).status_code == 201


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (asked(name=""), "name"),
        (asked(name="a"), "name"),
        (asked(name="Meu App"), "name"),
        (asked(name="a--b"), "name"),
        (asked(name="a" * 255), "name"),
        (asked(name="segredo"), "name"),
        (asked(name=None), "name"),
        (asked(namespace="bia2026"), "namespace"),
        (asked(description="a" * 101), "description"),
        (asked(full_description="a" * 25_001), "full_description"),
        (asked(is_private="sim"), "is_private"),
        ([], "body"),
    ],
)
def test_a_repository_asked_for_wrongly(ana: User, secret: Repository, body: object, field: str) -> None:
    answer = send(SignedIn(ana), LIST, body)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert Repository.objects.count() == 1


@pytest.mark.parametrize("address", [LIST, "/v2/repositories/ana2026/app/privacy"])
def test_only_the_owner_manages_and_a_token_needs_the_widest_permission(
    ana: User, bia: User, app: Repository, address: str
) -> None:
    body = asked(name="novo", is_private=True)
    assert send(None, address, body).status_code == 401
    assert send(SignedIn(bia), address, body).status_code == 403
    for scope, status in (("repo:write", 403), ("repo:admin", 201 if address == LIST else 200)):
        token, _ = AccessToken.objects.issue(ana, "x", [scope])
        answer = send(SignedIn(ana, token), address, body)
        assert answer.status_code == status, answer.content


def test_visibility_by_api(ana: User, app: Repository, secret: Repository) -> None:
    address = "/v2/repositories/ana2026/{}/privacy/"
    assert send(SignedIn(ana), address.format("app"), {"is_private": True}).status_code == 403
    assert send(SignedIn(ana), address.format("segredo"), {"is_private": False}).json()["is_private"] is False
    assert send(SignedIn(ana), address.format("app"), {"is_private": True}).status_code == 200
    assert Client().get(f"{LIST}/app").status_code == 404
    assert send(SignedIn(ana), address.format("nada"), {"is_private": True}).status_code == 404
    assert send(SignedIn(ana), address.format("app"), {}).status_code == 400


# By page


def test_a_repository_made_on_the_page(signed_in: Learner) -> None:
    page = signed_in.sends(NEW, name="app", description="Um site legal", visibility="private")
    assert page.path == "/repositories/ana2026/app"
    assert page.says("Um site legal")
    assert Repository.objects.get().is_private


def test_the_page_refuses_the_second_private_one(signed_in: Learner, secret: Repository) -> None:
    assert signed_in.opens(NEW).says("Repositórios privados: 1 de 1")
    page = signed_in.sends(NEW, name="app", description="", visibility="private")
    assert page.says(FULL)
    assert 'href="http://127.0.0.1:8000/repositories/ana2026/segredo/configuracoes"' in page.text
    assert Repository.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": ""}, "Preencha este campo."),
        ({"name": "Meu App"}, "Que tal «meu-app»?"),
        ({"name": "ana2026/Meu App"}, "o namespace já está escolhido, ana2026. Que tal «meu-app»?"),
        ({"name": "ana2026/"}, "o namespace já está escolhido, ana2026. Por exemplo: «docker-is-cool»."),
        ({"name": "segredo"}, "Você já tem o repositório"),
        ({"description": "a" * 101}, "no máximo 100 caracteres"),
        ({"visibility": ""}, "Preencha este campo."),
    ],
)
def test_a_mistake_is_told_beside_its_field(
    signed_in: Learner, secret: Repository, changed: dict[str, str], words: str
) -> None:
    page = signed_in.sends(NEW, **{"name": "app", "description": "", "visibility": "public", **changed})
    assert page.says(words)
    assert Repository.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "good", "words"),
    [
        ("app", True, "serve"),
        ("Meu App", False, "meu-app"),
        ("segredo", False, "já tem"),
        ("\0", False, "nome"),
    ],
)
def test_the_name_is_looked_at_while_one_types(
    signed_in: Learner, secret: Repository, name: str, good: bool, words: str
) -> None:
    verdict = signed_in.client.get(NEW, {"parte": "nome", "name": name}).content.decode("utf-8")
    assert f'class="{"good" if good else "error"}"' in verdict
    assert words in verdict


def test_visibility_is_changed_by_typing_the_name(signed_in: Learner, app: Repository) -> None:
    assert signed_in.opens(SETTINGS).says("(Make private)")
    wrong = signed_in.sends(SETTINGS, name="outro", visibility="private")
    assert wrong.says("O nome deste repositório é app.")
    assert signed_in.sends(SETTINGS, name="app", visibility="private").says("(Make public)")
    assert signed_in.sends(SETTINGS, name="ana2026/app", visibility="public").says("(Make private)")


def test_a_page_that_is_old_or_sent_twice_undoes_nothing(signed_in: Learner, app: Repository) -> None:
    assert 'name="visibility" value="private"' in signed_in.opens(SETTINGS).text
    assert signed_in.sends(SETTINGS, name="app", visibility="private").says("ana2026/app agora é privado.")
    before = Repository.objects.values().get()
    again = signed_in.sends(SETTINGS, name="app", visibility="private")
    assert again.says("ana2026/app já era privado.")
    assert 'name="visibility" value="public"' in again.text
    assert Repository.objects.values().get() == before
    assert not signed_in.sends(SETTINGS, name="app").says("agora é")  # without a wish nothing changes
    assert Repository.objects.values().get() == before
    assert Entry.objects.filter(action=Action.REPOSITORY_HIDDEN).count() == 1


def test_the_settings_refuse_the_second_private_one(
    signed_in: Learner, app: Repository, secret: Repository
) -> None:
    assert signed_in.sends(SETTINGS, name="app", visibility="private").says(FULL)
    app.refresh_from_db()
    assert not app.is_private


def test_the_settings_are_for_the_owner(learner: Learner, app: Repository, bia: User) -> None:
    assert learner.opens(SETTINGS).path.startswith("/login")
    learner.signs_in("bia2026")
    assert learner.opens(SETTINGS).status == 404
    assert learner.sends(SETTINGS, name="app").status == 404
    assert not learner.opens("/repositories/ana2026/app").says("(Settings)")


def test_the_default_privacy_is_public_and_is_kept(signed_in: Learner, ana: User) -> None:
    page = "/conta/privacidade/"
    for visibility, kept in (("private", True), ("public", False)):
        ana.refresh_from_db()
        assert ana.default_private is not kept
        assert signed_in.sends(page, visibility=visibility).says("foi salva")
        assert re.search(rf'type="radio"[^>]* value="{visibility}"[^>]* checked', signed_in.opens(page).text)
        ana.refresh_from_db()
        assert ana.default_private is kept
    assert signed_in.sends(page, visibility="").says("Preencha este campo.")


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("Meu App", "meu-app"),
        ("ação", "acao"),
        ("a..b", "a.b"),
        ("-docker-is-cool-", "docker-is-cool"),
        ("ana/app", "app"),
        ("!!!", None),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_wrong_name_comes_with_one_that_would_do(text: str, nearest: str | None) -> None:
    assert suggest_name(text) == nearest
    problem = problem_with_new_name("ana2026", text)
    assert problem is not None
    if nearest and len(text) < 255:
        assert problem_with_new_name("ana2026", nearest) is None
        assert f"«{nearest}»" in problem


def test_the_description_is_written_and_changed_on_the_page(
    ana: User, app: Repository, client: Client
) -> None:
    client.force_login(ana)
    where = "/repositories/ana2026/app/descricao/"
    saved = client.post(where, {"description": "Diz olá em português"}, follow=True)
    assert "Diz olá em português" in saved.content.decode()
    app.refresh_from_db()
    assert app.description == "Diz olá em português"
    long = client.post(where, {"description": "x" * 101})
    assert "são no máximo 100 caracteres" in long.content.decode()
    app.refresh_from_db()
    assert app.description == "Diz olá em português"


def test_only_the_owner_describes_a_repository(app: Repository, client: Client) -> None:
    where = "/repositories/ana2026/app/descricao/"
    assert client.post(where, {"description": "minha"}).status_code == 302
    client.force_login(User.objects.create(username="outra2026", email="outra@treino.test"))
    assert client.post(where, {"description": "minha"}).status_code == 404
    app.refresh_from_db()
    assert app.description == ""


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        (SETTINGS, {"visibility": "private", "name": "app"}),
        ("/repositories/ana2026/app/descricao/", {"description": "nova"}),
        ("/repositories/ana2026/app/visao-geral", {"full_description": "nova"}),
        ("/repositories/ana2026/app/mutabilidade", {"mutability": "immutable"}),
    ],
)
def test_what_is_deleted_meanwhile_has_no_page(
    signed_in: Learner, app: Repository, page: str, fields: dict[str, str]
) -> None:
    with just_before('UPDATE "repositories_repository"', Repository.objects.all().delete):
        assert signed_in.sends(page, **fields).status == 404
    changed = Entry.objects.filter(subject=str(app)).exclude(action=Action.REPOSITORY_MADE)
    assert not changed.exists()
