"""The content of an image: what makes two images the same, whoever built, pushed or keeps them; no I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Platform:
    os: str
    architecture: str
    variant: str = ""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Platform:
        architecture, variant = _text(config, "architecture"), _text(config, "variant")
        if (architecture, variant) == ("arm64", "v8"):
            variant = ""  # arm64 has one variant only; some clients write it, others do not
        return cls(_text(config, "os"), architecture, variant)

    @classmethod
    def parse(cls, text: str) -> Platform:
        """`linux/amd64` or `linux/arm/v7`."""
        os, architecture, variant, *_ = [*text.split("/"), "", "", ""]
        return cls.from_config({"os": os, "architecture": architecture, "variant": variant})

    def __str__(self) -> str:
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


@dataclass(frozen=True)
class RunConfig:
    """How a container of the image starts; absent, null and empty are the same thing."""

    cmd: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    user: str = ""
    working_dir: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    exposed_ports: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> RunConfig:
        """Reads the `config` member of an image configuration (`Config` of `docker inspect`)."""
        working_dir = _text(config, "WorkingDir")
        return cls(
            cmd=_texts(config, "Cmd"),
            entrypoint=_texts(config, "Entrypoint"),
            env=tuple(sorted(_texts(config, "Env"))),
            user=_text(config, "User"),
            working_dir="" if working_dir == "/" else working_dir,  # builders differ, containers do not
            labels=tuple(sorted((key, str(value)) for key, value in _table(config, "Labels").items())),
            exposed_ports=tuple(sorted(_table(config, "ExposedPorts"))),
            volumes=tuple(sorted(_table(config, "Volumes"))),
        )


@dataclass(frozen=True)
class Image:
    """One image of one platform. Two are the same when their `content` is.

    Digests and IDs are left out on purpose: they change with the client, the manifest format and
    the engine's image store, while the content does not. So are the size and the history.
    """

    platform: Platform
    diff_ids: tuple[str, ...]
    run: RunConfig = field(default_factory=RunConfig)
    # In bytes: compressed in a registry, as it says itself in an engine; None when nobody tells.
    size: int | None = field(default=None, compare=False)
    # What each step of the build was, oldest first; an engine is not asked for it.
    history: tuple[str, ...] = field(default=(), compare=False)

    @property
    def content(self) -> tuple[Platform, tuple[str, ...], RunConfig]:
        return self.platform, self.diff_ids, self.run

    @classmethod
    def from_config(cls, config: Mapping[str, Any], size: int | None = None) -> Image:
        """Reads an OCI or Docker image configuration; ValueError when it is none."""
        if not isinstance(config, Mapping):
            raise ValueError("an image configuration is an object")
        platform = Platform.from_config(config)
        if not platform.os or not platform.architecture:
            raise ValueError("an image configuration names its os and architecture")
        diff_ids = _texts(_table(config, "rootfs"), "diff_ids")
        run = RunConfig.from_config(_table(config, "config"))
        return cls(platform, diff_ids, run, size, _steps(config.get("history")))


def _steps(history: object) -> tuple[str, ...]:
    """The history takes no part in running an image, so a strange one is only not there."""
    entries = history if isinstance(history, list) else []
    steps = (entry.get("created_by") for entry in entries if isinstance(entry, Mapping))
    return tuple(step for step in steps if isinstance(step, str))


def _text(config: Mapping[str, Any], key: str) -> str:
    value = config.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is a text")
    return value


def _texts(config: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = config.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{key} is a list of texts")
    return tuple(value)


def _table(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = config.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError(f"{key} is an object")
    return value
