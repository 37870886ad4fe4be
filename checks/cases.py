"""The facts of a case: JSON that says what the world looks like, in a file named after its verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from checks.case_file import Remote, RepositoryState, World, read_world
from checks.case_secrets import Ran
from checks.errors import BadUnit, LoginRefused, NoClassSecret, OutOfReach
from checks.image import (
    Access,
    Account,
    AccountRequest,
    Answer,
    AnswerRequest,
    Clock,
    ClockRequest,
    Container,
    ContainerRequest,
    Fact,
    Grant,
    GrantRequest,
    HistoryRequest,
    LocalImage,
    LocalImageRequest,
    LocalLeaks,
    LocalLeaksRequest,
    LocalNames,
    LocalNamesRequest,
    LoginRequest,
    Mark,
    MarkRequest,
    NotebookLeaksRequest,
    PublicImage,
    PublicImageRequest,
    RemoteImage,
    RemoteImageRequest,
    RemoteLeaks,
    RemoteLeaksRequest,
    RemoteTags,
    RemoteTagsRequest,
    Repository,
    RepositoryRequest,
    Request,
)
from checks.leaks import Leak
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
            return world.rights.login(world.login)
        case AccountRequest(docker_id):
            account = _reached(world.account)
            return Account(docker_id, account.exists, account.confirmed)
        case HistoryRequest():
            return _reached(world.history)
        case LocalImageRequest(reference):
            return _local(world, reference)
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
        case GrantRequest(reference):
            return _grant(world, reference)
        case AnswerRequest(_, key):
            return Answer(key, world.answers.get(key))
        case MarkRequest(docker_id):
            return _mark(world, docker_id)
        case RemoteLeaksRequest(reference):
            return RemoteLeaks(_own(world, reference), *_leaks(world, reference))
        case LocalLeaksRequest(reference):
            return LocalLeaks(_local(world, reference), *_leaks(world, reference))
        case NotebookLeaksRequest():
            return world.secrets.notebooks
        case ContainerRequest(reference):
            ran = world.secrets.containers.get(reference, Ran())
            return Container(_local(world, reference), ran.output, ran.exit_code, ran.problem)


def _mark(world: World, docker_id: str) -> Mark:
    if world.mark is None:
        raise NoClassSecret(None, "")
    return Mark(docker_id, world.mark)


def _reached(part: Part | OutOfReach) -> Part:
    if isinstance(part, OutOfReach):
        raise part
    return part


def _local(world: World, reference: Reference) -> LocalImage:
    image = _reached(world.engine).get(reference)
    return LocalImage(reference, image, f"case:{reference}" if image else "")


def _leaks(world: World, reference: Reference) -> tuple[tuple[Leak, ...], int]:
    return world.secrets.leaks.get(reference, ()), world.secrets.unread.get(reference, 0)


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
        raise LoginRefused(world.login, is_token=world.rights.token_scope is not None)
    return registry


def _grant(world: World, reference: Reference) -> Grant:
    known = {one.name: remote for one, remote in _signed_in(world).items()}.get(reference.name)
    return world.rights.grant(
        reference,
        own=world.login == reference.namespace,
        there=known is not None or reference.name in _reached(world.repositories),
        public=known is not None and known.public and not known.denied,
    )


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
    """A private one only its owner sees."""
    kept = _reached(world.repositories).get(reference.name) or _pushed(world, reference)
    if kept is not None and not kept.private:
        return Repository(reference, True, kept.private, kept.description, kept.overview)
    if world.login and world.login_refused:
        raise LoginRefused(world.login, is_token=world.rights.token_scope is not None)
    if kept is None or world.login != reference.namespace:
        return Repository(reference, exists=False)
    return Repository(reference, True, kept.private, kept.description, kept.overview)


def _pushed(world: World, reference: Reference) -> RepositoryState | None:
    """The repository that a push made."""
    remotes = [
        remote
        for known, remote in _reached(world.registry).items()
        if known.name == reference.name and not remote.denied
    ]
    return RepositoryState(private=not any(remote.public for remote in remotes)) if remotes else None
