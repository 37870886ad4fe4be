"""The settings page and the tags page, as an owner uses them; nobody else gets there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.audit.models import Entry
from hub.repositories.life import archive
from hub.repositories.models import Repository, Tag
from hub.repositories.privacy import create

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

PAGE = "/repositories/ana2026/app"
SETTINGS, TAGS = f"{PAGE}/configuracoes", f"{PAGE}/tags"
WRONG_NAME = "O nome deste repositório é app."


@pytest.fixture
def app(ana: User) -> Repository:
    made = create(ana, "app")
    for name in ("latest", "v1", "v2"):
        Tag.objects.create(repository=made, name=name, digest="sha256:" + "a" * 64)
    return made


@pytest.fixture
def owner(learner: Learner, app: Repository) -> Learner:
    learner.signs_in()
    return learner


def test_tags_are_protected_by_rules(owner: Learner, app: Repository) -> None:
    page = owner.sends(f"{PAGE}/mutabilidade", mutability="rules", rules="^v[0-9]+$\r\n\r\n ^rc ")
    assert (page.path, page.says("A proteção das tags foi salva.")) == (SETTINGS, True)
    app.refresh_from_db()
    assert (app.immutable_tags, app.immutable_tags_rules) == (True, ["^v[0-9]+$", "^rc"])
    owner.sends(f"{PAGE}/mutabilidade", mutability="immutable", rules="")
    app.refresh_from_db()
    assert (app.immutable_tags, app.immutable_tags_rules) == (True, [])
    owner.sends(f"{PAGE}/mutabilidade", mutability="mutable", rules="^v")
    app.refresh_from_db()
    assert not app.immutable_tags
    assert "^v</textarea>" in owner.opens(SETTINGS).text


@pytest.mark.parametrize(
    ("chosen", "rules", "says"),
    [
        ("rules", "", "Escreva pelo menos uma regra"),
        ("rules", "^v\n(", "A regra «(» não serve. Falta fechar um «(»."),
        ("rules", "\n".join(f"v{n}" for n in range(11)), "São no máximo 10 regras."),
        ("other", "^v", "Faça uma escolha válida"),
    ],
)
def test_a_wrong_protection_loses_nothing(
    owner: Learner, app: Repository, chosen: str, rules: str, says: str
) -> None:
    page = owner.sends(f"{PAGE}/mutabilidade", mutability=chosen, rules=rules)
    assert page.says(says), page.text
    assert all(rule in page.text for rule in rules.splitlines())
    app.refresh_from_db()
    assert not app.immutable_tags


def test_rules_are_tried_without_being_saved(owner: Learner, app: Repository) -> None:
    page = owner.sends(f"{PAGE}/mutabilidade", mutability="rules", rules="^v\nnada", acao="conferir")
    assert page.says('combina com: <span class="tag">v1</span> <span class="tag">v2</span>')
    assert page.says("<code>nada</code> não combina com nenhuma tag")
    app.refresh_from_db()
    assert not app.immutable_tags


def test_archived_with_the_name_typed_and_activated_with_a_button(owner: Learner, app: Repository) -> None:
    wrong = owner.sends(f"{PAGE}/arquivar", name="ap")
    assert wrong.says(WRONG_NAME)
    assert 'value="ap"' in wrong.text
    page = owner.sends(f"{PAGE}/arquivar", name="app")
    assert page.says("ana2026/app foi arquivado")
    assert "(Archived)" in owner.opens(PAGE).text
    assert "Salvar a descrição" not in owner.opens(SETTINGS).text
    for address, fields in (
        ("descricao", {"description": "nova"}), ("configuracoes", {"name": "app", "visibility": "private"}),
        ("mutabilidade", {"mutability": "immutable", "rules": ""}),
    ):  # fmt: skip
        owner.sends(f"{PAGE}/{address}", **fields)
    app.refresh_from_db()
    assert (app.description, app.is_private, app.immutable_tags) == ("", False, False)
    assert owner.sends(f"{PAGE}/arquivar", archived="0").says("foi reativado")
    app.refresh_from_db()
    assert not app.is_archived
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "repository_archived",
        "repository_unarchived",
    ]


def test_archiving_or_activating_twice_undoes_nothing(owner: Learner, app: Repository) -> None:
    assert 'name="archived" value="1"' in owner.opens(SETTINGS).text
    owner.sends(f"{PAGE}/arquivar", name="app", archived="1")
    assert 'name="archived" value="0"' in owner.opens(SETTINGS).text
    assert owner.sends(f"{PAGE}/arquivar", name="app", archived="1").says("ana2026/app já estava arquivado.")
    assert Repository.objects.get().is_archived
    owner.sends(f"{PAGE}/arquivar", archived="0")
    assert owner.sends(f"{PAGE}/arquivar", archived="0").says("ana2026/app já estava ativo.")
    assert not Repository.objects.get().is_archived
    assert Entry.objects.filter(action__startswith="repository_").count() == 2


def test_the_last_push_is_the_newest_tags_own(owner: Learner, app: Repository) -> None:
    """What is edited since, or made public, is no push."""
    app.tags.update(pushed_at=timezone.now() - timedelta(days=2))
    owner.sends(SETTINGS, name="app", visibility="private")
    assert re.search(r"Último push <time [^>]*>há 2\sdias</time>", owner.opens(PAGE).text)
    app.tags.all().delete()
    assert not owner.opens(PAGE).says("Último push")


def test_a_repository_is_not_deleted_by_a_wrong_name(owner: Learner, app: Repository) -> None:
    wrong = owner.sends(f"{PAGE}/apagar", name="outro")
    assert wrong.says(WRONG_NAME)
    assert 'value="outro"' in wrong.text
    assert app.tags.count() == 3


def test_the_tags_ticked_are_listed_before_anything_is_deleted(owner: Learner, app: Repository) -> None:
    assert 'value="v1" form="apagar"' in owner.opens(TAGS).text
    page = owner.opens(f"{TAGS}/apagar?tag=v1&tag=v2&tag=nada")
    assert page.says("Apagar 2 tags?")
    assert owner.opens(f"{TAGS}/apagar?tag=v1").says("Apagar a tag v1?")
    assert app.tags.count() == 3


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "Marque pelo menos uma tag"),
        ("?tag=nada", "Estas tags já não existem."),
        ("?" + "&".join(f"tag=t{n}" for n in range(101)), "São no máximo 100 tags"),
    ],
)
def test_nothing_to_delete_leads_back_to_the_tags(
    owner: Learner, app: Repository, query: str, says: str
) -> None:
    page = owner.opens(f"{TAGS}/apagar{query}")
    assert (page.path.rstrip("/"), page.says(says)) == (TAGS, True)


def test_what_may_not_be_deleted_says_why(owner: Learner, app: Repository) -> None:
    app.immutable_tags, app.immutable_tags_rules = True, ["^v"]
    app.save()
    for page in (owner.opens(f"{TAGS}/apagar?tag=latest&tag=v1"), owner.sends(f"{TAGS}/apagar", tag="v1")):
        assert page.says("A tag v1 de ana2026/app é imutável")
    archive(app)
    assert owner.sends(f"{TAGS}/apagar", tag="latest").says("está arquivado")
    assert app.tags.count() == 3


@pytest.mark.parametrize(
    "page", ["configuracoes", "mutabilidade", "arquivar", "apagar", "tags/apagar", "webhooks"]
)
def test_only_the_owner_gets_there(learner: Learner, app: Repository, bia: User, page: str) -> None:
    assert learner.sends(f"{PAGE}/{page}", name="app", tag="v1").path.startswith("/login")
    learner.signs_in("bia2026")
    assert learner.sends(f"{PAGE}/{page}", name="app", tag="v1", mutability="mutable").status == 404
    app.refresh_from_db()
    assert not app.is_archived
