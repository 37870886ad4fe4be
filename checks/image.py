"""What a rule may look at: frozen facts of an image, a repository, an account, a history; no I/O.

A rule asks for facts by the types of its parameters; the runner turns them into requests and
hands each request to a `Source` (the engine, the registry, the hub, or the JSON of a case).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from checks.content import Image as Image
from checks.content import Platform as Platform
from checks.content import RunConfig as RunConfig
from checks.reference import Reference

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


@dataclass(frozen=True)
class LocalNames:
    """Every name in the learner's engine, and the platform whose images it runs by itself."""

    names: tuple[Reference, ...] = ()
    platform: Platform | None = None


@dataclass(frozen=True)
class RemoteTags:
    """The tags that the registry has in a repository, as far as the learner may see them."""

    reference: Reference
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clock:
    """By how many seconds this machine's clock is ahead of the registry's; negative when it is behind."""

    ahead: float = 0.0


Fact = (
    LocalImage
    | RemoteImage
    | PublicImage
    | Repository
    | Account
    | Login
    | History
    | LocalNames
    | RemoteTags
    | Clock
)

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


@dataclass(frozen=True)
class LocalNamesRequest:
    pass


@dataclass(frozen=True)
class RemoteTagsRequest:
    reference: Reference


@dataclass(frozen=True)
class ClockRequest:
    pass


Request = (
    LocalImageRequest
    | RemoteImageRequest
    | PublicImageRequest
    | RepositoryRequest
    | AccountRequest
    | LoginRequest
    | HistoryRequest
    | LocalNamesRequest
    | RemoteTagsRequest
    | ClockRequest
)


class Source(Protocol):
    """Where facts come from: the live services, or the JSON of a case.

    `fetch` answers a LocalImageRequest with a LocalImage, and so on. When the fact cannot be had
    (engine off, registry out of reach, 429) it raises an `OutOfReach` of checks.errors, whose text is
    the sentence the learner reads. "Not there" is not an error: it is a fact.
    """

    async def fetch(self, request: Request) -> Fact: ...
