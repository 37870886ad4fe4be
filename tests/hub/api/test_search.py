"""Searching, for programs: what the two searches answer, and what they never show."""

from __future__ import annotations

import pytest
from django.test import Client

from hub.accounts.models import User
from hub.catalogue.models import Entry
from hub.catalogue.trust import Trust
from hub.repositories.models import Repository

CLASSIC, OURS = "/v1/search", "/v2/search/repositories"


@pytest.fixture(autouse=True)
def _shelf(ana: User) -> None:
    Entry.objects.all().delete()
    Entry.objects.create(namespace="library", name="nginx", trust=Trust.OFFICIAL, description="Servidor web.")
    Repository.objects.create(namespace="ana2026", name="nginx-meu", owner=ana, pull_count=3)
    Repository.objects.create(namespace="ana2026", name="nginx-segredo", owner=ana, is_private=True)


def test_docker_search_has_the_official_image_first(client: Client) -> None:
    body = client.get(CLASSIC, {"q": "nginx", "n": "25"}).json()
    assert (body["num_results"], body["query"]) == (2, "nginx")
    assert body["results"] == [
        {
            "name": "nginx",
            "description": "Servidor web.",
            "star_count": 0,
            "is_official": True,
            "is_automated": False,
        },
        {
            "name": "ana2026/nginx-meu",
            "description": "",
            "star_count": 0,
            "is_official": False,
            "is_automated": False,
        },
    ]


def test_no_more_than_was_asked_for(client: Client) -> None:
    assert len(client.get(CLASSIC, {"q": "nginx", "n": "1"}).json()["results"]) == 1


@pytest.mark.parametrize("query", [{"q": "\0", "n": "²"}, {}, {"q": "'" * 5000, "n": "0"}, {"n": "9" * 30}])
def test_a_strange_question(client: Client, query: dict[str, str]) -> None:
    assert client.get(CLASSIC, query).status_code == 200
    assert client.get(OURS, {"query": query.get("q", "")}).status_code == 200


def test_the_hubs_own_search_has_pages(client: Client) -> None:
    first = client.get(OURS, {"query": "nginx", "page_size": "1"}).json()
    second = client.get(first["next"]).json()
    assert (first["count"], second["next"]) == (2, None)
    found = first["results"] + second["results"]
    assert [(one["repo_name"], one["is_official"], one["pull_count"]) for one in found] == [
        ("nginx", True, 0),
        ("ana2026/nginx-meu", False, 3),
    ]
    assert client.get(OURS, {"query": "nginx", "page": "3"}).status_code == 404


def test_what_the_catalogue_tells_of_cannot_be_read_as_a_repository(client: Client) -> None:
    for address in ("", "/tags", "/tags/latest"):
        assert client.get(f"/v2/namespaces/library/repositories/nginx{address}").status_code == 404
        assert client.get(f"/v2/repositories/library/nginx{address}/").status_code == 404
    assert client.get("/v2/namespaces/library/repositories").json()["count"] == 0
