"""Asks the world why one image cannot be pushed or pulled: every fact a diagnosis may need, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from checks import runner, second_look, sources
from checks.diagnosis import Action, Diagnosis, Situation, diagnose, is_push
from checks.errors import ClockWrong, EngineOff, OutOfReach
from checks.image import Fact, Source
from checks.reference import Reference
from checks.runner import PATIENCE, Opened

# Without these nothing can be said; without the others, less.
_NEEDED = ("local", "names", "login", "remote")


def why(reference: Reference) -> Diagnosis:
    """The diagnosis of the world as it is now. Blocks for 15 s at most."""
    return why_in(sources.live(), reference)


def why_in(opened: Opened, reference: Reference, patience: float = PATIENCE) -> Diagnosis:
    """The same, of any source."""

    async def work(source: Source) -> Diagnosis:
        return diagnose(await look(reference, source, patience))

    return runner.aside(opened, work)


async def look(reference: Reference, source: Source, patience: float = PATIENCE) -> Situation:
    """What is known of a name; whether it is meant for a push or a pull is told by what is there."""
    seen = Situation(reference, Action.PULL, system=second_look.here())
    wanted = second_look.missing(seen)
    answers = await runner.fetch_all(wanted.values(), source, patience)
    got = {name: answers[request] for name, request in wanted.items()}
    for answer in got.values():
        if isinstance(answer, Exception) and not isinstance(answer, OutOfReach):
            raise answer
    facts: dict[str, Any] = {name: fact for name, fact in got.items() if not isinstance(fact, Exception)}
    seen = replace(seen, **facts, trouble=_trouble(got))
    return replace(seen, action=Action.PUSH) if is_push(seen) else seen


def _trouble(got: Mapping[str, Fact | Exception]) -> OutOfReach | None:
    """What explains most: an engine that is off, then a clock, then whatever was needed and did not come."""
    troubles = [answer for answer in got.values() if isinstance(answer, OutOfReach)]
    needed = [error for name in _NEEDED if isinstance(error := got.get(name), OutOfReach)]
    for kind in (EngineOff, ClockWrong):
        if found := next((error for error in troubles if isinstance(error, kind)), None):
            return found
    return next(iter(needed), None)
