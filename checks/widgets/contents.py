"""Contents by letters: two tags with the same letter have the same digest; a colour goes with each letter."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from html import escape

_SHORT = len("sha256:") + 12
# Each is told apart, as a line, both on white and on black (more than 3 to 1).
_TONES = ("#2f7fc1", "#8a63d2", "#16877a", "#bd6a10", "#c2498b", "#7a7f1c")


def letters(digests: Iterable[str]) -> dict[str, str]:
    """A letter for each digest, in the order they come: A to Z, then numbers from 27."""
    once = dict.fromkeys(digests)
    return {digest: chr(ord("A") + at) if at < 26 else str(at + 1) for at, digest in enumerate(once)}


def tone(letter: str) -> str:
    """Its colour, by turns: the letter tells what the colour alone does not."""
    return _TONES[(int(letter) - 1 if letter.isdigit() else ord(letter) - ord("A")) % len(_TONES)]


def chip(letter: str) -> str:
    return f'<span class="dhp-chip" style="--dhp-tone: {tone(letter)}">{escape(letter)}</span>'


def short(digest: str) -> str:
    return digest[:_SHORT] + "…"


def copyable(digest: str) -> str:
    """The beginning of a digest; opened, all of it, which one click selects."""
    return (
        f"<details><summary><code>{escape(short(digest))}</code></summary>"
        f'<code class="dhp-whole">{escape(digest)}</code></details>'
    )


def groups(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """The names that share each content, of pairs of name and content; those alone are left out."""
    found: dict[str, list[str]] = {}
    for name, content in pairs:
        found.setdefault(content, []).append(name)
    return {content: names for content, names in found.items() if len(names) > 1}


def moment(seconds: float) -> str:
    """By the clock on this machine's wall."""
    return time.strftime("%d/%m/%Y %H:%M", time.localtime(seconds))
