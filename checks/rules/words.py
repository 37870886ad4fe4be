"""How the rules write lists, sizes and what others wrote, and when two texts are alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 80
_EDGES = " \t\r\n`'\"“”‘’.,;!?"


def listed(items: Iterable[str]) -> str:
    """`a`, `b` e `c`."""
    *first, last = [f"`{item}`" for item in items]
    return f"{', '.join(first)} e {last}" if first else last


def megabytes(size: int) -> str:
    """Of a million bytes, as Docker counts them; rounded up, so that what is too much looks it."""
    digits = 1 if size >= 1_000_000 else 3
    step = 10 ** (6 - digits)
    return f"{-(-size // step) / 10**digits:.{digits}f} MB".replace(".", ",")


def shown(text: str) -> str:
    """What somebody wrote, short, on one line and safe between backquotes."""
    line = text if text.isprintable() else ascii(text)[1:-1]
    line = line.replace("`", "'")
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def alike(text: str) -> str:
    """The same for texts that differ in case, accents, spaces, quotes or a final full stop only."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(each for each in letters if unicodedata.category(each) not in {"Mn", "Cf"})
    line = re.sub(r"\s+", " ", plain).strip()
    return line.strip(_EDGES) or line
