"""What a rule may look at: frozen facts of an image, a repository, an account, a history; no I/O.

A rule asks for facts by the types of its parameters; the runner turns them into requests and
hands each request to a `Source` (the engine, the registry, the hub, or the JSON of a case).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from checks.content import Image as Image
from checks.content import Platform as Platform
from checks.content import RunConfig as RunConfig
from checks.leaks import Leak
from checks.reference import Reference
from checks.secrets import Secret

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

    The rest is None when it does not exist or the hub does not tell. `description` is the short
    one, `overview` the long one (`full_description`); both are empty when nobody wrote them. `changed` is
    when it was made or last edited.
    """

    reference: Reference
    exists: bool
    private: bool | None = None
    description: str | None = None
    overview: str | None = None
    changed: datetime | None = None


@dataclass(frozen=True)
class Account:
    """An account of the hub; the real Docker Hub does not tell whether it is confirmed (None).

    `joined` is when it was made, None when the hub does not tell.
    """

    docker_id: str
    exists: bool
    confirmed: bool | None = None
    joined: datetime | None = None


class SignedWith(StrEnum):
    PASSWORD = "password"  # noqa: S105
    TOKEN = "token"  # noqa: S105


@dataclass(frozen=True)
class Login:
    """Who `docker login` stored for Docker Hub; None when nobody is logged in.

    `signed_with` is what they typed, told by how the stored secret begins; None when that is not known.
    """

    docker_id: str | None
    signed_with: SignedWith | None = None


@dataclass(frozen=True)
class Event:
    """An image event of the engine: tag, untag, push, pull or delete.

    `digest` is what a push left in the registry; empty when the recorder could not tell, or did not run.
    """

    action: str
    name: str
    id: str = ""
    time: float = 0.0
    digest: str = ""


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
    complete: bool = True  # of a great many only the first are read


@dataclass(frozen=True)
class Clock:
    """By how many seconds this machine's clock is ahead of the registry's; negative when it is behind."""

    ahead: float = 0.0


@dataclass(frozen=True)
class Grant:
    """What the registry's token service lets the learner's login do in a repository, the tag says nothing.

    `actions` are of "pull", "push" and "delete"; `refusal` is what the service said when it refused more.
    """

    reference: Reference
    actions: frozenset[str] = frozenset()
    refusal: str = ""


@dataclass(frozen=True)
class Answer:
    """What the learner answered in the notebook under a key of the unit; None when nothing yet."""

    key: str
    text: str | None = None


@dataclass(frozen=True)
class Mark:
    """The learner's own code, made of the class's secret and the Docker ID (checks.mark)."""

    docker_id: str
    code: str


@dataclass(frozen=True)
class RemoteLeaks:
    """The secrets that can be read in what the registry serves under a name, of every platform.

    `unread` is how many layers were too large to be read; nothing is known of those.
    """

    image: RemoteImage
    leaks: tuple[Leak, ...] = ()
    unread: int = 0


@dataclass(frozen=True)
class LocalLeaks:
    """The same of an image in the learner's engine."""

    image: LocalImage
    leaks: tuple[Leak, ...] = ()
    unread: int = 0


@dataclass(frozen=True)
class CellLeak:
    """A secret in a saved notebook; `cell` counts from 1, 0 when it cannot be told."""

    secret: Secret
    notebook: str
    cell: int = 0
    in_output: bool = False


@dataclass(frozen=True)
class NotebookLeaks:
    """The secrets in the learner's saved notebooks, and how many notebooks were read."""

    leaks: tuple[CellLeak, ...] = ()
    notebooks: int = 0


@dataclass(frozen=True)
class Container:
    """What came of running an image in the learner's engine, for `seconds` at most.

    `exit_code` is None when it was still running then. `problem` is what the engine said when it could
    not even start; `output` is what it wrote, both streams, cut short when it is long.
    """

    image: LocalImage
    output: str = ""
    exit_code: int | None = None
    problem: str = ""
    seconds: int = 0


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
    | Grant
    | Answer
    | Mark
    | RemoteLeaks
    | LocalLeaks
    | NotebookLeaks
    | Container
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


@dataclass(frozen=True)
class GrantRequest:
    reference: Reference


@dataclass(frozen=True)
class AnswerRequest:
    unit: str
    key: str


@dataclass(frozen=True)
class MarkRequest:
    docker_id: str


@dataclass(frozen=True)
class RemoteLeaksRequest:
    reference: Reference


@dataclass(frozen=True)
class LocalLeaksRequest:
    reference: Reference


@dataclass(frozen=True)
class NotebookLeaksRequest:
    pass


@dataclass(frozen=True)
class ContainerRequest:
    reference: Reference


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
    | GrantRequest
    | AnswerRequest
    | MarkRequest
    | RemoteLeaksRequest
    | LocalLeaksRequest
    | NotebookLeaksRequest
    | ContainerRequest
)


class Source(Protocol):
    """Where facts come from: the live services, or the JSON of a case.

    `fetch` answers a LocalImageRequest with a LocalImage, and so on. When the fact cannot be had
    (engine off, registry out of reach, 429) it raises an `OutOfReach` of checks.errors, whose text is
    the sentence the learner reads. "Not there" is not an error: it is a fact.
    """

    async def fetch(self, request: Request) -> Fact: ...
