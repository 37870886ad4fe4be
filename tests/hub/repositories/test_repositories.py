"""Repositories and tags as the hub's pages see them: who sees what, and what a name may be."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from hub.accounts.models import User
from hub.repositories.models import Repository, Tag, by_name
from hub.repositories.names import is_tag, parse_repository


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_confirmed("ana", "ana@exemplo.com", "senha-de-treino")


@pytest.fixture
def bia(db: None) -> User:
    return User.objects.create_confirmed("bia", "bia@exemplo.com", "senha-de-treino")


@pytest.fixture(autouse=True)
def repositories(ana: User) -> None:
    Repository.objects.create(namespace="ana", name="app", owner=ana, description="Um site legal")
    Repository.objects.create(namespace="ana", name="secreto", owner=ana, is_private=True)
    Repository.objects.create(namespace="library", name="alpine")


def seen_by(viewer: User | AnonymousUser | None) -> set[str]:
    return {str(one) for one in Repository.objects.visible_to(viewer)}


def test_private_repositories_are_seen_by_their_owner_alone(ana: User, bia: User) -> None:
    public = {"ana/app", "library/alpine"}
    assert seen_by(ana) == public | {"ana/secreto"}
    assert seen_by(bia) == seen_by(AnonymousUser()) == seen_by(None) == public


def test_by_name_hides_what_may_not_be_seen(ana: User, bia: User) -> None:
    assert by_name(ana, "ana", "secreto") is not None
    assert by_name(bia, "ana", "secreto") is None
    assert by_name(bia, "ana", "nada") is None


def test_a_repository_belongs_to_its_namespace(ana: User, bia: User) -> None:
    app = Repository.objects.get(name="app")
    assert [app.belongs_to(one) for one in (ana, bia, AnonymousUser(), None)] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("app", {"ana/app"}),
        ("SITE", {"ana/app"}),
        ("ana", {"ana/app", "ana/secreto"}),
        ("ana/sec", {"ana/secreto"}),
        ("an/app", set()),
        ("%", set()),
    ],
)
def test_search_looks_at_name_namespace_and_description(text: str, found: set[str]) -> None:
    assert {str(one) for one in Repository.objects.search(text)} == found


def test_the_last_pushed_comes_first(ana: User) -> None:
    assert [one.name for one in Repository.objects.all()] == ["alpine", "secreto", "app"]
    app = Repository.objects.get(name="app")
    for name in ("v1", "v2"):
        Tag.objects.create(repository=app, name=name, digest="sha256:" + "a" * 64)
    assert [tag.name for tag in app.tags.all()] == ["v2", "v1"]


def test_one_row_for_each_repository_and_each_tag() -> None:
    app = Repository.objects.get(name="app")
    Tag.objects.create(repository=app, name="v1", digest="sha256:" + "a" * 64)
    with pytest.raises(IntegrityError):
        Tag.objects.create(repository=app, name="v1", digest="sha256:" + "b" * 64)


def test_a_repository_is_unique() -> None:
    with pytest.raises(IntegrityError):
        Repository.objects.create(namespace="ana", name="app")


def test_a_person_who_leaves_leaves_the_images(ana: User) -> None:
    """The content is still in the registry; erasing it is another step."""
    ana.delete()
    assert Repository.objects.get(name="app").owner is None


@pytest.mark.parametrize("path", ["ana/app", "ana/a", "ana/docker-is-cool", "a.b/c__d", "ana/a--b", "0/0"])
def test_names_that_may_be(path: str) -> None:
    parsed = parse_repository(path)
    assert parsed is not None
    assert str(parsed) == path


@pytest.mark.parametrize(
    "path",
    [
        "", "app", "ana/", "/app", "ana/app/x", "Ana/app", "ana/App", "ana/-a", "ana/a-", "ana/a..b",
        "ana/a___b", "ana/ação", "ana/a b", "ana/app\n", "ana/app\0", "../..", f"ana/{'a' * 252}",
    ],
)  # fmt: skip
def test_names_that_may_not_be(path: str) -> None:
    assert parse_repository(path) is None


@pytest.mark.parametrize("tag", ["latest", "v1.0", "_x", "A", "a" * 128])
def test_tags_that_may_be(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize("tag", ["", ".x", "-x", "a b", "a/b", "é", "a\n", "a" * 129])
def test_tags_that_may_not_be(tag: str) -> None:
    assert not is_tag(tag)
