"""What a check needs before its rule can judge: the entry's texts, filled in and made into requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checks.entry import DOCKER_ID, Argument, Check, fill
from checks.errors import BadReference, OutOfReach
from checks.image import (
    Account,
    AccountRequest,
    HistoryRequest,
    LocalImage,
    LocalImageRequest,
    Login,
    LoginRequest,
    PublicImage,
    PublicImageRequest,
    RemoteImage,
    RemoteImageRequest,
    Repository,
    RepositoryRequest,
    Request,
)
from checks.reference import Reference, parse
from checks.rules.base import LEARNER_FACTS, NAMED_FACTS, Parameter, Verdict, not_attempted, unverifiable

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
    values: Mapping[str, Argument] = field(default_factory=dict)
    verdict: Verdict | None = None


def needs_of(check: Check, learner: Learner) -> Needs:
    if _is_about_the_learner(check) and (verdict := _unknown(learner)):
        return Needs(verdict=verdict)
    docker_id = learner.lower() if isinstance(learner, str) else ""
    requests: dict[str, Request] = {}
    values: dict[str, Argument] = {}
    for parameter in check.rule.parameters:
        if parameter.kind in (*NAMED_FACTS, *LEARNER_FACTS):
            requests[parameter.name] = _request(check, parameter, docker_id)
        elif parameter.name in check.arguments:
            value = check.arguments[parameter.name]
            values[parameter.name] = fill(value, docker_id) if isinstance(value, str) else value
    return Needs(requests, values)


def _is_about_the_learner(check: Check) -> bool:
    texts = [value for value in check.arguments.values() if isinstance(value, str)]
    asks = any(parameter.kind is Account for parameter in check.rule.parameters)
    return asks or any(DOCKER_ID in text for text in texts)


def _unknown(learner: Learner) -> Verdict | None:
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
    if parameter.argument is None:
        return HistoryRequest()
    text = check.arguments[parameter.argument]
    return _named_request(parameter.kind, parse(fill(str(text), docker_id)))


def _named_request(kind: type, reference: Reference) -> Request:
    if kind is LocalImage:
        return LocalImageRequest(reference)
    if kind is RemoteImage:
        return RemoteImageRequest(reference)
    if kind is PublicImage:
        return PublicImageRequest(reference)
    if kind is Repository:
        return RepositoryRequest(reference)
    raise TypeError(f"no request fetches a {kind.__name__}")
