"""What a rule is: a pure function from facts to a verdict, whose signature says what it needs.

A parameter annotated with a fact (`image: RemoteImage`) is filled by the runner; its text in
unit.toml is the name of an image. `Account`, `Login` and `History` need no text. A parameter
annotated `Annotated[LocalImage, Of("image")]` is one more fact about the name given in `image`.
Anything else is a plain str, int or bool of unit.toml.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin, get_type_hints

from checks.diagnosis import Cause, Situation, diagnose
from checks.image import Account, History, LocalImage, Login, PublicImage, RemoteImage, Repository
from checks.outcome import Outcome

NAMED_FACTS = (LocalImage, RemoteImage, PublicImage, Repository)
LEARNER_FACTS = (Account, Login, History)
PLAIN = (str, int, bool)


@dataclass(frozen=True)
class Verdict:
    outcome: Outcome
    message: str
    facts: dict[str, str] = field(default_factory=dict)
    situation: Situation | None = None  # a second look, at more facts, may say better what is missing


def passed(message: str, **facts: str | None) -> Verdict:
    """The work is done. `facts` are the evidence, for machines; absent ones are dropped."""
    return Verdict(Outcome.PASSED, message, _known(facts))


def failed(message: str, **facts: str | None) -> Verdict:
    """Something is there, and it is not what was asked for."""
    return Verdict(Outcome.FAILED, message, _known(facts))


def not_attempted(message: str) -> Verdict:
    """Nothing is there yet."""
    return Verdict(Outcome.NOT_ATTEMPTED, message)


def unverifiable(message: str, **facts: str | None) -> Verdict:
    """There is nothing to compare with, so nothing can be said."""
    return Verdict(Outcome.UNVERIFIABLE, message, _known(facts))


def refused(situation: Situation) -> Verdict:
    """Why the image is not where it should be, from what is known so far."""
    found = diagnose(situation)
    return Verdict(outcome_of(found.cause), found.sentence, situation=situation)


def outcome_of(cause: Cause) -> Outcome:
    return _OUTCOMES.get(cause, Outcome.NOT_ATTEMPTED)


# Any other cause means that the learner has not come that far yet.
_OUTCOMES = {
    Cause.LOGGED_IN_AS_OTHER: Outcome.FAILED,
    Cause.OTHER_PLATFORM: Outcome.FAILED,
} | dict.fromkeys(
    (
        Cause.LOGIN_REFUSED,
        Cause.LOGIN_UNREADABLE,
        Cause.RATE_LIMITED,
        Cause.ENGINE_OFF,
        Cause.REGISTRY_OUT,
        Cause.HUB_OUT,
        Cause.CLOCK_WRONG,
    ),
    Outcome.UNVERIFIABLE,
)


def _known(facts: dict[str, str | None]) -> dict[str, str]:
    return {key: value for key, value in facts.items() if value is not None}


@dataclass(frozen=True)
class Of:
    """Marks a fact about the name that another argument already gives."""

    argument: str


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: type
    argument: str | None  # the key of unit.toml its text comes from; None when it needs no text
    required: bool


@dataclass(frozen=True)
class Rule:
    name: str
    title: str
    judge: Callable[..., Verdict]
    parameters: tuple[Parameter, ...]

    @property
    def arguments(self) -> dict[str, Parameter]:
        """The keys that a [[check]] with this rule may have."""
        return {item.name: item for item in self.parameters if item.argument == item.name}


RULES: dict[str, Rule] = {}


def rule(title: str) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Adds a function to the vocabulary; `title` is what the learner reads as the name of the check."""

    def register(judge: Callable[..., Verdict]) -> Callable[..., Verdict]:
        name = judge.__name__
        if name in RULES:
            raise TypeError(f"two rules are called {name}")
        RULES[name] = Rule(name, title, judge, _parameters(judge))
        return judge

    return register


def _parameters(judge: Callable[..., Verdict]) -> tuple[Parameter, ...]:
    hints = get_type_hints(judge, include_extras=True)
    return tuple(_parameter(item, hints[item.name]) for item in inspect.signature(judge).parameters.values())


def _parameter(item: inspect.Parameter, hint: Any) -> Parameter:
    kind, of = hint, None
    if get_origin(hint) is not None:
        kind, of = get_args(hint)
    if kind not in (*NAMED_FACTS, *LEARNER_FACTS, *PLAIN):
        raise TypeError(f"a rule cannot ask for {item.name}: {hint}")
    argument = None if kind in LEARNER_FACTS else of.argument if isinstance(of, Of) else item.name
    return Parameter(item.name, kind, argument, item.default is item.empty)
