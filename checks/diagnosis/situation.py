"""What is known of a name that somebody wants to push or pull, and what a diagnosis of it says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from checks.errors import OutOfReach
from checks.image import (
    Access,
    Account,
    Clock,
    Grant,
    LocalImage,
    LocalNames,
    Login,
    RemoteImage,
    RemoteTags,
    SignedWith,
)
from checks.reference import Reference


class Cause(StrEnum):
    NONE = "none"
    NOT_PUSHED = "not_pushed"
    NOT_LOGGED_IN = "not_logged_in"
    LOGGED_IN_AS_OTHER = "logged_in_as_other"
    WRONG_NAMESPACE = "wrong_namespace"
    MISSING_TAG = "missing_tag"
    WRONG_TAG = "wrong_tag"
    NEAR_MISS = "near_miss"
    PRIVATE_OR_ABSENT = "private_or_absent"
    ABSENT = "absent"
    LOGIN_REFUSED = "login_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105
    TOKEN_SCOPE = "token_scope"  # noqa: S105
    OVER_QUOTA = "over_quota"
    LOGIN_UNREADABLE = "login_unreadable"
    RATE_LIMITED = "rate_limited"
    OTHER_PLATFORM = "other_platform"
    ENGINE_OFF = "engine_off"
    REGISTRY_OUT = "registry_out"
    HUB_OUT = "hub_out"
    CLOCK_WRONG = "clock_wrong"


@dataclass(frozen=True)
class Diagnosis:
    """Why, in a whole sentence that holds the command, and the one command (or page) that mends it."""

    cause: Cause
    sentence: str
    command: str


@dataclass(frozen=True)
class System:
    """Where the commands will be typed: with the practice hub or not, and on which system."""

    practice: bool = True
    name: str = "linux"
    hub: str = "https://hub.docker.com"  # where the learner opens the hub's pages

    @property
    def tokens_page(self) -> str:
        """The real one: https://github.com/microsoft/vscode-docker/issues/4379."""
        real = "https://app.docker.com/settings/personal-access-tokens"
        return f"{self.hub}/conta/tokens/" if self.practice else real

    @property
    def privacy_page(self) -> str:
        """Where a repository is made public, or new ones are born so."""
        return f"{self.hub}/conta/privacidade/" if self.practice else f"{self.hub}/repositories"


class Action(StrEnum):
    PUSH = "push"
    PULL = "pull"


@dataclass(frozen=True)
class Situation:
    """What is known of one name that somebody wants to push or pull."""

    reference: Reference
    action: Action
    exact: bool = False  # a unit asks for this very name: another one would not do
    source: Reference | None = None  # the image that should get it, when the unit says which
    compared: bool = False  # the rule has seen that the learner's computer has just that one under the name
    login: Login | None = None
    local: LocalImage | None = None
    remote: RemoteImage | None = None
    names: LocalNames | None = None
    tags: RemoteTags | None = None
    grant: Grant | None = None
    owner: Account | None = None  # the account whose name the image begins with
    clock: Clock | None = None
    trouble: OutOfReach | None = None  # what kept a needed fact from us
    system: System = System()

    @property
    def name(self) -> str:
        return self.reference.familiar

    @property
    def command(self) -> str:
        return f"docker {self.action.value} {self.name}"

    @property
    def learner(self) -> str | None:
        return self.login.docker_id.lower() if self.login and self.login.docker_id else None

    @property
    def is_own(self) -> bool:
        return self.learner is not None and self.learner == self.reference.namespace

    @property
    def by_token(self) -> bool:
        return self.login is not None and self.login.signed_with is SignedWith.TOKEN

    @property
    def is_local(self) -> bool:
        return self.local is not None and self.local.image is not None

    @property
    def is_remote(self) -> bool:
        return self.remote is not None and self.remote.access is Access.FOUND

    @property
    def hub(self) -> str:
        on_hub = self.reference.on_docker_hub
        return "Docker Hub" if on_hub else f"registry {self.reference.registry}"
