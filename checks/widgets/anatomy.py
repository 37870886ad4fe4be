"""The anatomy of an image's name: its parts, who wrote each, and what Docker understands; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from checks.errors import BadReference
from checks.reference import DOCKER_HUB, OFFICIAL, Reference, normalize, parse_typed


class Kind(StrEnum):
    """The parts in the order they are written; the value is the word of the lessons."""

    REGISTRY = "registry"
    NAMESPACE = "namespace"
    REPOSITORY = "repositório"
    TAG = "tag"
    DIGEST = "digest"


@dataclass(frozen=True)
class Part:
    """`written`: by the learner; what is not, Docker fills in."""

    kind: Kind
    text: str
    written: bool

    @property
    def who(self) -> str:
        return "você escreveu" if self.written else "o Docker completa"


@dataclass(frozen=True)
class Anatomy:
    """A name that Docker accepts and that means what it says; `notes` are whole sentences."""

    parts: tuple[Part, ...]
    full: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wrong:
    """A name that Docker refuses or takes for another; `nearest` is one that works, if any is near."""

    text: str
    part: str
    reason: str
    nearest: str | None = None


_NAMES = {"registry": "registry", "repository": "repositório", "tag": "tag", "digest": "digest"}


def dissect(text: str) -> Anatomy | Wrong:
    """What is in a name, as far as it is one."""
    text = text.strip()
    try:
        meant = parse_typed(text)
    except BadReference as error:
        return Wrong(text, _NAMES.get(error.part, "nome inteiro"), error.reason, error.nearest)
    named = normalize(text)
    parts = tuple(_parts(text, named))
    return Anatomy(parts, str(meant), tuple(_notes(named, parts)))


def _parts(text: str, named: Reference) -> Iterator[Part]:
    """The path as it is written in full is the end of what was typed, unless Docker puts something before."""
    path = str(Reference("", named.repository, named.tag, named.digest))
    shortest = path.removeprefix(f"{OFFICIAL}/") if named.registry == DOCKER_HUB else path
    without_registry = text in (path, shortest)
    typed = text if without_registry else text.partition("/")[2]
    yield Part(Kind.REGISTRY, named.registry, not without_registry)
    if named.namespace:
        yield Part(Kind.NAMESPACE, named.namespace, typed == path)
    yield Part(Kind.REPOSITORY, named.repository.rpartition("/")[2], written=True)
    if named.tag or not named.digest:
        yield Part(Kind.TAG, named.tag or "latest", named.tag is not None)
    if named.digest:
        yield Part(Kind.DIGEST, named.digest, written=True)


def _notes(named: Reference, parts: tuple[Part, ...]) -> Iterator[str]:
    filled = {part.kind for part in parts if not part.written}
    if Kind.NAMESPACE in filled:
        yield (
            f"Sem namespace, o Docker põe `{OFFICIAL}`, o das imagens oficiais. "
            f"Para a imagem ir para a sua conta, comece por `SEU_DOCKER_ID/`."
        )
    if named.tag and named.digest:
        yield "Com o digest no nome, a tag não conta: o Docker procura só pelo digest."
    if not named.on_docker_hub:
        yield f"Este nome não leva ao Docker Hub, e sim ao registry `{named.registry}`."
