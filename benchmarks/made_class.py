"""A class made up for measures and tests: each learner with what they pushed, and the grade they should get.

Learner number n makes the mistake MISTAKES[n % len(MISTAKES)], so it is known beforehand what every cell of
the gradebook has to say. Images are real ones: layers that unpack to what their configuration says, unless
that is the very mistake.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final

import zstandard

from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.content import Image

DOCKER: Final = "application/vnd.docker.distribution.manifest.v2+json"
OCI: Final = "application/vnd.oci.image.manifest.v1+json"
INDEX: Final = "application/vnd.oci.image.index.v1+json"
_CONFIGS: Final = {
    DOCKER: "application/vnd.docker.container.image.v1+json",
    OCI: "application/vnd.oci.image.config.v1+json",
}
_LAYERS: Final = {DOCKER: "application/vnd.docker.image.rootfs.diff.tar.gzip"}
Grades = dict[str, float | None]
WHOLE: Final[Grades] = {
    "conta": 6, "repositorio": 8, "push": 8, "pull": 3, "versoes": 10, "acesso": 5, "publique-a-sua": 16,
}  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """`content` as it is kept, `diff_id` of what it unpacks to."""

    content: bytes
    diff_id: str
    media_type: str = ""


@dataclass(frozen=True)
class Made:
    """An image to push. `claims`: other diff_ids than its layers have."""

    layers: tuple[Layer, ...]
    run: Mapping[str, Any] = field(default_factory=dict)
    media_type: str = DOCKER
    architecture: str = "amd64"
    claims: tuple[str, ...] = ()

    @property
    def config(self) -> dict[str, Any]:
        diff_ids = self.claims or tuple(layer.diff_id for layer in self.layers)
        return {
            "os": "linux",
            "architecture": self.architecture,
            "rootfs": {"type": "layers", "diff_ids": list(diff_ids)},
            "config": dict(self.run),
            "history": [{"created_by": f"COPY {number}"} for number, _ in enumerate(diff_ids)],
        }


@dataclass(frozen=True)
class Pushed:
    """What is under a name: an image, or an index of several; `attested` adds one that is no image."""

    images: tuple[Made, ...]
    attested: bool = False


@dataclass(frozen=True)
class Learner:
    person: Person
    pushed: Mapping[str, Pushed]  # by name:tag
    account: Mapping[str, Any]  # as checks.classroom.source.KnownHub reads it
    private: frozenset[str]
    expected: Grades


def digest_of(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


@cache
def layer(name: str, text: str | bytes, *, zstd: bool = False) -> Layer:
    """A layer with one file; the same name and text give the same bytes."""
    content, archive = text.encode() if isinstance(text, str) else text, io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        tar.addfile(info, io.BytesIO(content))
    whole = archive.getvalue()
    if zstd:
        packed = zstandard.ZstdCompressor().compress(whole)
        return Layer(packed, digest_of(whole), "application/vnd.oci.image.layer.v1.tar+zstd")
    return Layer(gzip.compress(whole, mtime=0), digest_of(whole))


BASE = tuple(layer(name, name) for name in ("bin/busybox", "cool.txt", "cool.sh"))
COOL = Made(BASE, {"Cmd": ["/cool.sh"]})
ARM = Made((layer("bin/busybox", "arm"), *BASE[1:]), {"Cmd": ["/cool.sh"]}, OCI, "arm64")
MODELS = Models({"docker-is-cool:latest": (Image.from_config(COOL.config),)})


def _one(made: Made) -> Pushed:
    return Pushed((made,))


def made_person(number: int) -> Person:
    who = f"aluno{number:05}"
    return Person(f"{who}@escola.br", f"Aluno {number}", f"{who}@escola.br", docker_id=who, section="3A")


def _diligent(number: int) -> Learner:
    """Everything as the course asks for it."""
    person = made_person(number)
    who = person.docker_id

    def own(name: str, text: str, **run: Any) -> Pushed:
        return _one(Made((*BASE, layer(name, f"{text} {who}")), {"Cmd": ["/ler"], **run}))

    labels = {"org.opencontainers.image.version": "1.0", "org.opencontainers.image.authors": who}
    card = own("cartao.txt", "cartão de", User="1000", Labels=labels)
    first, second = own("convite.txt", "sala 12 de"), own("convite.txt", "sala 21 de")
    pushed = {
        "docker-is-cool:latest": _one(COOL),
        "convite:1.0": first,
        "convite:1.1": second,
        "convite:latest": second,
        "diario:1.0": own("diario.txt", "diário de"),
        "cartao:1.0": card,
        "cartao:latest": card,
    }
    repositories = [
        {"name": name, "is_private": name == "diario", "description": "Olá", "full_description": ""}
        for name in ("docker-is-cool", "convite", "diario", "cartao")
    ]
    account = {"exists": True, "confirmed": True, "repositories": repositories}
    names = {f"{who}/{name}": one for name, one in pushed.items()}
    return Learner(person, names, account, frozenset({f"{who}/diario"}), dict(WHOLE))


# ---------------------------------------------------------------- mistakes


Mistake = Callable[[Learner], Learner]


def _with(learner: Learner, name: str, pushed: Pushed | None, **expected: float | None) -> Learner:
    """Something else under one of the learner's names, or nothing."""
    full = f"{learner.person.docker_id}/{name}"
    changed = {key: one for key, one in learner.pushed.items() if key != full}
    if pushed is not None:
        changed[full] = pushed
    grades = {key.replace("_", "-"): score for key, score in expected.items()}
    return replace(learner, pushed=changed, expected=learner.expected | grades)


