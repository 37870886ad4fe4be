"""Text from outside, made fit for a database and for being looked for."""

from __future__ import annotations

import unicodedata
from typing import Any


def plain(text: str) -> str:
    """Without NUL and halves of surrogate pairs, which no database takes."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def plain_json(value: Any) -> Any:
    """The same for every text of what was read from JSON."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [plain_json(item) for item in value]
    if isinstance(value, dict):
        return {plain(str(key)): plain_json(item) for key, item in value.items()}
    return value


def folded(text: str) -> str:
    """As it is looked for and sorted by: «José» and «jose» are the same."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
