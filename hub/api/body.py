"""The JSON that a program sends, read strictly: a field of another type is refused, not guessed at."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

_JSON_NAMES = {str: "um texto", bool: "true ou false", list: "uma lista"}


class BadField(Exception):  # noqa: N818
    """Which field can't be used, and what it should have been."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Body:
    """The object of a request's body. Every reader raises BadField."""

    def __init__(self, request: HttpRequest) -> None:
        try:
            found = json.loads(request.body)
        except RequestDataTooBig as too_big:
            raise BadField("body", "O corpo do pedido é grande demais: o hub aceita até 5 MB.") from too_big
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise BadField("body", "O corpo do pedido precisa ser um objeto JSON.")
        self._fields: dict[str, Any] = found

    def has(self, field: str) -> bool:
        return field in self._fields

    def secret(self, field: str) -> str:
        """Any text at all: what no password could be is a wrong one, and is told so by whoever compares."""
        value: str = self._read(field, str, None)
        return value

    def text(self, field: str, longest: int, otherwise: str | None = None, shortest: int = 0) -> str:
        """`otherwise` stands for an absent field; with None the field is required."""
        value: str = self._read(field, str, otherwise)
        if not shortest <= len(value) <= longest:
            raise BadField(field, f"O campo {field} precisa ter de {shortest} a {longest} caracteres.")
        # Half a character, which JSON can carry, and NUL: no database keeps them.
        if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
            raise BadField(field, f"O campo {field} tem um caractere que não existe em texto.")
        return value

    def flag(self, field: str, otherwise: bool | None = None) -> bool:
        return bool(self._read(field, bool, otherwise))

    def texts(self, field: str) -> list[str]:
        values: list[Any] = self._read(field, list, None)
        if not all(isinstance(value, str) for value in values):
            raise BadField(field, f"O campo {field} precisa ser uma lista de textos.")
        return values

    def moment(self, field: str) -> datetime | None:
        """In UTC; None when the field is absent."""
        if not self.has(field):
            return None
        try:
            moment = datetime.fromisoformat(self.text(field, 64))
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):  # or it lies outside of the years that there are
            pass
        raise BadField(field, f"O campo {field} precisa ser uma data como 2026-12-31T23:59:59Z.")

    def _read(self, field: str, kind: type, otherwise: Any) -> Any:
        if not self.has(field):
            if otherwise is None:
                raise BadField(field, f"Falta o campo {field}.")
            return otherwise
        value = self._fields[field]
        if not isinstance(value, kind):
            raise BadField(field, f"O campo {field} precisa ser {_JSON_NAMES[kind]}.")
        return value
