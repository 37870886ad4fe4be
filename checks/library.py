"""Documents of registries, each fetched once, however many want it at the same time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from checks.cache import Cache

Item = TypeVar("Item")


class Library:
    """What is in the cache, what is being fetched, and which names are being asked for with their content."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._under_way: dict[str, asyncio.Future[None]] = {}

    def knows(self, name: str) -> bool:
        """Whether the name was seen before, and what it led to is still here."""
        digest = self._cache.last_digest(name)
        return digest is not None and self.has(digest)

    def remember(self, name: str, digest: str) -> None:
        self._cache.remember(name, digest)

    def has(self, digest: str) -> bool:
        return self._cache.get(digest) is not None

    def put(self, digest: str, body: bytes) -> None:
        self._cache.put(digest, body)

    async def get(self, digest: str, fetch: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        """The document, from wherever it is nearest; `fetch` brings it already verified, or None.

        Who waited for somebody else's fetch that brought nothing fetches too: they may be allowed more.
        """
        while (body := self._cache.get(digest)) is None:
            async with self.alone(digest) as is_alone:
                if is_alone:
                    body = await fetch()
                    if body is not None:
                        self._cache.put(digest, body)
                    return body
        return body

    @asynccontextmanager
    async def alone(self, what: str) -> AsyncIterator[bool]:
        """Whether nobody else is at the same thing; who is not alone leaves when the other is done."""
        other = self._under_way.get(what)
        if other is not None:
            yield False
            await asyncio.wait([other])
            return
        done = self._under_way[what] = asyncio.get_running_loop().create_future()
        try:
            yield True
        finally:
            del self._under_way[what]
            done.set_result(None)


async def together(work: Iterable[Coroutine[Any, Any, Item]]) -> list[Item]:
    """All results in order; the first that fails ends the others too."""
    coroutines = list(work)
    if len(coroutines) == 1:
        return [await coroutines[0]]
    tasks = [asyncio.ensure_future(one) for one in coroutines]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        raise