def _repository(learner: Learner, name: str, grades: Grades, **changed: Any) -> Learner:
    repositories = [one | changed if one["name"] == name else one for one in learner.account["repositories"]]
    full = f"{learner.person.docker_id}/{name}"
    private = learner.private - {full}
    if any(one["name"] == name and one["is_private"] for one in repositories):
        private |= {full}
    account = {**learner.account, "repositories": repositories}
    return replace(learner, account=account, private=private, expected=learner.expected | grades)


def _of(learner: Learner, name: str) -> Made:
    return learner.pushed[f"{learner.person.docker_id}/{name}"].images[0]


def nothing_wrong(learner: Learner) -> Learner:
    return learner


def nothing_done(learner: Learner) -> Learner:
    account = {**learner.account, "repositories": []}
    return replace(learner, pushed={}, account=account, expected=dict.fromkeys(WHOLE, None) | {"conta": 6})


def no_account(learner: Learner) -> Learner:
    account = {"exists": False, "confirmed": False, "repositories": []}
    return replace(learner, pushed={}, account=account, expected=dict.fromkeys(WHOLE, None))


def other_image(learner: Learner) -> Learner:
    return _with(learner, "docker-is-cool:latest", _one(Made((*BASE, layer("x", "y")))), push=2)


def empty_image(learner: Learner) -> Learner:
    return _with(learner, "docker-is-cool:latest", _one(Made(())), push=2)


def only_another_tag(learner: Learner) -> Learner:
    missing = _with(learner, "docker-is-cool:latest", None, push=None, pull=None)
    return _with(missing, "docker-is-cool:v1", _one(COOL))


def other_namespace(learner: Learner) -> Learner:
    missing = _with(learner, "docker-is-cool:latest", None, push=None, pull=None)
    return replace(
        missing, pushed={**missing.pushed, f"x{learner.person.docker_id}/docker-is-cool:latest": _one(COOL)}
    )


def borrowed_config(learner: Learner) -> Learner:
    """The right configuration over other layers: no engine can pull it."""
    fake = Made((*BASE[:2], layer("x", "outra")), COOL.run, claims=tuple(one.diff_id for one in BASE))
    return _with(learner, "docker-is-cool:latest", _one(fake), push=2)


def only_attestations(learner: Learner) -> Learner:
    return _with(learner, "docker-is-cool:latest", Pushed((), attested=True), push=2)


def private_where_public_was_asked(learner: Learner) -> Learner:
    grades: Grades = {"repositorio": 6, "push": 6, "pull": 0}
    return _repository(learner, "docker-is-cool", grades, is_private=True)


def no_description(learner: Learner) -> Learner:
    return _repository(learner, "docker-is-cool", {"repositorio": 6}, description="")


