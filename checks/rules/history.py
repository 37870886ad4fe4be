"""Rules about the order of what was done, from the engine's events."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from checks.errors import BadReference
from checks.image import Event, History, LocalImage
from checks.reference import Reference, parse
from checks.rules.base import Fits, Verdict, failed, not_attempted, passed, rule
from checks.rules.words import listed

# What the engine calls each step, and what a learner types for it.
_COMMANDS = {
    "tag": "docker tag",
    "push": "docker push",
    "untag": "docker rmi",
    "pull": "docker pull",
}


@rule(title="Você removeu a cópia local e baixou a imagem de novo")
def removed_then_pulled(image: LocalImage, history: History) -> Verdict:
    name, here, story = image.reference.familiar, image.image is not None, _story(image, history)
    if story.pulled_after_removal and here:
        return passed(f"Você removeu `{name}` do seu computador e baixou de novo do Docker Hub.")
    if story.pulled_after_removal:
        return failed(
            f"Você removeu e baixou `{name}`, mas ela não está mais no seu computador. "
            f"Baixe outra vez com `docker pull {name}`."
        )
    if story.removed and not here:
        return failed(f"Você já removeu `{name}` do seu computador. Agora baixe-a com `docker pull {name}`.")
    if not here:
        return not_attempted(
            f"`{name}` não está no seu computador, e não vi você baixá-la. "
            f"Baixe-a do Docker Hub com `docker pull {name}`."
        )
    if story.pulled:
        return failed(
            f"Você pediu `docker pull {name}` com a imagem ainda no seu computador, então não havia o que "
            f"baixar. Remova a cópia com `docker rmi {name}` e repita `docker pull {name}`."
        )
    return not_attempted(
        f"A cópia local de `{name}` ainda é a que você criou. "
        f"Remova-a com `docker rmi {name}` e baixe a do Docker Hub com `docker pull {name}`."
    )


@rule(title="Você fez os passos na ordem pedida")
def done_in_order(
    image: LocalImage,
    history: History,
    steps: Annotated[tuple[str, ...], Fits(_COMMANDS.__contains__, "`tag`, `push`, `untag` ou `pull`")],
) -> Verdict:
    """The events of the name contain these steps in this order; other steps may come between.

    A pull counts even when there was nothing to download. `docker build -t` is a `tag` on the classic
    image store alone, so a `tag` is best asked for only where the learner types `docker tag`.
    """
    name, done = image.reference.familiar, 0
    for action in _actions(image, history):
        done += done < len(steps) and action == steps[done]
    if done == len(steps):
        return passed(f"Você fez com `{name}`, na ordem: {_typed(steps)}.")
    mend = _next(steps[done], name)
    if not done:
        return not_attempted(f"Ainda não vi o primeiro passo com `{name}`, que é {_typed(steps[:1])}. {mend}")
    return failed(
        f"Com `{name}`, os passos pedidos são, nesta ordem: {_typed(steps)}. Até agora, na ordem, vi "
        f"{_typed(steps[:done])}. {mend}"
    )


def _typed(steps: tuple[str, ...]) -> str:
    return listed(_COMMANDS[step] for step in steps)


def _next(step: str, name: str) -> str:
    if step == "tag":
        return f"Dê o nome com `docker tag IMAGEM {name}`, com a sua imagem no lugar de IMAGEM."
    if step == "push":
        return f"Envie a imagem com `docker push {name}`."
    if step == "untag":
        return f"Remova a cópia do seu computador com `docker rmi {name}`."
    return f"Baixe a imagem com `docker pull {name}`."


@dataclass(frozen=True)
class _Story:
    removed: bool = False  # the last that happened to the name
    pulled: bool = False
    pulled_after_removal: bool = False


def _story(image: LocalImage, history: History) -> _Story:
    """What happened to a name, told from its events in order."""
    removed = pulled = pulled_after_removal = False
    for action in _actions(image, history):
        pulled_after_removal |= action == "pull" and removed
        pulled |= action == "pull"
        removed = action == "untag"  # tagged, pushed or pulled: the name is there
    return _Story(removed, pulled, pulled_after_removal)


def _actions(image: LocalImage, history: History) -> Iterator[str]:
    """What was done with a name, in order: `untag` comes once for each time it was taken off."""
    named = [event for event in history.events if _names(event, image.reference)]
    ids = {event.id for event in named if event.id} | ({image.image_id} - {""})
    gone = False
    for event in history.events:
        is_named = _names(event, image.reference)
        # The classic store names an untagged image by its ID alone: any ID the name had will do.
        if event.action in ("untag", "delete") and (is_named or (_is_bare(event) and event.id in ids)):
            if not gone:
                yield "untag"
            gone = True
        elif is_named:
            yield event.action
            gone = False


def _is_bare(event: Event) -> bool:
    return not event.name or event.name.startswith("sha256:")


def _names(event: Event, reference: Reference) -> bool:
    try:
        return not _is_bare(event) and parse(event.name) == reference
    except BadReference:
        return False
