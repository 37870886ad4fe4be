"""What a rule is: a pure function from facts to a verdict, whose signature says what it needs.

A parameter annotated with a fact (`image: RemoteImage`) is filled by the runner; its text in
unit.toml is the name of an image, or for an `Answer` its key. `Account`, `Login`, `History`, `Mark`
and `NotebookLeaks` need no text. A parameter annotated `Annotated[LocalImage, Of("image")]` is one
more fact about the name given in `image`. Anything else is plain: a str, int, bool or list of texts
(`tuple[str, ...]`) of unit.toml, or the name of an image of which no fact is wanted (`Reference`).
`Annotated[str, Fits(…)]` says which texts will do; it holds for each text of a list. A number is never
negative.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from checks.diagnosis import Cause, Situation, diagnose
from checks.image import (
    Account,
    Answer,
    Container,
    Grant,
    History,
    LocalImage,
    LocalLeaks,
    Login,
    Mark,
    NotebookLeaks,
    PublicImage,
    RemoteImage,
    RemoteLeaks,
    RemoteTags,
    Repository,
)
from checks.outcome import Outcome
from checks.reference import Reference

NAMED_FACTS = (
    LocalImage,
    RemoteImage,
    PublicImage,
    Repository,
    RemoteTags,
    RemoteLeaks,
    LocalLeaks,
    Container,
    Grant,
)
LEARNER_FACTS = (Account, Login, History, Mark, NotebookLeaks)
KEYED_FACTS = (Answer,)
PLAIN = (str, int, bool, tuple, Reference)


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
        Cause.TOKEN_REFUSED,
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
class Fits:
    """Marks what a text or a number must be; `what` ends the author's sentence "`tags` tem de ser …"."""

    test: Callable[[Any], object]
    what: str


Count = Annotated[int, Fits(lambda number: number > 0, "um número maior que zero")]


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: type
    argument: str | None  # the key of unit.toml its text comes from; None when it needs no text
    required: bool
    fits: Fits | None = None


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
        add(Rule(judge.__name__, title, judge, parameters_of(judge)))
        return judge

    return register


def add(new: Rule) -> None:
    if new.name in RULES:
        raise TypeError(f"two rules are called {new.name}")
    RULES[new.name] = new


def parameters_of(judge: Callable[..., Verdict], skip: int = 0) -> tuple[Parameter, ...]:
    """What a signature asks for, but for the first `skip` parameters."""
    hints = get_type_hints(judge, include_extras=True)
    items = list(inspect.signature(judge).parameters.values())[skip:]
    return tuple(_parameter(item, hints[item.name]) for item in items)


def _parameter(item: inspect.Parameter, hint: Any) -> Parameter:
    kind, mark = hint, None
    if get_origin(hint) is Annotated:
        kind, mark = get_args(hint)
    if kind == tuple[str, ...]:
        kind = tuple
    if kind not in (*NAMED_FACTS, *LEARNER_FACTS, *KEYED_FACTS, *PLAIN):
        raise TypeError(f"a rule cannot ask for {item.name}: {hint}")
    argument = None if kind in LEARNER_FACTS else mark.argument if isinstance(mark, Of) else item.name
    fits = mark if isinstance(mark, Fits) else None
    return Parameter(item.name, kind, argument, item.default is item.empty, fits)
