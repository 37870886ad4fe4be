"""The live sources of facts (engine, registry, hub, login) joined into the one the runner asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import cache as cache_once

from checks import answers, class_secret, engine, events, login, notebook_leaks, place
from checks.allowance import Allowance
from checks.auth import Credential
from checks.cache import Cache, default_folder
from checks.errors import HubUnreachable, RegistryUnreachable
from checks.hub_api import DOCKER_HUB, HubApi
from checks.image import (
    AccountRequest,
    Answer,
    AnswerRequest,
    ClockRequest,
    ContainerRequest,
    Fact,
    GrantRequest,
    HistoryRequest,
    LocalImageRequest,
    LocalLeaksRequest,
    LocalNamesRequest,
    LoginRequest,
    MarkRequest,
    NotebookLeaksRequest,
    PublicImageRequest,
    RemoteImageRequest,
    RemoteLeaksRequest,
    RemoteTagsRequest,
    RepositoryRequest,
    Request,
)
from checks.registry import DOCKER_HUB_REGISTRY, Registry
from checks.web import Web, open_session


@asynccontextmanager
async def live(registry: str = DOCKER_HUB_REGISTRY, hub: str = DOCKER_HUB) -> AsyncIterator["LiveSource"]:
    """The world as it is now; connections are made when they are needed, and closed at the end."""
    with closing(engine.Connection()) as connection, closing(Cache(default_folder())) as cache:
        async with open_session() as session:
            pushed = cache_once(lambda: events.last_pushed(events.of_this_lab()))
            at_registry = Registry(Web(session, RegistryUnreachable), cache, registry, pushed)
            yield LiveSource(connection, at_registry, HubApi(Web(session, HubUnreachable), hub))


class LiveSource:
    """Answers each request for a fact from the service that knows it."""

    def __init__(self, connection: engine.Connection, registry: Registry, hub: HubApi) -> None:
        self._engine = connection
        self._registry = registry
        self._hub = hub
        self._reading_login = asyncio.Lock()
        self._credential: Credential | None = None
        self._login_read = False

    @property
    def allowance(self) -> Allowance | None:
        return self._registry.allowance

    async def fetch(self, request: Request) -> Fact:
        match request:
            case LocalImageRequest(reference):
                return await asyncio.to_thread(engine.local_image, reference, self._engine)
            case HistoryRequest():
                return await asyncio.to_thread(engine.history, self._engine)
            case LoginRequest():
                return await asyncio.to_thread(login.current)
            case RemoteImageRequest(reference):
                return await self._registry.remote_image(reference, await self._learner())
            case PublicImageRequest(reference):
                return await self._registry.public_image(reference)
            case AccountRequest(docker_id):
                return await self._hub.account(docker_id)
            case RepositoryRequest(reference):
                return await self._hub.repository(reference, await self._learner())
            case LocalNamesRequest():
                return await asyncio.to_thread(engine.local_names, self._engine)
            case RemoteTagsRequest(reference):
                return await self._registry.remote_tags(reference, await self._learner())
            case ClockRequest():
                return await self._registry.clock()
            case GrantRequest(reference):
                return await self._registry.grant(reference, await self._learner())
            case AnswerRequest(unit, key):
                return Answer(key, await asyncio.to_thread(answers.load, unit, key))
            case MarkRequest(docker_id):
                return await asyncio.to_thread(class_secret.mark_of, docker_id)
            case RemoteLeaksRequest(reference):
                return await self._registry.remote_leaks(reference, await self._learner())
            case LocalLeaksRequest(reference):
                return await asyncio.to_thread(engine.local_leaks, reference)
            case NotebookLeaksRequest():
                return await asyncio.to_thread(notebook_leaks.look, place.work_home() / "exercises")
            case ContainerRequest(reference):
                return await asyncio.to_thread(engine.container, reference)

    async def _learner(self) -> Credential | None:
        """The stored credential, read once: a credential helper may be slow or ask a question."""
        async with self._reading_login:
            if not self._login_read:
                self._credential = await asyncio.to_thread(login.stored_credential)
                self._login_read = True
            return self._credential
