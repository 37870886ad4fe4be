"""Where the facts of a class come from: registry and hub, asked by whoever grades, and never by a learner."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from checks import class_secret
from checks.allowance import Allowance
from checks.auth import Credential
from checks.errors import OutOfReach
from checks.image import (
    Account,
    AccountRequest,
    Fact,
    MarkRequest,
    PublicImageRequest,
    RemoteImage,
    RemoteImageRequest,
    RemoteLeaksRequest,
    RemoteTagsRequest,
    Repository,
    RepositoryRequest,
    Request,
    Source,
)
from checks.reference import Reference
from checks.registry import Registry


class Hub(Protocol):
    """Who knows accounts and repositories: Docker Hub's API, or what the practice hub told beforehand."""

    async def account(self, docker_id: str) -> Account: ...

    async def repository(self, reference: Reference, credential: Credential | None) -> Repository: ...

    async def last_push(self, reference: Reference) -> datetime | None: ...


class ClassSource:
    """The same for every learner of the class; `reader` may see what is private, or is None for anyone."""

    def __init__(self, registry: Registry, hub: Hub, reader: Credential | None) -> None:
        self._registry = registry
        self._hub = hub
        self._reader = reader

    @property
    def allowance(self) -> Allowance | None:
        return self._registry.allowance

    async def remote_image(self, reference: Reference) -> RemoteImage:
        return await self._registry.remote_image(reference, self._reader)

    async def last_push(self, reference: Reference) -> datetime | None:
        """As anyone sees it; None when the hub does not tell it here. Raises OutOfReach."""
        return await self._hub.last_push(reference)

    async def fetch(self, request: Request) -> Fact:
        match request:
            case RemoteImageRequest(reference):
                return await self.remote_image(reference)
            case PublicImageRequest(reference):
                return await self._registry.public_image(reference)
            case RemoteTagsRequest(reference):
                return await self._registry.remote_tags(reference, self._reader)
            case RemoteLeaksRequest(reference):
                return await self._registry.remote_leaks(reference, self._reader)
            case AccountRequest(docker_id):
                return await self._hub.account(docker_id)
            case RepositoryRequest(reference):
                return await self._hub.repository(reference, self._reader)
            case MarkRequest(docker_id):
                return class_secret.mark_of(docker_id)
        raise NotOurs(request)


class NotOurs(OutOfReach):
    """A fact of the learner's own computer: a second look goes on without it, and nobody reads this."""

    def __init__(self, request: Request) -> None:
        super().__init__(f"{type(request).__name__}: isso só o computador do aluno sabe.")


class Once:
    """One learner's facts, each asked for once however many units want it; `facts` are those that came."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._asked: dict[Request, asyncio.Task[Fact]] = {}

    async def fetch(self, request: Request) -> Fact:
        if request not in self._asked:
            task = asyncio.create_task(self._source.fetch(request))
            task.add_done_callback(_heard)
            self._asked[request] = task
        return await asyncio.shield(self._asked[request])

    @property
    def facts(self) -> tuple[Fact, ...]:
        ended = (task for task in self._asked.values() if task.done() and not task.cancelled())
        return tuple(task.result() for task in ended if task.exception() is None)


def _heard(task: asyncio.Task[Fact]) -> None:
    """Whoever asked may have given up: asyncio would complain of an error that nobody took."""
    if not task.cancelled():
        task.exception()


@dataclass(frozen=True)
class KnownHub:
    """What the practice hub told of a whole class in one answer, which spares it thousands of questions.

    `told` is, by Docker ID: {"exists": bool, "confirmed": bool, "repositories": [{"name", "is_private",
    "description", "full_description"}]}.
    """

    told: Mapping[str, Mapping[str, Any]]

    async def account(self, docker_id: str) -> Account:
        found = self.told.get(docker_id, {})
        return Account(docker_id, bool(found.get("exists")), bool(found.get("confirmed")))

    async def repository(self, reference: Reference, credential: Credential | None) -> Repository:
        namespace, _, name = reference.repository.partition("/")
        repositories = self.told.get(namespace, {}).get("repositories", ())
        found = next((one for one in repositories if one["name"] == name), None)
        if found is None:
            return Repository(reference, exists=False)
        return Repository(
            reference,
            exists=True,
            private=bool(found["is_private"]),
            description=str(found["description"]),
            overview=str(found["full_description"]),
        )

    async def last_push(self, reference: Reference) -> datetime | None:
        """The practice hub has it in its own tables, and looks there when it keeps what was found."""
        return None
