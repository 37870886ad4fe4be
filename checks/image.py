"""What a rule may look at: frozen facts of an image, a repository, an account, a history; no I/O.

A rule asks for facts by the types of its parameters; the runner turns them into requests and
hands each request to a `Source` (the engine, the registry, the hub, or the JSON of a case).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from checks.reference import Reference

# ---------------------------------------------------------------- content of an image


@dataclass(frozen=True)
class Platform:
    os: str
    architecture: str
    variant: str = ""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Platform:
        architecture, variant = _text(config, "architecture"), _text(config, "variant")
        if (architecture, variant) == ("arm64", "v8"):
            variant = ""  # arm64 has one variant only; some clients write it, others do not
        return cls(_text(config, "os"), architecture, variant)

    @classmethod
    def parse(cls, text: str) -> Platform:
        """`linux/amd64` or `linux/arm/v7`."""
        os, architecture, variant, *_ = [*text.split("/"), "", "", ""]
        return cls.from_config({"os": os, "architecture": architecture, "variant": variant})

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


@dataclass(frozen=True)
class RunConfig:
    """How a container of the image starts; absent, null and empty are the same thing."""

    cmd: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> RunConfig:
        """Reads the `config` member of an image configuration (`Config` of `docker inspect`)."""
        working_dir = _text(config, "WorkingDir")
        return cls(
            cmd=_texts(config, "Cmd"),
            entrypoint=_texts(config, "Entrypoint"),
            env=tuple(sorted(_texts(config, "Env"))),
            user=_text(config, "User"),
            working_dir="" if working_dir == "/" else working_dir,  # builders differ, containers do not
            labels=tuple(sorted((key, str(value)) for key, value in _table(config, "Labels").items())),
            exposed_ports=tuple(sorted(_table(config, "ExposedPorts"))),
            volumes=tuple(sorted(_table(config, "Volumes"))),
        )


@dataclass(frozen=True)
class Image:
    """One image of one platform. Two are the same when their `content` is.

    Digests and IDs are left out on purpose: they change with the client, the manifest format and
    the engine's image store, while the content does not.
    """

    platform: Platform
    diff_ids: tuple[str, ...]
    run: RunConfig = field(default_factory=RunConfig)

    @property
    def content(self) -> tuple[Platform, tuple[str, ...], RunConfig]:
        return self.platform, self.diff_ids, self.run

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Image:
        """Reads an OCI or Docker image configuration; ValueError when it is none."""
        if not isinstance(config, Mapping):
            raise ValueError("an image configuration is an object")
        platform = Platform.from_config(config)
        if not platform.os or not platform.architecture:
            raise ValueError("an image configuration names its os and architecture")
        diff_ids = _texts(_table(config, "rootfs"), "diff_ids")
        return cls(platform, diff_ids, RunConfig.from_config(_table(config, "config")))


def _text(config: Mapping[str, Any], key: str) -> str:
    value = config.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is a text")
    return value


def _texts(config: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = config.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key} is a list of texts")
    return tuple(value)


def _table(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = config.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{key} is an object")
    return value


# ---------------------------------------------------------------- facts


@dataclass(frozen=True)
class LocalImage:
    """What the learner's engine has under a name; `image` is None when it has nothing."""

    reference: Reference
    image: Image | None
    image_id: str = ""


class Access(StrEnum):
    FOUND = "found"
    MISSING = "missing"
    DENIED = "denied"


@dataclass(frozen=True)
class RemoteImage:
    """What the registry has under a name, seen with the learner's own credential.

    An index holds an image a platform; attestations (platform unknown/unknown) are left out.
    """

    reference: Reference
    access: Access
    digest: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True)
class PublicImage:
    """What the registry shows under a name to anyone, without any credential."""

    reference: Reference
    access: Access
    digest: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True)
class Repository:
    """A repository of the hub; `reference` has its name, the tag says nothing.

    `private` is None when it does not exist or the hub does not tell.
    """

    reference: Reference
    exists: bool
    private: bool | None = None


@dataclass(frozen=True)
class Account:
    """An account of the hub; the real Docker Hub does not tell whether it is confirmed (None)."""

    docker_id: str
    exists: bool
    confirmed: bool | None = None


@dataclass(frozen=True)
class Login:
    """Who `docker login` stored for Docker Hub; None when nobody is logged in."""

    docker_id: str | None


@dataclass(frozen=True)
class Event:
    """An image event of the engine: tag, untag, push, pull or delete."""

    action: str
    name: str
    id: str = ""
    time: float = 0.0


@dataclass(frozen=True)
class History:
    """The engine's image events, oldest first."""

    events: tuple[Event, ...] = ()


Fact = LocalImage | RemoteImage | PublicImage | Repository | Account | Login | History

# ---------------------------------------------------------------- requests for facts


@dataclass(frozen=True)
class LocalImageRequest:
    reference: Reference


@dataclass(frozen=True)
class RemoteImageRequest:
    reference: Reference


@dataclass(frozen=True)
class PublicImageRequest:
    reference: Reference


@dataclass(frozen=True)
class RepositoryRequest:
    reference: Reference


@dataclass(frozen=True)
class AccountRequest:
    docker_id: str


@dataclass(frozen=True)
class LoginRequest:
    pass


@dataclass(frozen=True)
class HistoryRequest:
    pass


Request = (
    LocalImageRequest
    | RemoteImageRequest
    | PublicImageRequest
    | RepositoryRequest
    | AccountRequest
    | LoginRequest
    | HistoryRequest
)


class Source(Protocol):
    """Where facts come from: the live services, or the JSON of a case.

    `fetch` answers a LocalImageRequest with a LocalImage, and so on. When the fact cannot be had
    (engine off, registry out of reach, 429) it raises an `OutOfReach` of checks.errors, whose text is
    the sentence the learner reads. "Not there" is not an error: it is a fact.
    """

    async def fetch(self, request: Request) -> Fact: ...
