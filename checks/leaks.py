"""Where an image still shows secrets: its configuration, its history and every layer; pure, no I/O."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from checks.secret_names import in_command, in_variable, masked
from checks.secrets import Secret, find

_MOST: Final = 50  # more are not told to anybody
_STEP: Final = 300  # of an instruction, as much as may be shown


@dataclass(frozen=True)
class Spot:
    """A secret and the file it is in; no path when that cannot be told."""

    secret: Secret
    path: str


@dataclass(frozen=True)
class Contents:
    """What is in a layer. `diff_id` is None when no engine could unpack it."""

    diff_id: str | None
    spots: tuple[Spot, ...] = ()
    removed: tuple[str, ...] = ()  # what it takes away of the layers below; a folder ends with a slash

    def removes(self, path: str) -> bool:
        return any(path == gone or path.startswith(f"{gone.rstrip('/')}/") for gone in self.removed)


class Place(StrEnum):
    ENV = "env"
    LABEL = "label"
    START = "start"  # Cmd, Entrypoint, Healthcheck: what a container runs
    STEP = "step"  # an instruction in the history: ARG, RUN…
    CONFIG = "config"  # elsewhere in the configuration
    FILE = "file"  # of a layer


@dataclass(frozen=True)
class Leak:
    """A secret and where anybody can read it; never the secret itself.

    `name` is the variable, the label, the file (no slash in front). `layer` counts from 1 to `layers`;
    `step` is the instruction with what is secret in it masked; both may be unknown. `is_removed` tells
    of a file that a later layer takes away.
    """

    secret: Secret
    place: Place
    name: str = ""
    layer: int = 0
    layers: int = 0
    step: str = ""
    is_removed: bool = False


def of_image(config: Mapping[str, Any], layers: Sequence[Contents | None]) -> tuple[Leak, ...]:
    """The leaks of an image: its configuration as JSON, and what is in each layer, None where unknown."""
    return tuple(dict.fromkeys([*of_config(config), *_of_layers(layers, _steps(config))]))[:_MOST]


def of_config(config: Mapping[str, Any]) -> tuple[Leak, ...]:
    run = _table(config.get("config"))
    said = [*_in_env(run), *_in_labels(run), *_at_start(run)]
    secrets = {leak.secret for leak in said}
    # ENV, LABEL and CMD are in the history too: once is enough.
    said += [leak for leak in _in_steps(config) if leak.secret not in secrets]
    secrets |= {leak.secret for leak in said}
    anywhere = find(json.dumps(config, ensure_ascii=False).encode(errors="replace"))
    return (*said, *(Leak(secret, Place.CONFIG) for secret in sorted(anywhere - secrets)))


def _in_env(run: Mapping[str, Any]) -> Iterator[Leak]:
    for line in _texts(run.get("Env")):
        name, _, value = line.partition("=")
        yield from (Leak(secret, Place.ENV, name) for secret in sorted(in_variable(name, value)))


def _in_labels(run: Mapping[str, Any]) -> Iterator[Leak]:
    for name, value in _table(run.get("Labels")).items():
        yield from (Leak(secret, Place.LABEL, name) for secret in sorted(in_variable(name, str(value))))


def _at_start(run: Mapping[str, Any]) -> Iterator[Leak]:
    commands = {name: _texts(run.get(name)) for name in ("Entrypoint", "Cmd")}
    commands["Healthcheck"] = _texts(_table(run.get("Healthcheck")).get("Test"))
    for name, words in commands.items():
        found = in_command(" ".join(words))
        yield from (Leak(secret, Place.START, name) for secret in sorted(found))


def _in_steps(config: Mapping[str, Any]) -> Iterator[Leak]:
    for step in (_text(entry.get("created_by")) for entry in _history(config)):
        yield from (Leak(secret, Place.STEP, step=_shown(step)) for secret in sorted(in_command(step)))


def _of_layers(layers: Sequence[Contents | None], steps: Sequence[str]) -> Iterator[Leak]:
    for at, contents in enumerate(layers):
        later = [each for each in layers[at + 1 :] if each]
        for spot in contents.spots if contents else ():
            yield Leak(
                spot.secret,
                Place.FILE,
                spot.path,
                layer=at + 1,
                layers=len(layers),
                step=_shown(steps[at]) if len(steps) == len(layers) else "",
                is_removed=any(each.removes(spot.path) for each in later if spot.path),
            )


def _shown(step: str) -> str:
    """An instruction as it is in the Dockerfile, but for what is secret in it."""
    written = step.removeprefix("/bin/sh -c #(nop) ").removesuffix(" # buildkit").strip()
    return masked(written)[:_STEP]


def _steps(config: Mapping[str, Any]) -> list[str]:
    """The instructions that made a layer, in the order of the layers."""
    return [_text(entry.get("created_by")) for entry in _history(config) if not entry.get("empty_layer")]


def _history(config: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [entry for entry in _list(config.get("history")) if isinstance(entry, Mapping)]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> Iterable[str]:
    return [item for item in _list(value) if isinstance(item, str)]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
