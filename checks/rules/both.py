"""A property of an image, written once: a rule about what the registry serves, and one about the engine's.

    @on_both("A imagem no Docker Hub tem…", "A imagem do seu computador tem…")
    def label(seen: Seen, name: str) -> Verdict: ...

adds the rules `label` and `local_label`. In an index every platform has to satisfy the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from checks.diagnosis import Action, Situation
from checks.image import Access, Image, LocalImage, RemoteImage
from checks.outcome import Outcome
from checks.rules.base import (
    Parameter,
    Rule,
    Verdict,
    add,
    failed,
    not_attempted,
    parameters_of,
    passed,
    refused,
)

LOCAL_PREFIX = "local_"


@dataclass(frozen=True)
class Seen:
    """An image that a property is asked of; `it` begins the sentences: "No Docker Hub, `ana/app:1.0`"."""

    image: Image
    it: str


# From an image and the plain keys of unit.toml to a verdict. A failure ends with what to change in
# the Dockerfile; how to build and push again is added here.
Look = Callable[..., Verdict]


def on_both(title: str, local_title: str) -> Callable[[Look], Look]:
    """Registers a property for the image of the registry and, as `local_…`, for the engine's."""

    def register(look: Look) -> Look:
        on_remote(title)(look)
        _add(f"{LOCAL_PREFIX}{look.__name__}", local_title, LocalImage, look, _local_judge(look))
        return look

    return register


def on_remote(title: str) -> Callable[[Look], Look]:
    """Registers a property that only the registry's image shows."""

    def register(look: Look) -> Look:
        _add(look.__name__, title, RemoteImage, look, _remote_judge(look))
        return look

    return register


def not_there(*images: RemoteImage, source: RemoteImage | None = None) -> Verdict | None:
    """Why the first image that the registry does not show is not there; `source` should have its name too."""
    same = source.reference if source else None
    for image in images:
        if image.access is not Access.FOUND:
            return refused(Situation(image.reference, Action.PUSH, exact=True, source=same, remote=image))
    return None


def nothing_usable(image: RemoteImage) -> Verdict:
    name = image.reference.familiar
    return failed(
        f"`{name}` existe no Docker Hub, mas lá não há nenhuma imagem que se possa usar: só anexos, "
        f"ou um manifesto que não combina com as camadas. Envie a sua com `docker push {name}`.",
        digest=image.digest,
    )


def not_here(image: LocalImage) -> Verdict:
    return not_attempted(
        f"Não há nenhuma imagem chamada `{image.reference.familiar}` no seu computador. "
        "Veja as que existem com `docker image ls` e confira o nome letra por letra."
    )


def platforms_of(images: Iterable[Image]) -> str:
    return " e ".join(dict.fromkeys(str(image.platform) for image in images))


def _add(name: str, title: str, fact: type, look: Look, judge: Callable[..., Verdict]) -> None:
    image = Parameter("image", fact, "image", required=True)
    add(Rule(name, title, judge, (image, *parameters_of(look, skip=1))))


def _remote_judge(look: Look) -> Callable[..., Verdict]:
    def judge(image: RemoteImage, **values: Any) -> Verdict:
        if missing := not_there(image):
            return missing
        if not image.images:
            return nothing_usable(image)
        situation = Situation(image.reference, Action.PUSH)
        found = _of_all(look, f"No {situation.hub}, `{situation.name}`", image.images, values)
        return _complete(found, _build_and_push(situation.name, image.images), digest=image.digest)

    return judge


def _local_judge(look: Look) -> Callable[..., Verdict]:
    def judge(image: LocalImage, **values: Any) -> Verdict:
        if image.image is None:
            return not_here(image)
        name = image.reference.familiar
        found = look(Seen(image.image, f"No seu computador, `{name}`"), **values)
        return _complete(found, f"Depois, refaça a imagem com `docker build -t {name} .`.")

    return judge


def _of_all(look: Look, it: str, images: Sequence[Image], values: dict[str, Any]) -> Verdict:
    """One verdict for the images of every platform; a failure names the platforms it is about."""
    verdicts = [(image, look(Seen(image, it), **values)) for image in images]
    bad = [(image, verdict) for image, verdict in verdicts if verdict.outcome is not Outcome.PASSED]
    if not bad:
        return verdicts[0][1]
    first = next((verdict for _, verdict in bad if verdict.outcome is Outcome.FAILED), bad[0][1])
    same = [image for image, verdict in bad if verdict.message == first.message]
    if len(same) == len(images):
        return first
    named = look(Seen(same[0], f"{it} para {platforms_of(same)}"), **values)
    others = [image for image, verdict in bad if verdict.message != first.message]
    more = f" Falta acertar também a de {platforms_of(others)}." if others else ""
    return Verdict(named.outcome, named.message + more, named.facts)


def _build_and_push(name: str, images: Sequence[Image]) -> str:
    platforms = ",".join(dict.fromkeys(str(image.platform) for image in images))
    if "," not in platforms:
        return (
            f"Depois, refaça a imagem com `docker build -t {name} .` e envie com `docker push {name}`; se no "
            "seu computador ela já está certa, só falta o push."
        )
    return (
        "Depois, refaça e envie a imagem de todas as plataformas com "
        f"`docker buildx build --platform {platforms} -t {name} --push .`."
    )


def _complete(found: Verdict, mend: str, **facts: str | None) -> Verdict:
    known = {**found.facts, **facts}
    if found.outcome is Outcome.PASSED:
        return passed(found.message, **known)
    if found.outcome is Outcome.FAILED:
        return failed(f"{found.message} {mend}", **known)
    return found
