"""Signs the requests of one reader to one registry, asking for the tokens of many repositories at a time.

Only the first request goes without a token, to hear where tokens come from; the others wait for that
answer. Who needs a token while one is being asked for shares the next question with the others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import Final, TypeVar

from checks.auth import (
    Challenge,
    Credential,
    Token,
    Tokens,
    WebAnswer,
    WebRequest,
    ask_for_token,
    challenge_of,
    with_token,
)
from checks.errors import LoginRefused, StrangeAnswer

Result = TypeVar("Result")
Send = Callable[[WebRequest], Awaitable[WebAnswer]]
# A token names each repository it is for and travels with each request: more make it too long.
SCOPES_AT_ONCE: Final = 16


class Signer:
    """The requests of one reader (a credential, or none for anyone) to the registry at `url`."""

    def __init__(
        self, send: Send, url: str, credential: Credential | None, tokens: Tokens | None = None
    ) -> None:
        self._send = send
        self._url = url
        self._credential = credential
        self._tokens = tokens or Tokens()
        self._first: asyncio.Task[WebAnswer] | None = None
        self._challenge: Challenge | None = None
        self._wanted: dict[str, asyncio.Future[str]] = {}
        self._asking: asyncio.Task[None] | None = None
        self._at_once = SCOPES_AT_ONCE
        self._refused: LoginRefused | None = None

    async def send(self, request: WebRequest, scope: str) -> WebAnswer:
        """The answer to the request, signed for `scope` if need be; it may still be a 401."""
        if self._first is None or _failed(self._first):
            # A task of its own: it goes on for those who wait for it when who began it gives up.
            self._first = asyncio.create_task(self._hear(request))
            kept, answer = None, await asyncio.shield(self._first)
        else:
            if not self._first.done():
                await asyncio.shield(self._first)
            kept = self._tokens.get(scope)
            token = kept or (await self._new_token(scope) if self._challenge else None)
            answer = await self._send(with_token(request, token))
            if token and not kept:  # made a moment ago: a newer one would grant no more
                return answer
        challenge = challenge_of(answer)
        if challenge is None:
            return answer
        self._challenge = challenge
        if kept and kept == self._tokens.get(scope):
            self._tokens.forget(scope)
        token = self._tokens.get(scope) or await self._new_token(scope)
        return await self._send(with_token(request, token))

    async def _hear(self, request: WebRequest) -> WebAnswer:
        answer = await self._send(request)
        self._challenge = challenge_of(answer)
        return answer

    async def _new_token(self, scope: str) -> str:
        if self._refused:
            raise self._refused
        if scope not in self._wanted:
            self._wanted[scope] = asyncio.get_running_loop().create_future()
        wanted = self._wanted[scope]
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_for_all())
        return await asyncio.shield(wanted)

    async def _ask_for_all(self) -> None:
        await asyncio.sleep(0)  # who needs a token at this very moment is in the first question too
        while self._wanted:
            scopes = list(self._wanted)[: self._at_once]
            try:
                token = await self._ask(scopes)
            except Exception as error:
                if len(scopes) > 1 and isinstance(error, StrangeAnswer | LoginRefused):
                    self._at_once = 1  # this service may want one question a repository
                    continue
                self._give_up(scopes, error)
            else:
                for scope in scopes:
                    self._tokens.put(scope, token)
                    self._wanted.pop(scope).set_result(token.text)

    def _give_up(self, scopes: list[str], error: Exception) -> None:
        if isinstance(error, LoginRefused):  # never try a password again that was refused
            self._refused = error
        if not isinstance(error, StrangeAnswer):  # the next question would end the same way
            scopes = list(self._wanted)
        for scope in scopes:
            wanted = self._wanted.pop(scope)
            wanted.set_exception(error)
            wanted.exception()  # nobody may be waiting any more

    async def _ask(self, scopes: list[str]) -> Token:
        if self._challenge is None:
            raise AssertionError("a token is asked for after a challenge only")
        return await drive(ask_for_token(self._url, self._challenge, scopes, self._credential), self._send)


def _failed(task: "asyncio.Task[WebAnswer]") -> bool:
    return task.done() and task.exception() is not None


async def drive(flow: Generator[WebRequest, WebAnswer, Result], send: Send) -> Result:
    """What comes of a conversation: each request it yields is sent, and it is given the answer."""
    try:
        request = next(flow)
        while True:
            request = flow.send(await send(request))
    except StopIteration as done:
        result: Result = done.value
        return result
