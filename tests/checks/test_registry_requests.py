"""What a look costs: each case with its requests, in order, and those that Docker Hub counts as pulls."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from checks.auth import Credential
from checks.image import Access
from checks.reference import parse
from checks.registry import Registry
from tests.checks.conftest import ANA, CONFIG, FakeHub, with_registry

APP = parse("ana/app")
NEW: dict[str, Any] = {**CONFIG, "config": {"Cmd": ["/new"]}}
GET_TAG, HEAD_TAG = "GET /v2/ana/app/manifests/latest", "HEAD /v2/ana/app/manifests/latest"


async def see(registry: Registry) -> None:
    assert (await registry.remote_image(APP, ANA)).access is Access.FOUND


async def see_as_both(registry: Registry) -> None:
    mine, public = await asyncio.gather(registry.remote_image(APP, ANA), registry.public_image(APP))
    assert (mine.access, mine.digest, mine.images) == (public.access, public.digest, public.images)
    assert mine.images


def asked(
    hub: FakeHub,
    cache: Path,
    work: Callable[[Registry], Awaitable[None]] = see,
    pushed: Mapping[str, str] | None = None,
) -> list[str]:
    """The requests of a look of which the tokens are fresh; `pushed` from here, as far as is known."""

    async def story(registry: Registry) -> None:
        for who in (ANA, None):
            assert (await registry.remote_image(parse("ana/app:no"), who)).access is Access.MISSING
        hub.asked.clear()
        hub.pulled.clear()
        await work(registry)

    with_registry(hub.url, story, cache, pushed=pushed)
    assert "GET /token" not in hub.asked
    return list(hub.asked)


def config_of(hub: FakeHub, descriptor: dict[str, Any]) -> str:
    return f"GET /v2/ana/app/blobs/{hub.document(descriptor)['config']['digest']}"


def test_a_name_never_seen_costs_two_round_trips_and_one_pull(hub: FakeHub, tmp_path: Path) -> None:
    image = hub.image()
    hub.push("ana/app", image)
    assert asked(hub, tmp_path) == [GET_TAG, config_of(hub, image)]
    assert len(hub.pulled) == 1


def test_a_name_that_did_not_move_costs_one_head(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.image())
    asked(hub, tmp_path)
    assert asked(hub, tmp_path) == [HEAD_TAG]
    assert asked(hub, tmp_path, see_as_both) == [HEAD_TAG, HEAD_TAG]
    assert hub.pulled == []


def test_an_index_that_did_not_move_costs_one_head(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.index(hub.image(), hub.image({**CONFIG, "architecture": "arm64"})))
    first = asked(hub, tmp_path)
    assert (len(first), len(hub.pulled)) == (5, 3)
    assert asked(hub, tmp_path) == [HEAD_TAG]


def test_a_name_that_moved_to_something_new_costs_one_pull(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.image())
    asked(hub, tmp_path)
    image = hub.image(NEW)
    digest = hub.push("ana/app", image)
    requests = asked(hub, tmp_path)
    assert requests == [HEAD_TAG, f"GET /v2/ana/app/manifests/{digest}", config_of(hub, image)]
    assert hub.pulled == [digest]


def test_a_push_from_here_costs_two_round_trips(hub: FakeHub, tmp_path: Path) -> None:
    """As for a name never seen: that it moved is known before anybody is asked."""
    hub.push("ana/app", hub.image())
    asked(hub, tmp_path)
    image = hub.image(NEW)
    pushed = {"ana/app:latest": hub.push("ana/app", image)}
    assert asked(hub, tmp_path, pushed=pushed) == [GET_TAG, config_of(hub, image)]
    assert asked(hub, tmp_path, pushed=pushed) == [HEAD_TAG]


def test_a_name_that_moved_to_something_seen_before_costs_one_head(hub: FakeHub, tmp_path: Path) -> None:
    first, second = hub.image(), hub.image(NEW)
    for image in (first, second):
        hub.push("ana/app", image)
        asked(hub, tmp_path)
    hub.push("ana/app", first)
    assert asked(hub, tmp_path) == [HEAD_TAG]


def test_what_is_not_there_costs_one_request(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.image(), "v1")

    async def miss(registry: Registry) -> None:
        assert (await registry.remote_image(APP, ANA)).access is Access.MISSING

    assert asked(hub, tmp_path, miss) == [GET_TAG]


def test_a_digest_asked_for_by_name_is_fetched_once(hub: FakeHub, tmp_path: Path) -> None:
    image = hub.image()
    by_digest = parse(f"ana/app@{hub.push('ana/app', image)}")

    async def look(registry: Registry) -> None:
        assert (await registry.remote_image(by_digest, ANA)).access is Access.FOUND

    place = f"/v2/ana/app/manifests/{image['digest']}"
    assert asked(hub, tmp_path, look) == [f"GET {place}", config_of(hub, image)]
    assert asked(hub, tmp_path, look) == [f"HEAD {place}"]


def test_the_learner_and_anyone_share_what_is_fetched(hub: FakeHub, tmp_path: Path) -> None:
    image = hub.image()
    digest = hub.push("ana/app", image)
    requests = asked(hub, tmp_path, see_as_both)
    assert sorted(requests) == sorted([GET_TAG, HEAD_TAG, config_of(hub, image)])
    moved = hub.image(NEW)
    digest = hub.push("ana/app", moved)
    requests = asked(hub, tmp_path, see_as_both)
    by_digest = f"GET /v2/ana/app/manifests/{digest}"
    assert sorted(requests) == sorted([HEAD_TAG, HEAD_TAG, by_digest, config_of(hub, moved)])


def test_who_may_not_look_gets_nothing_of_what_another_fetched(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.image())
    hub.private.add("ana/app")

    async def look(registry: Registry) -> None:
        public, mine = await asyncio.gather(registry.public_image(APP), registry.remote_image(APP, ANA))
        assert (public.access, public.images) == (Access.DENIED, ())
        assert mine.access is Access.FOUND
        assert mine.images

    with_registry(hub.url, look, tmp_path)


def test_a_registry_whose_head_tells_no_digest_is_read(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.image())
    asked(hub, tmp_path)
    hub.silent = True
    assert asked(hub, tmp_path) == [HEAD_TAG, GET_TAG]


def test_many_repositories_ask_for_few_tokens(hub: FakeHub) -> None:
    names = [parse(f"aluno{number}/app") for number in range(100)]
    for name in names:
        hub.push(name.repository, hub.image())

    async def look(registry: Registry) -> None:
        seen = await asyncio.gather(*map(registry.public_image, names))
        assert {one.access for one in seen} == {Access.FOUND}

    with_registry(hub.url, look)
    assert hub.asked.count("GET /token") == 7
    refused = 1  # only the first goes without a token
    assert sum(request.startswith("GET /v2/") for request in hub.asked) == refused + len(names) + 1


@pytest.mark.parametrize("who", [ANA, None])
def test_a_private_name_costs_no_second_token(hub: FakeHub, who: Credential | None) -> None:
    hub.push("bia/app", hub.image())
    hub.private.add("bia/app")
    hub.push("ana/app", hub.image())

    async def look(registry: Registry) -> None:
        await registry.remote_image(APP, who)
        hub.asked.clear()
        assert (await registry.remote_image(parse("bia/app"), who)).access is Access.DENIED

    with_registry(hub.url, look)
    assert hub.asked == ["GET /token", "GET /v2/bia/app/manifests/latest"]
