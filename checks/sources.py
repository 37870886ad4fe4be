"""The live sources of facts (engine, registry, hub, login) joined into the one the runner asks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from checks import engine, login
from checks.auth import Credential
from checks.cache import Cache, default_folder
from checks.errors import HubUnreachable, RegistryUnreachable
from checks.hub_api import DOCKER_HUB, HubApi
from checks.image import (
    AccountRequest,
    ClockRequest,
    Fact,
    HistoryRequest,
    LocalImageRequest,
    LocalNamesRequest,
    Login,
    LoginRequest,
    PublicImageRequest,
    RemoteImageRequest,
    RemoteTagsRequest,
    RepositoryRequest,
    Request,
)
from checks.registry import DOCKER_HUB_REGISTRY, Registry
from checks.web import Web, open_session


@asynccontextmanager
async def live() -> AsyncIterator["LiveSource"]:
    """The world as it is now; connections are closed at the end."""
    async with open_session() as session:
        yield LiveSource(session)


class LiveSource:
    """Answers each request for a fact from the service that knows it."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        registry: str = DOCKER_HUB_REGISTRY,
        hub: str = DOCKER_HUB,
    ) -> None:
        self._registry = Registry(Web(session, RegistryUnreachable), Cache(default_folder()), registry)
        self._hub = HubApi(Web(session, HubUnreachable), hub)
        self._reading_login = asyncio.Lock()
        self._credential: Credential | None = None
        self._login_read = False

    async def fetch(self, request: Request) -> Fact:
        match request:
            case LocalImageRequest(reference):
                return await asyncio.to_thread(engine.local_image, reference)
            case HistoryRequest():
                return await asyncio.to_thread(engine.history)
            case LoginRequest():
                return Login(await asyncio.to_thread(login.current_docker_id))
            case RemoteImageRequest(reference):
                return await self._registry.remote_image(reference, await self._learner())
            case PublicImageRequest(reference):
                return await self._registry.public_image(reference)
            case AccountRequest(docker_id):
                return await self._hub.account(docker_id)
            case RepositoryRequest(reference):
                return await self._hub.repository(reference, await self._learner())
            case LocalNamesRequest():
                return await asyncio.to_thread(engine.local_names)
            case RemoteTagsRequest(reference):
                return await self._registry.remote_tags(reference, await self._learner())
            case ClockRequest():
                return await self._registry.clock()

    async def _learner(self) -> Credential | None:
        """The stored credential, read once: a credential helper may be slow or ask a question."""
        async with self._reading_login:
            if not self._login_read:
                self._credential = await asyncio.to_thread(login.stored_credential)
                self._login_read = True
            return self._credential
