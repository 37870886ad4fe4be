"""The one search: what is here and the catalogue, by words, group and order; private things stay unfound."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.catalogue import search
from hub.catalogue.load import load, read
from hub.catalogue.models import Entry
from hub.catalogue.search import Filters, Order, find
from hub.catalogue.trust import Trust
from hub.repositories.models import Repository


def names(text: str, viewer: User | None = None, filters: Filters | None = None) -> list[str]:
    return [one.pulled_as for one in find(text, viewer, filters)[:100]]


def only(*trust: Trust, order: Order = Order.RELEVANCE) -> Filters:
    return Filters(frozenset(trust), order)


@pytest.fixture
def app(ana: User) -> Repository:
    """Beside an entry of a verified publisher with a similar name."""
    Entry.objects.create(
        namespace="empresa", name="nginx", trust=Trust.VERIFIED, description="Um nginx da empresa"
    )
    return Repository.objects.create(
        namespace="ana2026", name="nginx-da-ana", description="Um site de teste", owner=ana, pull_count=3
    )


@pytest.mark.parametrize("name", ["mysql", "nginx", "python", "node", "wordpress"])
def test_the_images_of_the_chapter_are_in_the_catalogue(db: None, name: str) -> None:
    first = find(name)[:1][0]
    assert (first.pulled_as, first.trust, first.is_here) == (name, Trust.OFFICIAL, False)
    assert (first.pull_count, first.last_updated) == (None, None)


def test_every_group_but_the_community_has_entries(db: None) -> None:
    assert {Trust(entry.trust) for entry in Entry.objects.all()} == set(Trust) - {Trust.COMMUNITY}


def test_the_nearest_name_comes_first(app: Repository) -> None:
    assert names("nginx") == ["nginx", "empresa/nginx", "ana2026/nginx-da-ana"]


@pytest.mark.parametrize(
    "text", ["site teste", "TESTE ana2026", "ana2026/nginx", "nginx-da", " site  de teste "]
)
def test_every_word_has_to_be_somewhere(app: Repository, text: str) -> None:
    assert names(text) == ["ana2026/nginx-da-ana"]


@pytest.mark.parametrize("text", ["site ausente", "bia2026/nginx", "100%", "\0nada\0", "a/b/c", "x" * 5_000])
def test_nothing_found_is_an_empty_answer(app: Repository, text: str) -> None:
    assert (find(text).count(), names(text)) == (0, [])


def test_only_the_owner_finds_what_is_private(app: Repository, ana: User, bia: User) -> None:
    Repository.objects.update(is_private=True)
    assert "ana2026/nginx-da-ana" not in names("nginx") + names("nginx", bia) + names("", bia)
    found = next(one for one in find("da-ana", ana)[:10])
    assert (found.pulled_as, found.is_private) == ("ana2026/nginx-da-ana", True)


def test_a_private_name_does_not_hide_an_entry(ana: User, bia: User) -> None:
    """Who knows the catalogue would learn from its gap that the repository exists."""
    Repository.objects.create(namespace="docker", name="dockerfile", is_private=True)
    assert names("dockerfile", bia) == ["docker/dockerfile"]


def test_what_is_here_replaces_its_entry(db: None) -> None:
    Repository.objects.create(namespace="library", name="nginx", description="nginx do Debian")
    found = find("nginx", filters=only(Trust.OFFICIAL))[:10]
    assert [(one.pulled_as, one.is_here, one.description) for one in found] == [
        ("nginx", True, "nginx do Debian")
    ]


@pytest.mark.parametrize(
    ("trust", "expected"),
    [
        ({Trust.OFFICIAL}, ["nginx"]),
        ({Trust.VERIFIED}, ["empresa/nginx"]),
        ({Trust.COMMUNITY}, ["ana2026/nginx-da-ana"]),
        ({Trust.SPONSORED}, []),
        ({Trust.VERIFIED, Trust.COMMUNITY}, ["empresa/nginx", "ana2026/nginx-da-ana"]),
    ],
)
def test_groups_narrow_the_answer(app: Repository, trust: set[Trust], expected: list[str]) -> None:
    assert names("nginx", filters=only(*trust)) == expected


def test_a_name_alone_earns_no_badge(db: None) -> None:
    """Somebody who signs up as a company is not verified by that."""
    Repository.objects.create(namespace="docker", name="agente")
    assert [one.trust for one in find("docker/agente")[:5]] == [Trust.COMMUNITY]


def test_order_by_pulls_and_by_date(app: Repository, ana: User) -> None:
    late = timezone.now() + timedelta(hours=1)
    Repository.objects.create(namespace="ana2026", name="novo", owner=ana, last_updated=late)
    assert names("", filters=only(order=Order.PULLS))[:2] == ["ana2026/nginx-da-ana", "ana2026/novo"]
    assert names("", filters=only(order=Order.RECENT))[:2] == ["ana2026/novo", "ana2026/nginx-da-ana"]


def test_pages_of_an_answer_share_nothing(app: Repository) -> None:
    found = find("")
    everything = found[: found.count()]
    assert found[:10] + found[10:20] + found[20:] == everything
    assert len({one.pulled_as for one in everything}) == len(everything) == len(read()) + 2


def test_loading_again_changes_nothing_and_mends_what_differs(db: None) -> None:
    before = set(Entry.objects.values_list("pk", flat=True))
    load()
    assert set(Entry.objects.values_list("pk", flat=True)) == before
    Entry.objects.filter(name="nginx", namespace="library").update(description="outra")
    Entry.objects.create(namespace="velha", name="entrada", trust=Trust.VERIFIED)
    load()
    assert {str(entry): entry.description for entry in Entry.objects.all()} == {
        str(entry): entry.description for entry in read()
    }


def test_the_words_of_a_query_are_bounded(db: None) -> None:
    many = " ".join(["a"] * 5_000)
    assert str(find(many)._rows.query).count("LIKE") < 20 * search._MOST_WORDS
