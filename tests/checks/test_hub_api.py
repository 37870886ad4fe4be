"""Accounts and repositories, as Docker Hub's HTTP API tells them."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from checks.auth import Credential
from checks.errors import BadReference, HubUnreachable, LoginRefused, RateLimited, StrangeAnswer
from checks.hub_api import HubApi
from checks.image import Account, Repository
from checks.reference import parse
from checks.web import Web, open_session
from tests.checks.conftest import FakeHub

ANA = Credential("ana", "segredo")
APP = parse("ana/app")


def use(url: str, work: Callable[[HubApi], Awaitable[Any]]) -> Any:
    async def story() -> Any:
        async with open_session() as session:
            return await work(HubApi(Web(session, HubUnreachable), url))

    return asyncio.run(story())


def account(hub: FakeHub, name: str) -> Account:
    found: Account = use(hub.url, lambda api: api.account(name))
    return found


def repository(hub: FakeHub, who: Credential | None = None, name: str = "ana/app") -> Repository:
    found: Repository = use(hub.url, lambda api: api.repository(parse(name), who))
    return found


@pytest.mark.parametrize("confirmed", [True, False, None])
def test_an_account_and_whether_it_is_confirmed(hub: FakeHub, confirmed: bool | None) -> None:
    hub.profiles["ana"] = {"username": "ana"} if confirmed is None else {"is_confirmed": confirmed}
    assert account(hub, "ana") == Account("ana", exists=True, confirmed=confirmed)


def test_when_an_account_was_made_and_a_repository_changed(hub: FakeHub) -> None:
    hub.profiles["ana"] = {"date_joined": "2026-11-20T10:00:00.5Z"}
    assert account(hub, "ana").joined == datetime(2026, 11, 20, 10, microsecond=500_000, tzinfo=UTC)
    hub.push("ana/app", hub.image())

    async def answer(request: web.Request) -> web.Response:
        return web.json_response(told)

    hub.faults["/repositories/app"] = answer
    for told, expected in (
        ({"date_registered": "2026-11-21T10:00:00Z"}, 21),
        ({"date_registered": "2026-11-21T10:00:00Z", "last_modified": "2026-11-22T10:00:00Z"}, 22),
        ({"date_registered": "2026-11-21T10:00:00Z", "last_modified": None}, 21),
        ({"date_registered": "ontem"}, None),
        ({"date_registered": "2026-11-21T10:00:00"}, None),
    ):
        changed = repository(hub).changed
        assert (changed.day if changed else None) == expected, told


def test_an_account_that_is_not_there(hub: FakeHub) -> None:
    assert account(hub, "bia1") == Account("bia1", exists=False)


@pytest.mark.parametrize(
    "name", ["", "..", "ana/../bia", "ana@example.com", "ANA", "ana?x=1", "ção", "a" * 81]
)
def test_what_cannot_be_a_docker_id_is_not_even_asked(hub: FakeHub, name: str) -> None:
    assert account(hub, name) == Account(name, exists=False)
    assert hub.asked == []


def test_a_public_repository_is_seen_by_anyone(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    assert repository(hub, ANA) == Repository(APP, exists=True, private=False)
    assert hub.authorizations == [""]


@pytest.mark.parametrize(
    ("told", "description", "overview"),
    [
        ({"description": "Oi", "full_description": "# Oi"}, "Oi", "# Oi"),
        ({"description": "", "full_description": None}, "", ""),
        ({}, None, None),
        ({"description": 3, "full_description": ["x"]}, None, None),
    ],
)
def test_what_is_written_about_a_repository(
    hub: FakeHub, told: dict[str, Any], description: str | None, overview: str | None
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"is_private": False, **told})

    hub.faults["/v2/namespaces/"] = answer
    assert repository(hub) == Repository(APP, True, False, description, overview)


def test_a_private_repository_is_seen_by_its_owner(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    hub.private.add("ana/app")
    assert repository(hub) == Repository(APP, exists=False)
    assert repository(hub, ANA) == Repository(APP, exists=True, private=True)


def test_a_repository_that_is_not_there(hub: FakeHub) -> None:
    assert repository(hub, ANA) == Repository(APP, exists=False)
    assert repository(hub, name="ana/app/deep").exists is False


def test_a_refused_password_says_to_log_in_again(hub: FakeHub) -> None:
    with pytest.raises(LoginRefused, match="docker login -u ana"):
        repository(hub, Credential("ana", "antiga"))


def test_a_repository_elsewhere_is_a_fault_of_the_unit(hub: FakeHub) -> None:
    with pytest.raises(BadReference):
        repository(hub, name="ghcr.io/ana/app")


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"<html>oi</html>", StrangeAnswer),
        (200, b"[]", StrangeAnswer),
        (302, b"", StrangeAnswer),
        (429, b"", RateLimited),
        (500, b"", HubUnreachable),
    ],
)
def test_an_answer_that_says_nothing_is_not_a_missing_account(
    hub: FakeHub, status: int, body: bytes, error: type[Exception]
) -> None:
    async def fault(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    hub.faults["/v2/users/"] = fault
    with pytest.raises(error):
        account(hub, "ana")
