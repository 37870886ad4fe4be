"""What a registry tells besides an image: the tags of a repository, and what time it is there."""

import pytest
from aiohttp import web

from checks.image import Clock, RemoteTags
from checks.reference import parse
from tests.checks.conftest import ANA, FakeHub, with_registry

APP = parse("ana/app")


@pytest.mark.parametrize(("date", "ahead"), [("", 0), ("ontem", 0)])
def test_a_date_that_says_nothing_is_no_clock(hub: FakeHub, date: str, ahead: float) -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(headers={"Date": date})

    hub.faults["/v2/"] = handler
    assert with_registry(hub.url, lambda registry: registry.clock()) == Clock(ahead)


def test_the_tags_of_a_repository(hub: FakeHub) -> None:
    assert with_registry(hub.url, lambda registry: registry.remote_tags(APP, ANA)) == RemoteTags(APP)
    hub.push("ana/app", hub.image(), "v2")
    hub.push("ana/app", hub.image(), "v1")
    found = with_registry(hub.url, lambda registry: registry.remote_tags(APP, ANA))
    assert found == RemoteTags(APP, ("v1", "v2"))
    hub.private.add("ana/app")
    assert with_registry(hub.url, lambda registry: registry.remote_tags(APP, None)) == RemoteTags(APP)
