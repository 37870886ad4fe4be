"""Reads the JSON of a case into a World, strictly: a slip in a case must not become a verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.errors import (
    BadReference,
    EngineOff,
    HubUnreachable,
    OutOfReach,
    RateLimited,
    RegistryUnreachable,
)
from checks.image import Event, History, Image, Platform, RunConfig
from checks.reference import Reference, parse
from checks.table import Table

_KEYS = (
    "learner",
    "login",
    "login_refused",
    "account",
    "images",
    "engine",
    "platform",
    "registry",
    "history",
    "clock_ahead",
)
_RUN_KEYS = {
    "cmd": "Cmd",
    "entrypoint": "Entrypoint",
    "env": "Env",
    "user": "User",
    "working_dir": "WorkingDir",
    "labels": "Labels",
    "exposed_ports": "ExposedPorts",
    "volumes": "Volumes",
}
_HERE = Platform("linux", "amd64")
_ACTIONS = ("tag", "untag", "push", "pull", "delete")


@dataclass(frozen=True)
class AccountState:
    exists: bool
    confirmed: bool | None


@dataclass(frozen=True)
class Remote:
    images: tuple[Image, ...] = ()
    digest: str | None = None
    public: bool = True
    denied: bool = False


@dataclass(frozen=True)
class World:
    learner: str | None
    login: str | None
    account: AccountState | OutOfReach
    engine: Mapping[Reference, Image] | OutOfReach
    registry: Mapping[Reference, Remote] | OutOfReach
    history: History | OutOfReach
    login_refused: bool = False
    platform: Platform = _HERE
    clock_ahead: float = 0.0


def read_world(path: Path) -> World:
    table = Table(path, "o caso", {})
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise table.complain(f"não é um JSON válido: {error}. Corrija o arquivo nesse ponto.") from None
    table = table.within("o caso", data)
    table.only(_KEYS)
    images = {name: _image(table, name, item) for name, item in table.get("images", dict, {}).items()}
    learner = _name(table, "learner", None)
    engine = _engine(table, images)
    return World(
        learner=learner,
        login=_name(table, "login", learner),
        account=_account(table),
        engine=engine,
        registry=_registry(table, images),
        history=engine if isinstance(engine, OutOfReach) and "history" not in data else _history(table),
        login_refused=table.get("login_refused", bool, False),
        platform=_platform(table, str(_HERE)),
        clock_ahead=float(table.get("clock_ahead", int, 0)),
    )


def _name(table: Table, key: str, default: str | None) -> str | None:
    return table.need(key, str) if table.data.get(key) is not None else None if key in table.data else default


def _image(table: Table, name: str, item: Any) -> Image:
    entry = table.within(f"images.{name}", item)
    entry.only(("platform", "diff_ids", "run"))
    run = entry.within(f"images.{name}.run", entry.get("run", dict, {}))
    run.only(_RUN_KEYS)
    config = {_RUN_KEYS[key]: _as_docker(key, value) for key, value in run.data.items()}
    platform = _platform(entry, str(_HERE))
    try:
        return Image(platform, entry.texts("diff_ids"), RunConfig.from_config(config))
    except ValueError as error:
        raise run.complain(f"a configuração não serve: {error}.") from None


def _platform(entry: Table, default: str) -> Platform:
    platform = Platform.parse(entry.get("platform", str, default))
    if not platform.architecture:
        raise entry.complain('`platform` tem sistema e arquitetura, como em "linux/amd64".')
    return platform


def _as_docker(key: str, value: Any) -> Any:
    """Docker writes ports and volumes as the keys of an object; a case may write a list."""
    sets = key in ("exposed_ports", "volumes") and isinstance(value, list)
    return {str(item): {} for item in value} if sets else value


def _account(table: Table) -> AccountState | OutOfReach:
    host = "hub.docker.com"
    if outage := _outage(table, "account", HubUnreachable(host, "não houve resposta"), host):
        return outage
    entry = table.within("account", table.get("account", dict, {}))
    entry.only(("exists", "confirmed"))
    exists = entry.get("exists", bool, False)
    told = entry.data.get("confirmed") is not None
    return AccountState(exists, entry.need("confirmed", bool) if told else None)


def _engine(table: Table, images: Mapping[str, Image]) -> Mapping[Reference, Image] | OutOfReach:
    off = EngineOff("unix:///var/run/docker.sock", "Veja com `lab status` se o laboratório está no ar.")
    if outage := _outage(table, "engine", off, "o Docker Engine"):
        return outage
    engine = table.within("engine", table.get("engine", dict, {}))
    return {_reference(engine, text): _named(engine, images, name) for text, name in engine.data.items()}


def _registry(table: Table, images: Mapping[str, Image]) -> Mapping[Reference, Remote] | OutOfReach:
    host = "registry-1.docker.io"
    if outage := _outage(table, "registry", RegistryUnreachable(host, "não houve resposta"), host):
        return outage
    registry = table.within("registry", table.get("registry", dict, {}))
    return {
        _reference(registry, text): _remote(registry, images, text, item)
        for text, item in registry.data.items()
    }


def _remote(registry: Table, images: Mapping[str, Image], text: str, item: Any) -> Remote:
    if item == "denied":
        return Remote(denied=True)
    entry = registry.within(f"registry.{text}", item)
    entry.only(("image", "digest", "public"))
    names = entry.data.get("image")
    several = names if isinstance(names, list) else [names]
    return Remote(
        images=tuple(_named(entry, images, name) for name in several),
        digest=entry.need("digest", str) if "digest" in entry.data else None,
        public=entry.get("public", bool, True),
    )


def _history(table: Table) -> History:
    events = []
    for at, item in enumerate(table.get("history", list, []), start=1):
        entry = table.within(f"history, evento {at}", item)
        entry.only(("action", "name", "id", "time"))
        action = entry.need("action", str)
        if action not in _ACTIONS:
            raise entry.complain(f"`action` é `{action}`; use um destes: {', '.join(_ACTIONS)}.")
        events.append(Event(action, entry.get("name", str, ""), entry.get("id", str, ""), float(at)))
    return History(tuple(events))


def _outage(table: Table, key: str, unreachable: OutOfReach, host: str) -> OutOfReach | None:
    value = table.data.get(key)
    if value == "unreachable":
        return unreachable
    if value == "rate_limited":
        return RateLimited(host)
    if isinstance(value, str):
        raise table.complain(f'`{key}` é "{value}"; use uma tabela, "unreachable" ou "rate_limited".')
    return None


def _named(table: Table, images: Mapping[str, Image], name: Any) -> Image:
    if not isinstance(name, str) or name not in images:
        known = ", ".join(f"`{known}`" for known in images) or "nenhuma"
        raise table.complain(f"a imagem `{name}` não está em `images`. As que estão: {known}.")
    return images[name]


def _reference(table: Table, text: str) -> Reference:
    try:
        return parse(text)
    except BadReference as error:
        raise table.complain(str(error)) from None
