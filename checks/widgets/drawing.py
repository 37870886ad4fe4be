"""A timeline drawn: a row a tag, a column a push, a bar from where a tag began to point somewhere."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from checks.widgets.contents import tone
from checks.widgets.moves import Timeline

_WIDE, _HIGH, _TOP, _EDGE = 54, 48, 22, 2
_TEXT = 'fill="currentColor" font-size="13"'
_LETTER = 7.6  # how wide a letter of that size is, about
_MARGIN = 12
_PAPER = (
    '<rect x="0.5" y="0.5" width="{wide}" height="{high}" rx="8" fill="#fbfaf6" stroke="#c9c3b4"/>'
    '<g color="#1c2430" font-family="DejaVu Sans, Verdana, Arial, sans-serif" '
    'transform="translate({margin} {margin})">{body}</g>'
)


def draw(seen: Timeline, description: str) -> str:
    """SVG in the colours of the page's text and in tones told apart on white and on black."""
    wide, high = _size(seen)
    told = f'class="dhp-drawing" role="img" aria-label="{escape(description)}"'
    return _svg(wide, high, _body(seen, wide), told)


def picture(seen: Timeline, description: str) -> str:
    """The same as an image on paper of its own, for pages that take an SVG out and leave its words behind."""
    wide, high = _size(seen)
    whole = (wide + 2 * _MARGIN, high + 2 * _MARGIN)
    paper = _PAPER.format(wide=whole[0] - 1, high=whole[1] - 1, margin=_MARGIN, body=_body(seen, wide))
    data = base64.b64encode(_svg(*whole, paper).encode()).decode()
    return f'<img alt="{escape(description)}" src="data:image/svg+xml;base64,{data}">'


def _size(seen: Timeline) -> tuple[int, int]:
    return _EDGE * 2 + _WIDE * max(len(seen.heads), 3), _TOP + _HIGH * len(seen.tags) + _EDGE


def _svg(wide: int, high: int, body: str, told: str = "") -> str:
    box = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} {told}>{body}</svg>'


def _body(seen: Timeline, wide: int) -> str:
    return "".join([*_heads(seen), *_rows(seen, wide)])


def _heads(seen: Timeline) -> Iterator[str]:
    for at, head in enumerate(seen.heads):
        yield f'<text x="{_EDGE + _WIDE * (at + 0.5)}" y="14" text-anchor="middle" {_TEXT}>{head}</text>'


def _rows(seen: Timeline, wide: int) -> Iterator[str]:
    room = int(wide / _LETTER)
    for row, (tag, places) in enumerate(seen.tags.items()):
        top = _TOP + _HIGH * row
        shown = tag if len(tag) <= room else tag[: room - 1] + "…"
        yield f'<text x="{_EDGE}" y="{top + 14}" font-weight="600" {_TEXT}>{escape(shown)}</text>'
        yield from _bars(seen, places, top + 20)


def _bars(seen: Timeline, places: Sequence[str | None], top: int) -> Iterator[str]:
    start = 0
    for digest, run in groupby(places):
        end = start + len(list(run))
        if digest:
            yield _bar(seen.letters[digest], _EDGE + _WIDE * start, _WIDE * (end - start), top)
        start = end


def _bar(letter: str, left: int, wide: int, top: int) -> str:
    colour = tone(letter)
    return (
        f'<rect x="{left + 1}" y="{top}" width="{wide - 2}" height="22" rx="4" fill="{colour}" '
        f'fill-opacity="0.22" stroke="{colour}" stroke-width="2"/>'
        f'<text x="{left + 12}" y="{top + 16}" text-anchor="middle" font-weight="600" {_TEXT}>{letter}</text>'
    )