def in_oci_and_zstd(learner: Learner) -> Learner:
    layers = tuple(layer(name, name, zstd=True) for name in ("bin/busybox", "cool.txt", "cool.sh"))
    return _with(learner, "docker-is-cool:latest", _one(Made(layers, COOL.run, OCI)))


def for_two_platforms(learner: Learner) -> Learner:
    both = Pushed((replace(COOL, media_type=OCI), ARM), attested=True)
    return _with(learner, "docker-is-cool:latest", both)


def stale_latest(learner: Learner) -> Learner:
    return _with(learner, "convite:latest", _one(_of(learner, "convite:1.0")), versoes=7)


def same_version_twice(learner: Learner) -> Learner:
    first = _one(_of(learner, "convite:1.0"))
    return _with(_with(learner, "convite:1.1", first), "convite:latest", first, versoes=4)


def one_version_missing(learner: Learner) -> Learner:
    return _with(learner, "convite:1.1", None, versoes=0)


def secret_left(learner: Learner) -> Learner:
    diary = _of(learner, "diario:1.0")
    leaking = replace(diary, run={**diary.run, "Env": ["SENHA=abacaxi-azul-77"]})
    return _with(learner, "diario:1.0", _one(leaking), acesso=2)


def diary_for_all(learner: Learner) -> Learner:
    return _repository(learner, "diario", {"acesso": 3}, is_private=False)


def _card(learner: Learner, score: float, **run: Any) -> Learner:
    card = _of(learner, "cartao:1.0")
    other = _one(replace(card, run={**card.run, **run}))
    learner = _with(learner, "cartao:latest", other)
    return _with(learner, "cartao:1.0", other, publique_a_sua=score)


def as_root(learner: Learner) -> Learner:
    return _card(learner, 14, User="0")


def label_of_a_colleague(learner: Learner) -> Learner:
    labels = {**_of(learner, "cartao:1.0").run["Labels"], "org.opencontainers.image.authors": "colega"}
    return _card(learner, 15, Labels=labels)


def two_different_cards(learner: Learner) -> Learner:
    card = _of(learner, "cartao:1.0")
    other = replace(card, run={**card.run, "Cmd": ["/outro"]})
    return _with(learner, "cartao:latest", _one(other), publique_a_sua=14)


def too_large(learner: Learner) -> Learner:
    card = _of(learner, "cartao:1.0")
    fat = _one(replace(card, layers=(*card.layers, _fat())))
    learner = _with(learner, "cartao:latest", fat)
    return _with(learner, "cartao:1.0", fat, publique_a_sua=15)


@cache
def _fat() -> Layer:
    """6 MB that do not compress."""
    return layer("gordo", random.Random(6).randbytes(6_000_000))  # noqa: S311


MISTAKES: Final[tuple[Mistake, ...]] = (
    nothing_wrong, nothing_done, no_account, other_image, empty_image, only_another_tag, other_namespace,
    borrowed_config, only_attestations, private_where_public_was_asked, no_description, in_oci_and_zstd,
    for_two_platforms, stale_latest, same_version_twice, one_version_missing, secret_left, diary_for_all,
    as_root, label_of_a_colleague, two_different_cards, too_large,
)  # fmt: skip


def make(count: int, *, mistakes: bool = True) -> list[Learner]:
    """`count` learners; without mistakes, all of them diligent."""
    made = []
    for number in range(count):
        mistake = MISTAKES[number % len(MISTAKES)] if mistakes else nothing_wrong
        made.append(mistake(_diligent(number)))
    return made


def manifest_of(made: Made) -> tuple[dict[str, Any], bytes]:
    """The manifest, and the configuration that it names."""
    config = json.dumps(made.config).encode()
    described = {"mediaType": _CONFIGS[made.media_type], "digest": digest_of(config), "size": len(config)}
    layers = [
        {
            "mediaType": one.media_type
            or _LAYERS.get(made.media_type, "application/vnd.oci.image.layer.v1.tar+gzip"),
            "digest": digest_of(one.content),
            "size": len(one.content),
        }
        for one in made.layers
    ]
    return {"schemaVersion": 2, "mediaType": made.media_type, "config": described, "layers": layers}, config
