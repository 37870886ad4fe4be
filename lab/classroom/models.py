"""The images that the class was handed out: the teacher's own docker-is-cool, and what is added to it."""

from __future__ import annotations

import asyncio
import os

from checks import engine
from checks.classroom import models
from checks.classroom.models import Models
from checks.classroom.remote import is_remote
from checks.classroom.session import Way, opened
from checks.content import Image
from checks.errors import EngineOff
from checks.image import Access
from checks.reference import Reference, parse
from checks.unit import load_course
from lab.errors import UsageError
from lab.image import NAME
from lab.paths import Home
from lab.state import write


def present(home: Home) -> Models:
    """Those kept; the first time, docker-is-cool is asked of the lab's engine, if that is on.

    Of no other engine: what somebody else's has under that name is not what was handed out.
    """
    kept, reference = load(home), parse(NAME)
    if kept.named(reference) or os.environ.get("DOCKER_HOST") != f"unix://{home.engine_socket}":
        return kept
    try:
        found = engine.local_image(reference).image
    except EngineOff:
        return kept
    return _keep(home, reference, (found,)) if found else kept


def load(home: Home) -> Models:
    return models.load(home.models)


def _keep(home: Home, reference: Reference, images: tuple[Image, ...]) -> Models:
    """These, each once, are all the models of that name from now on."""
    others = {name: kept for name, kept in load(home).images.items() if name != reference.familiar}
    changed = Models(others | ({reference.familiar: tuple(dict.fromkeys(images))} if images else {}))
    home.models.parent.mkdir(parents=True, exist_ok=True)
    write(home.models, changed.to_json())
    return changed


def add_pushed(
    home: Home, reference: Reference, pushed: Reference, way: Way, *, swap: bool = False, both: bool = False
) -> None:
    """Takes for a model what the registry has under another name: of another platform, say.

    UsageError for a name that nothing is held against, and for what would make two images of one platform
    pass for the right one; `swap` puts it in the place of the other, and with `both` the two are right.
    """
    if reference.familiar not in (names := _needed()):
        raise UsageError(
            f"Nenhuma unidade compara um push com `{reference.familiar}`. "
            f"Estas imagens têm modelo: {', '.join(sorted(names))}."
        )
    images = asyncio.run(_look(pushed, way))
    if not images:
        raise UsageError(f"Não achei nenhuma imagem em `{pushed.familiar}`. Ela está mesmo no Docker Hub?")
    kept = present(home).named(reference)
    platforms = {image.platform for image in images if swap or image not in kept}
    taken = [str(image.platform) for image in kept if image.platform in platforms]
    if taken and not (swap or both):
        raise UsageError(
            f"A turma já tem outro modelo de `{reference.familiar}` para {taken[0]}, e com dois as duas "
            "imagens contariam como certas. Para pôr esta no lugar da outra, repita com --trocar; se as duas "
            "são mesmo certas, com --tambem."
        )
    staying = [one for one in kept if both or one.platform not in platforms]
    _keep(home, reference, (*staying, *images))


def take_out(home: Home, reference: Reference) -> None:
    if not load(home).named(reference):
        raise UsageError(f"A turma não tem modelo de `{reference.familiar}`.")
    _keep(home, reference, ())


def _needed() -> frozenset[str]:
    """What the units hold a push against, and is not the learner's own."""
    checks = (check for unit in load_course() for check in unit.checks if is_remote(check))
    names = {str(check.arguments.get("same_as", "{")) for check in checks}
    return frozenset(parse(name).familiar for name in names if "{" not in name)


async def _look(pushed: Reference, way: Way) -> tuple[Image, ...]:
    async with opened(way) as source:
        found = await source.remote_image(pushed)
    return found.images if found.access is Access.FOUND else ()
