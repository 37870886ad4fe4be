"""What a grading needs besides the learners: units, models, and the way to registry and hub."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from typing import Any

from checks.auth import Credential
from checks.cache import Cache, default_folder
from checks.classroom.source import ClassSource, Hub, KnownHub
from checks.errors import HubUnreachable, RegistryUnreachable
from checks.hub_api import DOCKER_HUB
from checks.hub_tags import HubTags
from checks.registry import DOCKER_HUB_REGISTRY, Registry
from checks.web import Web, open_session

# For each learner the hub is asked and the registry's documents are kept: a class has more than a learner.
_KEEP_DOCUMENTS = 250_000
_KEEP_BYTES = 1024 * 1024 * 1024
_TIMEOUT = 20.0  # seconds: with a class at once an answer takes longer than a learner's alone


@dataclass(frozen=True)
class Way:
    """How registry and hub are reached.

    `registry` is Docker Hub's registry by its own name, or the address of another door to the same one;
    only a token service of `house` may see the reader's secret.
    `told` is what the practice hub told of the whole class (KnownHub); None asks the hub's API of each.
    """

    reader: Credential | None = None
    registry: str = DOCKER_HUB_REGISTRY
    hub: str = DOCKER_HUB
    house: str = DOCKER_HUB_REGISTRY
    told: Mapping[str, Mapping[str, Any]] | None = field(default=None, repr=False)


@asynccontextmanager
async def opened(way: Way, cache: Cache | None = None, web: type[Web] = Web) -> AsyncIterator[ClassSource]:
    """The source of a class's facts, until the block ends; `web` sends what is asked of the registry."""
    with closing(cache or Cache(default_folder(), _KEEP_DOCUMENTS, _KEEP_BYTES)) as kept:
        async with open_session() as session:
            at_registry = Registry(
                web(session, RegistryUnreachable, _TIMEOUT), kept, way.registry, known_as=way.house
            )
            hub: Hub = HubTags(Web(session, HubUnreachable, _TIMEOUT), way.hub)
            if way.told is not None:
                hub = KnownHub(way.told)
            yield ClassSource(at_registry, hub, way.reader)
