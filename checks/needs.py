"""What a check needs before its rule can judge: the entry's texts, filled in and made into requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from checks.entry import DOCKER_ID, Argument, Check, fill
from checks.errors import BadReference, OutOfReach
from checks.image import (
    Account,
    AccountRequest,
    AnswerRequest,
    Container,
    ContainerRequest,
    Grant,
    GrantRequest,
    HistoryRequest,
    LocalImage,
    LocalImageRequest,
    LocalLeaks,
    LocalLeaksRequest,
    Login,
    LoginRequest,
    Mark,
    MarkRequest,
    NotebookLeaks,
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
from checks.reference import Reference, parse
from checks.rules.base import (
    KEYED_FACTS,
    LEARNER_FACTS,
    NAMED_FACTS,
    Parameter,
    Verdict,
    not_attempted,
    unverifiable,
)

# Who the learner is: a name, nobody, or no way to know.
Learner = str | None | OutOfReach

WHO_ARE_YOU = (
    "Ainda não sei qual é o seu Docker ID, porque ninguém entrou no Docker Hub por aqui. "
    "Abra um terminal e digite `docker login -u SEU_DOCKER_ID`, com o seu Docker ID."
)


@dataclass(frozen=True)
class Needs:
    """The requests and plain values of a rule by parameter, or the verdict that makes them needless."""

    requests: Mapping[str, Request] = field(default_factory=dict)
    values: Mapping[str, Argument | Reference] = field(default_factory=dict)
    verdict: Verdict | None = None


def needs_of(check: Check, learner: Learner, unit: str = "") -> Needs:
    """What a check needs; `unit` is the id of the unit it is in, where its answers are kept."""
    if _is_about_the_learner(check) and (verdict := unknown(learner)):
        return Needs(verdict=verdict)
    docker_id = learner.lower() if isinstance(learner, str) else ""
    requests: dict[str, Request] = {}
    values: dict[str, Argument | Reference] = {}
    for parameter in check.rule.parameters:
        if parameter.kind in KEYED_FACTS:
            requests[parameter.name] = AnswerRequest(unit, str(check.arguments[parameter.name]))
        elif parameter.kind in (*NAMED_FACTS, *LEARNER_FACTS):
            requests[parameter.name] = _request(check, parameter, docker_id)
        elif parameter.name in check.arguments:
            value = _filled(check.arguments[parameter.name], docker_id)
            values[parameter.name] = parse(str(value)) if parameter.kind is Reference else value
    return Needs(requests, values)


def _filled(value: Argument, docker_id: str) -> Argument:
    if isinstance(value, tuple):
        return tuple(fill(text, docker_id) for text in value)
    return fill(value, docker_id) if isinstance(value, str) else value


def _is_about_the_learner(check: Check) -> bool:
    asks = any(parameter.kind in (Account, Mark) for parameter in check.rule.parameters)
    return asks or any(DOCKER_ID in text for text in check.texts)


def unknown(learner: Learner) -> Verdict | None:
    """Why the learner's Docker ID cannot be used, if it cannot."""
    if isinstance(learner, OutOfReach):
        return unverifiable(str(learner))
    if learner is None:
        return not_attempted(WHO_ARE_YOU)
    if not _is_docker_id(learner.lower()):
        return not_attempted(
            f"`{learner}` não é um Docker ID: ele só tem letras minúsculas e números. "
            "Saia com `docker logout` e entre com `docker login -u SEU_DOCKER_ID`."
        )
    return None


def _is_docker_id(name: str) -> bool:
    try:
        return "/" not in name and parse(f"{name}/x").repository == f"{name}/x"
    except BadReference:
        return False


def _request(check: Check, parameter: Parameter, docker_id: str) -> Request:
    if parameter.kind is Account:
        return AccountRequest(docker_id)
    if parameter.kind is Login:
        return LoginRequest()
    if parameter.kind is Mark:
        return MarkRequest(docker_id)
    if parameter.kind is NotebookLeaks:
        return NotebookLeaksRequest()
    if parameter.argument is None:
        return HistoryRequest()
    text = check.arguments[parameter.argument]
    return _named_request(parameter.kind, parse(fill(str(text), docker_id)))


def _named_request(kind: type, reference: Reference) -> Request:
    if kind not in _NAMED:
        raise TypeError(f"no request fetches a {kind.__name__}")
    return _NAMED[kind](reference)


_NAMED: Mapping[type, Callable[[Reference], Request]] = {
    LocalImage: LocalImageRequest,
    RemoteImage: RemoteImageRequest,
    PublicImage: PublicImageRequest,
    Repository: RepositoryRequest,
    RemoteTags: RemoteTagsRequest,
    Grant: GrantRequest,
    RemoteLeaks: RemoteLeaksRequest,
    LocalLeaks: LocalLeaksRequest,
    Container: ContainerRequest,
}
