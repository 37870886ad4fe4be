"""Signing requests: who asks for a token, for how many, and what is shared when it goes wrong. No socket."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from checks.auth import Credential, Tokens, WebAnswer, WebRequest
from checks.errors import LoginRefused, RegistryUnreachable, StrangeAnswer
from checks.signer import SCOPES_AT_ONCE, Signer

URL = "https://registry-1.docker.io"
CHALLENGE = {"www-authenticate": 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"'}
ANA = Credential("ana", "segredo")


class Registry:
    """Lets in who holds a token for the repository; its token service grants all but `private`."""

    def __init__(self) -> None:
        self.asked: list[str] = []  # the scopes of each question for a token, or the path of a request
        self.private: set[str] = set()
        self.locked = True
        self.password = "segredo"
        self.scopes_at_once = 1000
        self.trouble: Exception | None = None
        self._tokens: dict[str, list[str]] = {}

    async def send(self, request: WebRequest) -> WebAnswer:
        await asyncio.sleep(0.01)
        if self.trouble:
            self.asked.append("trouble")
            raise self.trouble
        where = urlsplit(request.url)
        if where.path == "/token":
            return self._token(parse_qs(where.query)["scope"], request)
        self.asked.append(where.path)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.locked and f"repository:{where.path[1:]}:pull" not in self._tokens.get(token, []):
            return WebAnswer(401, CHALLENGE)
        return WebAnswer(200)

    def _token(self, scopes: list[str], request: WebRequest) -> WebAnswer:
        self.asked.append(" ".join(scopes))
        if (
            "account" in request.url
            and request.headers["Authorization"] != Credential("ana", self.password).basic
        ):
            return WebAnswer(401)
        if len(scopes) > self.scopes_at_once:
            return WebAnswer(403)
        token = f"token{len(self._tokens)}"
        self._tokens[token] = [scope for scope in scopes if scope.split(":")[1] not in self.private]
        return WebAnswer(200, body=json.dumps({"token": token}).encode())

    def forget_tokens(self) -> None:
        self._tokens.clear()


def scope(name: str) -> str:
    return f"repository:{name}:pull"


async def ask(signer: Signer, *names: str) -> list[int | type[BaseException]]:
    """The status of each answer, or what was raised, of requests made at the same time."""
    requests = (signer.send(WebRequest("GET", f"{URL}/{name}"), scope(name)) for name in names)
    answers = await asyncio.gather(*requests, return_exceptions=True)
    return [type(one) if isinstance(one, BaseException) else one.status for one in answers]


def story(registry: Registry, tell: Callable[[Signer], Awaitable[Any]], who: Credential | None = ANA) -> Any:
    async def run() -> Any:
        return await tell(Signer(registry.send, URL, who))

    return asyncio.run(run())


def test_only_the_first_request_goes_without_a_token() -> None:
    registry = Registry()
    assert story(registry, lambda signer: ask(signer, "a", "b", "c")) == [200, 200, 200]
    assert registry.asked[0] == "/a"
    questions = [asked for asked in registry.asked if asked.startswith("repository:")]
    assert sorted(" ".join(questions).split()) == [scope("a"), scope("b"), scope("c")]
    assert sorted(asked for asked in registry.asked if asked.startswith("/")) == ["/a", "/a", "/b", "/c"]


def test_a_registry_without_locks_needs_no_token() -> None:
    registry = Registry()
    registry.locked = False
    assert story(registry, lambda signer: ask(signer, "a", "b")) == [200, 200]
    assert sorted(registry.asked) == ["/a", "/b"]


def test_many_repositories_share_a_question_up_to_a_limit() -> None:
    registry, names = Registry(), [f"n{number}" for number in range(40)]
    assert set(story(registry, lambda signer: ask(signer, *names))) == {200}
    questions = [asked.split() for asked in registry.asked if asked.startswith("repository:")]
    assert max(map(len, questions)) == SCOPES_AT_ONCE
    assert len(questions) == 3
    assert sorted(asked for question in questions for asked in question) == sorted(map(scope, names))


def test_a_service_that_wants_one_question_a_repository_gets_that() -> None:
    registry = Registry()
    registry.scopes_at_once = 1
    assert story(registry, lambda signer: ask(signer, "a", "b", "c")) == [200, 200, 200]


def test_a_token_is_used_until_it_expires_or_is_refused() -> None:
    registry, now = Registry(), [0.0]

    async def tell(_: Signer) -> None:
        signer = Signer(registry.send, URL, ANA, Tokens(lambda: now[0]))
        await ask(signer, "a")
        for moment, cost in [(40, ["/a"]), (60, [scope("a"), "/a"])]:
            now[0] = moment
            registry.asked.clear()
            assert await ask(signer, "a") == [200]
            assert registry.asked == cost
        registry.forget_tokens()
        registry.asked.clear()
        assert await ask(signer, "a") == [200]
        assert registry.asked == ["/a", scope("a"), "/a"]

    story(registry, tell)


def test_what_is_not_allowed_is_not_asked_for_again() -> None:
    registry = Registry()
    registry.private.add("b")

    async def tell(signer: Signer) -> None:
        await ask(signer, "a")
        registry.asked.clear()
        assert await ask(signer, "b") == [401]
        assert registry.asked == [scope("b"), "/b"]

    story(registry, tell)


def test_a_refused_password_is_not_tried_for_every_repository() -> None:
    registry, names = Registry(), [f"n{number}" for number in range(60)]
    registry.password = "outra"
    assert set(story(registry, lambda signer: ask(signer, *names))) == {LoginRefused}
    assert len([asked for asked in registry.asked if asked.startswith("repository:")]) <= 2


def test_trouble_is_told_to_all_who_wait_and_not_to_those_who_come_later() -> None:
    registry = Registry()

    async def tell(signer: Signer) -> None:
        registry.trouble = RegistryUnreachable("registry", "caiu")
        assert await ask(signer, "a", "b", "c") == [RegistryUnreachable] * 3
        assert registry.asked == ["trouble"]
        registry.trouble = None
        assert await ask(signer, "a", "b") == [200, 200]

    story(registry, tell)


def test_trouble_with_the_token_service_is_told_to_all_who_wait() -> None:
    registry = Registry()

    async def tell(signer: Signer) -> None:
        await ask(signer, "a")
        registry.trouble = RegistryUnreachable("auth", "caiu")
        assert await ask(signer, *(f"n{number}" for number in range(40))) == [RegistryUnreachable] * 40
        assert registry.asked.count("trouble") == 1

    story(registry, tell)


def test_who_gives_up_leaves_the_others_their_answer() -> None:
    registry = Registry()

    async def tell(signer: Signer) -> None:
        first = asyncio.create_task(ask(signer, "a"))
        await asyncio.sleep(0)
        second = asyncio.create_task(ask(signer, "b"))
        await asyncio.sleep(0)
        first.cancel()
        assert await second == [200]
        third, fourth = asyncio.create_task(ask(signer, "c")), asyncio.create_task(ask(signer, "d"))
        await asyncio.sleep(0.005)
        third.cancel()
        assert await fourth == [200]

    story(registry, tell)


def test_a_token_service_elsewhere_is_not_asked() -> None:
    async def send(request: WebRequest) -> WebAnswer:
        assert request.url.startswith(URL)
        return WebAnswer(401, {"www-authenticate": 'Bearer realm="https://evil.example/token"'})

    async def tell() -> None:
        with pytest.raises(StrangeAnswer):
            await Signer(send, URL, ANA).send(WebRequest("GET", f"{URL}/a"), scope("a"))

    asyncio.run(tell())
