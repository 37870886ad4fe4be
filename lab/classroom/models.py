"""The images that the class was handed out: the teacher's own docker-is-cool, and what is added to it."""

from __future__ import annotations

import asyncio
import os

from checks import engine
from checks.classroom import models
from checks.classroom.models import Models
from checks.classroom.session import Way, opened
from checks.content import Image
from checks.errors import EngineOff
from checks.image import Access
from checks.reference import Reference, parse
from lab.errors import UsageError
from lab.image import NAME
from lab.paths import Home
from lab.state import write


def present(home: Home) -> Models:
    """Those kept; the first time, docker-is-cool is asked of the lab's engine, if that is on.

    Of no other engine: what somebody else's has under that name is not what was handed out.
    """
    kept = models.load(home.models)
    reference = parse(NAME)
    if kept.named(reference) or os.environ.get("DOCKER_HOST") != f"unix://{home.engine_socket}":
        return kept
    try:
        found = engine.local_image(reference).image
    except EngineOff:
        return kept
    return add(home, reference, (found,)) if found else kept


def add(home: Home, reference: Reference, images: tuple[Image, ...]) -> Models:
    kept = models.load(home.models)
    more = tuple(dict.fromkeys((*kept.named(reference), *images)))
    grown = Models({**kept.images, reference.familiar: more})
    home.models.parent.mkdir(parents=True, exist_ok=True)
    write(home.models, grown.to_json())
    return grown


def add_pushed(home: Home, reference: Reference, pushed: Reference, way: Way) -> tuple[Image, ...]:
    """Takes for a model what the registry has under another name: of another platform, say."""
    images = asyncio.run(_look(pushed, way))
    if not images:
        raise UsageError(f"Não achei nenhuma imagem em `{pushed.familiar}`. Ela está mesmo no Docker Hub?")
    add(home, reference, images)
    return images


async def _look(pushed: Reference, way: Way) -> tuple[Image, ...]:
    async with opened(way) as source:
        found = await source.remote_image(pushed)
    return found.images if found.access is Access.FOUND else ()
