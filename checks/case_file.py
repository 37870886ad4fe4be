"""Reads the JSON of a case into a World, strictly: a slip in a case must not become a verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from checks.case_image import HERE, read_image, read_platform
from checks.case_rights import RIGHTS_KEYS, RightsState, read_rights
from checks.case_secrets import SECRET_KEYS, SecretsState, read_secrets
from checks.errors import (
    BadReference,
    EngineOff,
    HubUnreachable,
    OutOfReach,
    RateLimited,
    RegistryUnreachable,
)
from checks.image import Event, History, Image, Platform
from checks.reference import Reference, normalize, parse
from checks.table import Table

Value = TypeVar("Value")
KEYS = (
    "learner",
    "login",
    "login_refused",
    "account",
    "images",
    "engine",
    "platform",
    "registry",
    "repositories",
    "answers",
    "history",
    "clock_ahead",
    "mark",
    *SECRET_KEYS,
    *RIGHTS_KEYS,
)
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
class RepositoryState:
    """What is None the hub does not tell."""

    private: bool | None = False
    description: str | None = ""
    overview: str | None = ""


@dataclass(frozen=True)
class World:
    learner: str | None
    login: str | None
    account: AccountState | OutOfReach
    engine: Mapping[Reference, Image] | OutOfReach
    registry: Mapping[Reference, Remote] | OutOfReach
    history: History | OutOfReach
    repositories: Mapping[str, RepositoryState] | OutOfReach  # by name, without a tag
    answers: Mapping[str, str]
    login_refused: bool = False
    platform: Platform = HERE
    clock_ahead: float = 0.0
    mark: str | None = None
    secrets: SecretsState = field(default_factory=SecretsState)
    rights: RightsState = field(default_factory=RightsState)


def read_world(path: Path) -> World:
    table = Table(path, "o caso", {})
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise table.complain(f"não é um JSON válido: {error}. Corrija o arquivo nesse ponto.") from None
    table = table.within("o caso", data)
    table.only(KEYS)
    images = {name: read_image(table, name, item) for name, item in table.get("images", dict, {}).items()}
    learner = _name(table, "learner", None)
    engine = _engine(table, images)
    repositories = _repositories(table)
    return World(
        learner=learner,
        login=_name(table, "login", learner),
        account=_account(table),
        engine=engine,
        registry=_registry(table, images, {} if isinstance(repositories, OutOfReach) else repositories),
        history=engine if isinstance(engine, OutOfReach) and "history" not in data else _history(table),
        repositories=repositories,
        answers=_answers(table),
        login_refused=table.get("login_refused", bool, False),
        platform=read_platform(table),
        clock_ahead=float(table.get("clock_ahead", int, 0)),
        mark=_name(table, "mark", None),
        secrets=read_secrets(table, _reference),
        rights=read_rights(table),
    )


def _name(table: Table, key: str, default: str | None) -> str | None:
    return table.need(key, str) if table.data.get(key) is not None else None if key in table.data else default


def _answers(table: Table) -> Mapping[str, str]:
    answers = table.within("answers", table.get("answers", dict, {}))
    return {key: answers.need(key, str) for key in answers.data}


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


def _repositories(table: Table) -> Mapping[str, RepositoryState] | OutOfReach:
    host = "hub.docker.com"
    if outage := _outage(table, "repositories", HubUnreachable(host, "não houve resposta"), host):
        return outage
    repositories = table.within("repositories", table.get("repositories", dict, {}))
    found: dict[str, RepositoryState] = {}
    for text, item in repositories.data.items():
        entry = repositories.within(f"repositories.{text}", item)
        entry.only(("private", "description", "overview"))
        name = _reference(repositories, text).name
        if normalize(text).tag:
            raise entry.complain("um repositório se escreve sem tag.")
        found[name] = RepositoryState(
            private=_told(entry, "private", False),
            description=_told(entry, "description", ""),
            overview=_told(entry, "overview", ""),
        )
    return found


def _told(entry: Table, key: str, default: Value) -> Value | None:
    """None where the case says null: the hub does not tell."""
    known = entry.data.get(key, default) is not None
    return entry.get(key, type(default), default) if known else None


def _registry(
    table: Table, images: Mapping[str, Image], repositories: Mapping[str, RepositoryState]
) -> Mapping[Reference, Remote] | OutOfReach:
    host = "registry-1.docker.io"
    if outage := _outage(table, "registry", RegistryUnreachable(host, "não houve resposta"), host):
        return outage
    registry = table.within("registry", table.get("registry", dict, {}))
    found: dict[Reference, Remote] = {}
    for text, item in registry.data.items():
        reference = _reference(registry, text)
        private = bool(repositories.get(reference.name, RepositoryState()).private)
        found[reference] = _remote(registry, images, text, item, private)
    return found


def _remote(registry: Table, images: Mapping[str, Image], text: str, item: Any, private: bool) -> Remote:
    if item == "denied":
        return Remote(denied=True)
    entry = registry.within(f"registry.{text}", item)
    entry.only(("image", "digest", "public"))
    names = entry.data.get("image")
    several = names if isinstance(names, list) else [names]
    public = entry.get("public", bool, not private)
    if public and private:
        raise entry.complain("`public` é true, e `repositories` diz que o repositório é privado.")
    return Remote(
        images=tuple(_named(entry, images, name) for name in several),
        digest=entry.need("digest", str) if "digest" in entry.data else None,
        public=public,
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
