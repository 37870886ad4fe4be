"""Images that more than one learner pushed, told to the teacher with the evidence and never punished.

Two learners who followed the same steps may well have made the same image: so what the teacher handed out is
no copy, and an image with its maker's own mark (checks.mark) is theirs. The rest is for the teacher to judge.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.content import Image
from checks.image import Fact, RemoteImage, RemoteLeaks
from checks.mark import LABEL


@dataclass(frozen=True)
class Trace:
    """What is under a name of the learner's: a hash of its content, its digest there, the mark it has."""

    name: str
    content: str
    digest: str
    mark: str = ""

    def to_dict(self) -> dict[str, str]:
        return {"name": self.name, "content": self.content, "digest": self.digest, "mark": self.mark}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Trace:
        return cls(str(data["name"]), str(data["content"]), str(data["digest"]), str(data["mark"]))


@dataclass(frozen=True)
class Suspicion:
    """`people` have the same content under `names`, or the first has an image with the second's mark."""

    sentence: str  # for the teacher
    people: tuple[Person, ...]
    names: tuple[str, ...]
    digests: tuple[str, ...]


def traces_of(facts: Sequence[Fact]) -> tuple[Trace, ...]:
    leaks = [fact.image for fact in facts if isinstance(fact, RemoteLeaks)]
    images = {fact.reference: fact for fact in (*leaks, *facts) if isinstance(fact, RemoteImage)}
    return tuple(_trace(fact, image) for fact in images.values() for image in fact.images)


def content_of(image: Image) -> str:
    return hashlib.sha256(repr(image.content).encode()).hexdigest()[:32]


def _trace(fact: RemoteImage, image: Image) -> Trace:
    mark = dict(image.run.labels).get(LABEL, "").strip().encode("utf-8", "replace").decode("utf-8")
    return Trace(fact.reference.familiar, content_of(image), fact.digest or "", mark[:40])


def find_copies(
    seen: Iterable[tuple[Person, Iterable[Trace]]], models: Models, codes: Mapping[str, str]
) -> tuple[Suspicion, ...]:
    """`codes` are the learners' own marks, by Docker ID; empty when the class uses none."""
    handed_out = {content_of(image) for images in models.images.values() for image in images}
    makers = {_bare(code): docker_id for docker_id, code in codes.items()}
    people: dict[str, Person] = {}
    unmarked: dict[str, list[tuple[Person, Trace]]] = defaultdict(list)
    of_others: list[tuple[Person, Trace, str]] = []
    for person, traces in seen:
        people[person.docker_id] = person
        traces = list(traces)
        given = {trace.name for trace in traces if trace.content in handed_out}  # on any platform
        for trace in traces:
            maker = makers.get(_bare(trace.mark)) if trace.mark else None
            if maker not in (None, person.docker_id):
                of_others.append((person, trace, str(maker)))
            elif maker is None and trace.name not in given:
                unmarked[trace.content].append((person, trace))
    shared = (held for held in unmarked.values() if len({person.key for person, _ in held}) > 1)
    marked = (
        _with_mark(person, trace, people[maker]) for person, trace, maker in of_others if maker in people
    )
    return (*marked, *map(_shared, shared))


def _with_mark(person: Person, trace: Trace, maker: Person) -> Suspicion:
    sentence = f"{trace.name}, de {person.name}, tem a marca de {maker.name}."
    return Suspicion(sentence, (person, maker), (trace.name,), (trace.digest,))


def _shared(held: Sequence[tuple[Person, Trace]]) -> Suspicion:
    people = {person.key: person for person, _ in held}
    names = tuple(dict.fromkeys(trace.name for _, trace in held))
    digests = tuple(dict.fromkeys(trace.digest for _, trace in held))
    sentence = f"{len(people)} pessoas têm a mesma imagem, sem marca de nenhuma delas: {', '.join(names)}."
    return Suspicion(sentence, tuple(people.values()), names, digests)


def _bare(code: str) -> str:
    return "".join(code.lower().split()).replace("-", "")
