"""Which digest each tag of a repository pointed to, push after push, and where each points now; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from checks.hub_tags import TagList
from checks.image import Event
from checks.widgets.contents import letters

MOST_MOVES = 24  # the last ones; more would not be read
MOST_TAGS = 12
NOW = "agora"


@dataclass(frozen=True)
class Move:
    """A push after which a tag points to another digest than before; `before` is None for a new tag."""

    tag: str
    digest: str
    time: float
    before: str | None = None


@dataclass(frozen=True)
class Timeline:
    """The moves, and for each tag the digest after each of them and, last, now; None where it has none.

    `is_now_known` is false when Docker Hub could not be asked: the last place is then that of the last move.
    """

    moves: tuple[Move, ...]
    tags: Mapping[str, tuple[str | None, ...]]
    is_now_known: bool
    left_out: int = 0  # tags

    @property
    def letters(self) -> Mapping[str, str]:
        """A letter for each digest, in the order they came."""
        moved = [digest for move in self.moves for digest in (move.before, move.digest)]
        now = [places[-1] for places in self.tags.values()]
        return letters(digest for digest in (*moved, *now) if digest)

    @property
    def heads(self) -> tuple[str, ...]:
        return (*(str(at + 1) for at in range(len(self.moves))), *([NOW] if self.is_now_known else []))


def timeline(pushes: Iterable[Event], found: TagList | None) -> Timeline:
    """From the pushes of one repository, oldest first, and what Docker Hub shows of it when it answered."""
    moves = tuple(_moves(pushes))[-MOST_MOVES:]
    now = {tag.name: tag.digest for tag in found.tags} if found else {}
    moved = dict.fromkeys(move.tag for move in moves)
    names = [*sorted(moved), *sorted(now.keys() - moved.keys())]
    places = {name: _places(name, moves) for name in names[:MOST_TAGS]}
    if found:
        places = {name: (*before, now.get(name)) for name, before in places.items()}
    return Timeline(moves, places, found is not None, max(0, len(names) - MOST_TAGS))


def _moves(pushes: Iterable[Event]) -> Iterator[Move]:
    """A push of what is already there moves nothing; one whose digest nobody knows tells nothing."""
    last: dict[str, str] = {}
    for push in pushes:
        tag = push.name.rpartition(":")[2]
        if push.digest and last.get(tag) != push.digest:
            yield Move(tag, push.digest, push.time, last.get(tag))
            last[tag] = push.digest


def _places(tag: str, moves: Iterable[Move]) -> tuple[str | None, ...]:
    places: list[str | None] = []
    at = next((move.before for move in moves if move.tag == tag), None)
    for move in moves:
        at = move.digest if move.tag == tag else at
        places.append(at)
    return tuple(places)
