"""Rules about the order of what was done, from the engine's events."""

from dataclasses import dataclass

from checks.errors import BadReference
from checks.image import Event, History, LocalImage
from checks.reference import Reference, parse
from checks.rules.base import Verdict, failed, not_attempted, passed, rule


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


@dataclass(frozen=True)
class _Story:
    removed: bool = False  # the last that happened to the name
    pulled: bool = False
    pulled_after_removal: bool = False


def _story(image: LocalImage, history: History) -> _Story:
    """What happened to a name, told from its events in order."""
    named = [event for event in history.events if _names(event, image.reference)]
    ids = {event.id for event in named if event.id} | ({image.image_id} - {""})
    removed = pulled = pulled_after_removal = False
    for event in history.events:
        is_named = _names(event, image.reference)
        # The classic store names an untagged image by its ID alone: any ID the name had will do.
        if event.action in ("untag", "delete") and (is_named or (_is_bare(event) and event.id in ids)):
            removed = True
        elif is_named:
            pulled_after_removal |= event.action == "pull" and removed
            pulled |= event.action == "pull"
            removed = False  # tagged, pushed or pulled: the name is there
    return _Story(removed, pulled, pulled_after_removal)


def _is_bare(event: Event) -> bool:
    return not event.name or event.name.startswith("sha256:")


def _names(event: Event, reference: Reference) -> bool:
    try:
        return not _is_bare(event) and parse(event.name) == reference
    except BadReference:
        return False
