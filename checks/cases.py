"""The facts of a case: JSON that says what the world looks like, in a file named after its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from checks.case_file import Remote, World, read_world
from checks.errors import BadUnit, LoginRefused, OutOfReach
from checks.image import (
    Access,
    Account,
    AccountRequest,
    Clock,
    ClockRequest,
    Fact,
    HistoryRequest,
    LocalImage,
    LocalImageRequest,
    LocalNames,
    LocalNamesRequest,
    Login,
    LoginRequest,
    PublicImage,
    PublicImageRequest,
    RemoteImage,
    RemoteImageRequest,
    RemoteTags,
    RemoteTagsRequest,
    Repository,
    RepositoryRequest,
    Request,
)
from checks.outcome import Outcome
from checks.reference import Reference

Part = TypeVar("Part")

PREFIXES: Mapping[str, Outcome] = {
    "passa": Outcome.PASSED,
    "falha": Outcome.FAILED,
    "incerto": Outcome.UNVERIFIABLE,
    "naotentado": Outcome.NOT_ATTEMPTED,
}


@dataclass(frozen=True)
class Case:
    """A world written down; it is also the source of its facts."""

    path: Path
    expected: Outcome
    world: World

    @property
    def learner(self) -> str | None:
        return self.world.learner

    async def fetch(self, request: Request) -> Fact:
        return _answer(self.world, request)


def load(path: Path) -> Case:
    """Reads a case; BadUnit when its name or its content is malformed."""
    prefix = path.stem.partition("-")[0]
    if prefix not in PREFIXES or path.suffix != ".json":
        known = ", ".join(f"`{name}-….json`" for name in PREFIXES)
        raise BadUnit(f"{path}: o nome de um caso diz o veredito. Use um destes: {known}.")
    return Case(path, PREFIXES[prefix], read_world(path))


def cases_of(folder: Path) -> tuple[Path, ...]:
    """The cases of a unit's folder, by name."""
    return tuple(sorted((folder / "cases").glob("*.json")))


def _answer(world: World, request: Request) -> Fact:
    match request:
        case LoginRequest():
            return Login(world.login)
        case AccountRequest(docker_id):
            account = _reached(world.account)
            return Account(docker_id, account.exists, account.confirmed)
        case HistoryRequest():
            return _reached(world.history)
        case LocalImageRequest(reference):
            image = _reached(world.engine).get(reference)
            return LocalImage(reference, image, f"case:{reference}" if image else "")
        case RemoteImageRequest(reference):
            return _own(world, reference)
        case PublicImageRequest(reference):
            return _anonymous(world, reference)
        case RepositoryRequest(reference):
            return _repository(world, reference)
        case LocalNamesRequest():
            return LocalNames(tuple(_reached(world.engine)), world.platform)
        case RemoteTagsRequest(reference):
            return _tags(world, reference)
        case ClockRequest():
            _reached(world.registry)
            return Clock(world.clock_ahead)


def _reached(part: Part | OutOfReach) -> Part:
    if isinstance(part, OutOfReach):
        raise part
    return part


def _own(world: World, reference: Reference) -> RemoteImage:
    remote = _signed_in(world).get(reference)
    if remote is None:
        return RemoteImage(reference, Access.MISSING)
    if not _is_seen(world, reference, remote):
        return RemoteImage(reference, Access.DENIED)
    return RemoteImage(reference, Access.FOUND, remote.digest, remote.images)


def _tags(world: World, reference: Reference) -> RemoteTags:
    seen = [
        known.target
        for known, remote in _signed_in(world).items()
        if known.name == reference.name and _is_seen(world, known, remote)
    ]
    return RemoteTags(reference, tuple(sorted(seen)))


def _signed_in(world: World) -> Mapping[Reference, Remote]:
    registry = _reached(world.registry)
    if world.login and world.login_refused:
        raise LoginRefused(world.login)
    return registry


def _is_seen(world: World, reference: Reference, remote: Remote) -> bool:
    return not remote.denied and (remote.public or world.login == reference.namespace)


def _anonymous(world: World, reference: Reference) -> PublicImage:
    remote = _reached(world.registry).get(reference)
    if remote is None:
        return PublicImage(reference, Access.MISSING)
    if remote.denied or not remote.public:
        return PublicImage(reference, Access.DENIED)
    return PublicImage(reference, Access.FOUND, remote.digest, remote.images)


def _repository(world: World, reference: Reference) -> Repository:
    remotes: list[Remote] = [
        remote for known, remote in _reached(world.registry).items() if known.name == reference.name
    ]
    if not remotes:
        return Repository(reference, exists=False)
    return Repository(reference, exists=True, private=not any(remote.public for remote in remotes))
