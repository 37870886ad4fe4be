"""A second look: more facts, fetched only when an image is not where it should be, for a better sentence.

It never turns "not there" into an outage: what cannot be had now is left unknown.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checks import place
from checks.diagnosis import Situation, System
from checks.errors import ClockWrong
from checks.image import (
    AccountRequest,
    ClockRequest,
    Fact,
    GrantRequest,
    LocalImageRequest,
    LocalNamesRequest,
    LoginRequest,
    RemoteImageRequest,
    RemoteTagsRequest,
    Request,
)
from checks.outcome import Outcome
from checks.reference import OFFICIAL
from checks.rules.base import Verdict, refused

Answer = Fact | Exception
Ask = Callable[[Iterable[Request]], Awaitable[Mapping[Request, Answer]]]


def here() -> System:
    return System(place.is_practice(), sys.platform, place.hub_url())


def missing(seen: Situation) -> dict[str, Request]:
    """The requests whose facts the situation lacks, by field."""
    reference = seen.reference
    wanted: dict[str, Request] = {
        "login": LoginRequest(),
        "local": LocalImageRequest(reference),
        "remote": RemoteImageRequest(reference),
        "names": LocalNamesRequest(),
        "clock": ClockRequest(),
    }
    if reference.on_docker_hub and (seen.login is None or seen.is_own):
        wanted["grant"] = GrantRequest(reference)
    if not seen.is_remote:
        wanted["tags"] = RemoteTagsRequest(reference)
    if reference.on_docker_hub and not seen.is_own and reference.namespace != OFFICIAL:
        wanted["owner"] = AccountRequest(reference.namespace)
    return {name: request for name, request in wanted.items() if getattr(seen, name) is None}


async def explain(verdicts: Sequence[Verdict], ask: Ask) -> list[Verdict]:
    """The same verdicts, those with a situation judged again with all that can be known of it."""
    wanted = [missing(verdict.situation) if verdict.situation else {} for verdict in verdicts]
    requests = [request for each in wanted for request in each.values()]
    answers = await ask(requests) if requests else {}
    return [_again(verdict, each, answers) for verdict, each in zip(verdicts, wanted, strict=True)]


def _again(verdict: Verdict, wanted: Mapping[str, Request], answers: Mapping[Request, Answer]) -> Verdict:
    if verdict.situation is None:
        return verdict
    got = {name: answers[request] for name, request in wanted.items()}
    more: dict[str, Any] = {name: fact for name, fact in got.items() if not isinstance(fact, Exception)}
    clock = next((error for error in got.values() if isinstance(error, ClockWrong)), None)
    try:
        better = refused(replace(verdict.situation, **more, trouble=clock, system=here()))
    except Exception:  # a fault of ours here must not cost what the first look has said
        return verdict
    # Only a wrong clock takes back what the rule has said: then nothing that was heard can be believed.
    outcome = better.outcome if better.outcome is Outcome.UNVERIFIABLE else verdict.outcome
    return replace(better, outcome=outcome)
