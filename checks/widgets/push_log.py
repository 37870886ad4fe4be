"""A push as the engine tells it, message by message: which layers there are and how far each is; pure.

The two image stores say it alike, but for this: the classic one numbers layers as they are unpacked and
counts bytes of that (the last count passes the total), the containerd one numbers and counts them compressed;
only the containerd one says `Already exists` of what is no layer (the attestations of a build). Each has its
own words for an image that is not there, which no learner needs: they are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

_ABSENT = re.compile(r"tag does not exist|does not exist locally with the tag")
_DIGEST = re.compile(r": digest: (sha256:[a-f0-9]{64})\b", re.ASCII)


class State(StrEnum):
    """Of a layer; the value is what is told of it."""

    WAITING = "na fila"
    PUSHING = "subindo"
    PUSHED = "enviada"
    KNOWN = "já estava lá"
    MOUNTED = "já estava em outro repositório"
    STOPPED = "não subiu"


_STATES = {
    "Preparing": State.WAITING,
    "Waiting": State.WAITING,
    "Pushing": State.PUSHING,
    "Pushed": State.PUSHED,
    "Layer already exists": State.KNOWN,
}
_OVER = frozenset({State.PUSHED, State.KNOWN, State.MOUNTED, State.STOPPED})


@dataclass(frozen=True)
class Layer:
    """`share` is how much of it has gone up, from 0 to 1."""

    state: State = State.WAITING
    share: float = 0.0

    @property
    def is_over(self) -> bool:
        return self.state in _OVER


@dataclass(frozen=True)
class PushLog:
    """What is known of a push so far; `layers` by the number that docker shows, as they were first told.

    `refusal` is in the words of whoever refused; empty when it ended without any, None when it did not.
    """

    layers: Mapping[str, Layer] = field(default_factory=dict)
    digest: str | None = None
    refusal: str | None = None

    def heard(self, message: Mapping[str, Any]) -> PushLog:
        """The same after one more message; one that says nothing of it changes nothing."""
        trouble = message.get("errorDetail")
        if isinstance(trouble, Mapping):
            words = _printable(str(trouble.get("message") or ""))
            return self.stopped("" if _ABSENT.search(words) else words)
        status, number = str(message.get("status") or ""), message.get("id")
        if isinstance(number, str) and number:
            layer = _layer(status, message.get("progressDetail"))
            kept = {key: old for key, old in self.layers.items() if key != number or layer is not None}
            return replace(self, layers=kept if layer is None else {**kept, number: layer})
        found = _DIGEST.search(status)
        return replace(self, digest=found[1]) if found else self

    def stopped(self, why: str = "") -> PushLog:
        """The same, ended before its time."""
        layers = {
            number: layer if layer.is_over else Layer(State.STOPPED, layer.share)
            for number, layer in self.layers.items()
        }
        return replace(self, layers=layers, refusal=why)

    @property
    def is_done(self) -> bool:
        return self.digest is not None and self.refusal is None

    @property
    def share(self) -> float:
        """How much of all is over, by layers."""
        shares = [layer.share for layer in self.layers.values()]
        return sum(shares) / len(shares) if shares else 0.0

    def count(self, *states: State) -> int:
        return sum(layer.state in states for layer in self.layers.values())


def _printable(text: str) -> str:
    """What a registry says reaches a terminal too, which would obey it."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)


def _layer(status: str, progress: object) -> Layer | None:
    """None for what is no layer."""
    if status == "Already exists":
        return None
    if status.startswith("Mounted from"):
        return Layer(State.MOUNTED, 1.0)
    state = _STATES.get(status, State.PUSHING)  # "Retrying in 5 seconds" and the like
    if state is State.PUSHING:
        return Layer(state, _share(progress))
    return Layer(state, 1.0 if state in _OVER else 0.0)


def _share(progress: object) -> float:
    told = progress if isinstance(progress, Mapping) else {}
    current, total = told.get("current"), told.get("total")
    if not isinstance(current, int) or not isinstance(total, int) or total <= 0:
        return 0.0
    return min(1.0, current / total)


def summary(log: PushLog) -> str:
    """How many layers went up and how many were there, the same on every engine."""
    total = len(log.layers)
    sent, there = log.count(State.PUSHED), log.count(State.KNOWN, State.MOUNTED)
    if not total:
        return "Nenhuma camada subiu."
    if there == total:
        known = "todas já estavam lá, e nenhuma precisou subir" if total > 1 else "já estava lá"
        return f"{_layers(total)}: {known}."
    if sent == total:
        return f"{_layers(total)}: {'todas enviadas' if total > 1 else 'enviada'}."
    return f"{_layers(total)}: {_sent(sent)}, {_there(there)}."


def _layers(count: int) -> str:
    return "1 camada" if count == 1 else f"{count} camadas"


def _sent(count: int) -> str:
    return "1 enviada" if count == 1 else f"{count} enviadas"


def _there(count: int) -> str:
    return "1 já estava lá" if count == 1 else f"{count} já estavam lá"
