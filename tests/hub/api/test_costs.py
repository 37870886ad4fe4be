"""A list costs the same number of queries whether it has three rows or three hundred."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hub.accounts.models import User
from hub.api.bearer import issue
from hub.repositories.models import Repository, Tag
from hub.tokens.models import AccessToken
from hub.tokens.sign_in import SignedIn

FEW, MANY = 3, 300
Fill = Callable[[User, int], None]


def repositories(owner: User, number: int) -> None:
    new = [Repository(namespace=owner.username, name=f"app{one}", owner=owner) for one in range(number)]
    made = Repository.objects.bulk_create(new)
    tags_of(made, owner, 2)


def tags(owner: User, number: int) -> None:
    made = Repository.objects.create(namespace=owner.username, name="app", owner=owner)
    tags_of([made], owner, number)


def tags_of(made: list[Repository], owner: User, number: int) -> None:
    Tag.objects.bulk_create(
        Tag(repository=one, name=f"v{tag}", digest=f"sha256:{tag:064}", size=1, pushed_by=owner)
        for one in made
        for tag in range(number)
    )


def tokens(owner: User, number: int) -> None:
    AccessToken.objects.bulk_create(
        AccessToken(owner=owner, label=f"t{one}", scopes=["repo:read"], fingerprint=f"{one}")
        for one in range(number)
    )


LISTS: dict[str, Fill] = {
    "/v2/namespaces/ana2026/repositories?page_size=100": repositories,
    "/v2/repositories/ana2026/?page_size=100": repositories,
    "/v2/search/repositories?query=app&page_size=100": repositories,
    "/v1/search?q=app&n=100": repositories,
    "/v2/namespaces/ana2026/repositories/app/tags?page_size=100": tags,
    "/v2/namespaces/ana2026/repositories/app": tags,
    "/v2/access-tokens?page_size=100": tokens,
}


def cost(person: User, address: str) -> int:
    headers = {"Authorization": f"Bearer {issue(SignedIn(person))}"}
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(address, headers=headers)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_whatever_its_length(ana: User, address: str) -> None:
    LISTS[address](ana, FEW)
    few = cost(ana, address)
    Repository.objects.all().delete()
    AccessToken.objects.all().delete()
    LISTS[address](ana, MANY)
    assert cost(ana, address) == few <= 5


def test_the_tags_of_a_list_stay_in_the_database(ana: User) -> None:
    """Nothing that is read for a list of repositories grows with their tags."""
    tags(ana, MANY)
    with CaptureQueriesContext(connection) as asked:
        Client().get("/v2/namespaces/ana2026/repositories")
    about_tags = [query["sql"] for query in asked if "repositories_tag" in query["sql"]]
    assert len(about_tags) == 1
    assert "SUM(" in about_tags[0]
    assert "images" not in about_tags[0]


def test_a_repository_tells_when_it_changed(ana: User) -> None:
    tags(ana, FEW)
    before = timezone.now()
    headers = {"Authorization": f"Bearer {issue(SignedIn(ana))}"}
    address = "/v2/namespaces/ana2026/repositories/app"
    Client().patch(address, {"description": "x"}, "application/json", headers=headers)
    assert Repository.objects.get().last_updated >= before
