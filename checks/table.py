"""Reads a table of TOML or JSON key by key; a complaint names the file, the entry and the mend."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from checks.errors import BadUnit

Value = TypeVar("Value")
_KINDS: dict[type, str] = {
    str: "um texto entre aspas",
    int: "um número inteiro",
    bool: "true ou false",
    list: "uma lista",
    dict: "uma tabela",
}


def did_you_mean(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Você quis dizer `{close[0]}`?" if close else ""


@dataclass(frozen=True)
class Table:
    path: Path
    entry: str
    data: Mapping[str, Any]

    def complain(self, text: str) -> BadUnit:
        return BadUnit(f"{self.path}, {self.entry}: {text}")

    def only(self, known: Iterable[str]) -> None:
        """Refuses keys that nobody reads: most often a slip of the fingers."""
        names = list(known)
        for key in self.data:
            if key not in names:
                valid = ", ".join(f"`{name}`" for name in names)
                raise self.complain(
                    f"a chave `{key}` não é conhecida.{did_you_mean(key, names)} As chaves são: {valid}."
                )

    def need(self, key: str, kind: type[Value]) -> Value:
        if key not in self.data:
            raise self.complain(f"falta a chave `{key}`, que é {_KINDS[kind]}.")
        return self._typed(key, kind, self.data[key])

    def get(self, key: str, kind: type[Value], default: Value) -> Value:
        return self._typed(key, kind, self.data.get(key, default))

    def _typed(self, key: str, kind: type[Value], value: object) -> Value:
        # For Python True is an int; for an author it is not.
        if isinstance(value, kind) and isinstance(value, bool) == (kind is bool):
            return value
        raise self.complain(f"`{key}` tem de ser {_KINDS[kind]}.")

    def texts(self, key: str) -> tuple[str, ...]:
        items = self.get(key, list, [])
        if not all(isinstance(item, str) and item.strip() for item in items):
            raise self.complain(f"`{key}` tem de ser uma lista de textos não vazios.")
        return tuple(items)

    def points(self, key: str, default: int | None = None) -> int:
        value = self.need(key, int) if default is None else self.get(key, int, default)
        if value < 0:
            raise self.complain(f"`{key}` não pode ser negativo.")
        return value

    def within(self, entry: str, data: Any) -> Table:
        if not isinstance(data, Mapping):
            raise self.complain(f"{entry} tem de ser uma tabela.")
        return Table(self.path, entry, data)
