"""What a piece about a repository looks at: what Docker Hub shows of it, and which pushes are remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from checks import events, login, runner, sources
from checks.errors import CourseError, HubUnreachable, OutOfReach, TooSlow
from checks.hub_tags import HubTags, TagList, fresh, pushes_of
from checks.image import Event, History, HistoryRequest, Source
from checks.reference import Reference, parse_typed
from checks.runner import PATIENCE
from checks.web import Web, open_session


@dataclass(frozen=True)
class Facts:
    """`pushes` are of this repository, oldest first, as far as the lab and the engine remember them."""

    tag_list: TagList
    pushes: tuple[Event, ...] = ()


def on_docker_hub(text: object) -> Reference:
    """What was typed, if it is a name of Docker Hub; CourseError says what else it is."""
    reference = parse_typed(str(text).strip())
    if not reference.on_docker_hub:
        raise CourseError(
            f"`{reference.familiar_name}` é um nome do registry `{reference.registry}`, e esta peça só fala "
            "com o Docker Hub."
        )
    return reference


def look(reference: Reference) -> Facts:
    """The world as it is now. Blocks for 15 s at most; raises OutOfReach."""

    async def work(source: Source) -> Facts:
        try:
            return await asyncio.wait_for(_look(reference, source), PATIENCE)
        except TimeoutError:
            raise TooSlow("uma resposta do Docker Hub", PATIENCE) from None

    return runner.aside(sources.live(), work)


async def _look(reference: Reference, source: Source) -> Facts:
    credential = await asyncio.to_thread(login.stored_credential)
    pushes: tuple[Event, ...] = ()

    async def remembered() -> Iterable[Event]:
        nonlocal pushes
        pushes = pushes_of(await _events(source), reference)
        return pushes

    async with open_session() as session:
        hub = HubTags(Web(session, HubUnreachable))
        found = await fresh(lambda: hub.tag_list(reference, credential), remembered)
    return Facts(found, pushes)


async def _events(source: Source) -> tuple[Event, ...]:
    """Of the engine and the recorder; of the recorder alone when the engine is off."""
    try:
        history = await source.fetch(HistoryRequest())
    except OutOfReach:
        return events.of_this_lab()
    return history.events if isinstance(history, History) else ()


def remembered_pushes(reference: Reference) -> tuple[Event, ...]:
    """Of the lab's recorder alone, which needs nothing to be running."""
    return pushes_of(events.of_this_lab(), reference)
