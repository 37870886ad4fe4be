"""What Docker Hub shows of a repository: its tags, where each points, for which platforms and how large.

It costs two requests (a private repository, one more to sign in) and no pull, however many tags there are.
Docker Hub hears of a push a moment after the registry has taken it, so whoever has just pushed may have to
ask again (`fresh`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from checks import place
from checks.auth import Credential
from checks.cache import is_digest
from checks.hub_api import HubApi, moment
from checks.image import Event, Platform, Repository
from checks.reference import Reference, is_tag

MOST: Final = 100  # tags of one page, the most that Docker Hub gives
_RECENT = 60.0  # seconds in which a push may not have reached the hub yet, on a machine that is busy
_PAUSE = 0.2


@dataclass(frozen=True)
class TaggedImage:
    """One image behind a tag; `size` is in bytes, compressed, None when the hub does not tell."""

    platform: Platform
    size: int | None = None


@dataclass(frozen=True)
class HubTag:
    """A tag; `digest` is None when the hub does not tell, `pushed` is in seconds of the epoch."""

    name: str
    digest: str | None = None
    images: tuple[TaggedImage, ...] = ()
    pushed: float | None = None


@dataclass(frozen=True)
class TagList:
    """A repository with its tags, by name; `total` counts also those that are not told."""

    repository: Repository
    tags: tuple[HubTag, ...] = ()
    total: int = 0


class HubTags(HubApi):
    """Docker Hub's API, with the list of tags besides."""

    async def tag_list(self, reference: Reference, credential: Credential | None) -> TagList:
        """As the learner; raises what `repository` does."""
        repository = await self.repository(reference, credential)
        if not repository.exists:
            return TagList(repository)
        bearer = await self._bearer(credential) if repository.private and credential else None
        page = self._object(await self._get(_page(reference), bearer))
        tags = tuple(tag for tag in map(_tag, _rows(page)) if is_tag(tag.name))
        count = page.get("count")
        total = count if isinstance(count, int) else len(tags)
        return TagList(repository, tuple(sorted(tags, key=lambda tag: tag.name)), max(total, len(tags)))

    async def last_push(self, reference: Reference) -> datetime | None:
        """When something was last pushed to a repository that anyone sees, by its first page of tags.

        Docker Hub's OpenAPI calls it `tag_last_pushed`. None when there is no such repository, no tag, or
        no moment that can be read. Raises HubUnreachable, RateLimited or StrangeAnswer.
        """
        answer = await self._get(_page(reference), None)
        if answer.status in (401, 403, 404):
            return None
        moments = (moment(row.get("tag_last_pushed")) for row in _rows(self._object(answer)))
        return max(filter(None, moments), default=None)


def _page(reference: Reference) -> str:
    namespace, _, name = reference.repository.partition("/")
    return f"/v2/namespaces/{namespace}/repositories/{name}/tags?page_size={MOST}"


def _rows(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    results = page.get("results")
    rows = results if isinstance(results, list) else []
    return [row for row in rows[:MOST] if isinstance(row, dict)]


async def fresh(
    ask: Callable[[], Awaitable[TagList]],
    pushes: Callable[[], Awaitable[Iterable[Event]]],
    patience: float = 3.0,
) -> TagList:
    """Asks until the hub knows of the pushes of the last seconds, or no more than `patience` seconds."""
    end = time.monotonic() + patience
    while True:
        found = await ask()
        if not _is_behind(found, await pushes()) or time.monotonic() > end:
            return found
        await asyncio.sleep(_PAUSE)


def pushes_of(events: Iterable[Event], reference: Reference) -> tuple[Event, ...]:
    """The pushes to a repository, oldest first."""
    start = f"{reference.familiar_name}:"
    return tuple(event for event in events if event.action == "push" and event.name.startswith(start))


def _is_behind(found: TagList, pushes: Iterable[Event]) -> bool:
    last = {event.name.rpartition(":")[2]: event for event in pushes}
    known = {tag.name: tag for tag in found.tags}
    recent = [tag for tag, event in last.items() if 0 <= time.time() - event.time < _RECENT]
    return any(tag not in known or _differs(known[tag], last[tag]) for tag in recent)


def _differs(tag: HubTag, push: Event) -> bool:
    """Without images the hub has not finished; without a digest the lab's recorder has not, if it runs."""
    return not tag.images or (tag.digest != push.digest if push.digest else place.is_practice())


def _tag(row: Mapping[str, Any]) -> HubTag:
    digest, images = row.get("digest"), row.get("images")
    pushed = moment(row.get("tag_last_pushed")) or moment(row.get("last_updated"))
    rows = [image for image in images if isinstance(image, dict)] if isinstance(images, list) else []
    if not is_digest(digest) and len(rows) == 1:
        digest = rows[0].get("digest")
    return HubTag(
        str(row.get("name")),
        str(digest) if is_digest(digest) else None,
        tuple(_image(image) for image in rows if image.get("os") != "unknown"),  # attestations are no images
        pushed.timestamp() if pushed else None,
    )


def _image(row: Mapping[str, Any]) -> TaggedImage:
    told = {
        key: row[key] if isinstance(row.get(key), str) else "" for key in ("os", "architecture", "variant")
    }
    size = row.get("size")
    return TaggedImage(Platform.from_config(told), size if isinstance(size, int) else None)
