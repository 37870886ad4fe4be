"""What a case says of secrets and of containers: where a secret is seen, what a container did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.image import CellLeak, NotebookLeaks
from checks.leaks import Leak, Place
from checks.reference import Reference
from checks.secrets import Kind, Secret
from checks.table import Table

SECRET_KEYS = ("leaks", "unread", "notebooks", "containers")
Named = Callable[[Table, str], Reference]


@dataclass(frozen=True)
class Ran:
    """A container: `exit_code` is None when it was still running at the end."""

    output: str = ""
    exit_code: int | None = 0
    problem: str = ""


@dataclass(frozen=True)
class SecretsState:
    """What holds for a name holds for the image in the registry and for the one in the engine."""

    leaks: Mapping[Reference, tuple[Leak, ...]] = field(default_factory=dict)
    unread: Mapping[Reference, int] = field(default_factory=dict)
    notebooks: NotebookLeaks = field(default_factory=NotebookLeaks)
    containers: Mapping[Reference, Ran] = field(default_factory=dict)


def read_secrets(table: Table, named: Named) -> SecretsState:
    """`named` reads the name of an image."""
    leaks = table.within("leaks", table.get("leaks", dict, {}))
    unread = table.within("unread", table.get("unread", dict, {}))
    containers = table.within("containers", table.get("containers", dict, {}))
    return SecretsState(
        leaks={named(leaks, text): _leaks(leaks, text) for text in leaks.data},
        unread={named(unread, text): unread.need(text, int) for text in unread.data},
        notebooks=_notebooks(table.within("notebooks", table.get("notebooks", dict, {}))),
        containers={
            named(containers, text): _ran(containers, text, containers.data[text]) for text in containers.data
        },
    )


def _leaks(table: Table, text: str) -> tuple[Leak, ...]:
    return tuple(_leak(table, f"leaks.{text}, segredo {at}", item) for at, item in _numbered(table, text))


def _leak(table: Table, where: str, item: Any) -> Leak:
    entry = table.within(where, item)
    entry.only(("kind", "prefix", "place", "name", "layer", "layers", "step", "removed"))
    return Leak(
        _secret(entry),
        _one_of(entry, "place", Place),
        entry.get("name", str, ""),
        entry.get("layer", int, 0),
        entry.get("layers", int, 0),
        entry.get("step", str, ""),
        entry.get("removed", bool, False),
    )


def _notebooks(table: Table) -> NotebookLeaks:
    leaks = [
        _cell(table, name, f"notebooks.{name}, segredo {at}", item)
        for name in table.data
        for at, item in _numbered(table, name)
    ]
    return NotebookLeaks(tuple(leaks), len(table.data))


def _cell(table: Table, name: str, where: str, item: Any) -> CellLeak:
    entry = table.within(where, item)
    entry.only(("kind", "prefix", "cell", "output"))
    return CellLeak(_secret(entry), name, entry.get("cell", int, 0), entry.get("output", bool, False))


def _ran(table: Table, text: str, item: Any) -> Ran:
    entry = table.within(f"containers.{text}", item)
    entry.only(("output", "exit_code", "problem"))
    ended = entry.data.get("exit_code", 0) is not None
    return Ran(
        entry.get("output", str, ""),
        entry.get("exit_code", int, 0) if ended else None,
        entry.get("problem", str, ""),
    )


def _secret(entry: Table) -> Secret:
    return Secret(_one_of(entry, "kind", Kind), entry.get("prefix", str, ""))


def _one_of(entry: Table, key: str, known: type[Any]) -> Any:
    text = entry.need(key, str)
    if text not in [str(item) for item in known]:
        options = ", ".join(f"`{item}`" for item in known)
        raise entry.complain(f"`{key}` é `{text}`; use um destes: {options}.")
    return known(text)


def _numbered(table: Table, key: str) -> list[tuple[int, Any]]:
    return list(enumerate(table.need(key, list), start=1))
