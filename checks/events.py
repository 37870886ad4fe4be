"""The engine's image events as the rules read them: one form, no duplicates, names where they can be known.

Seen on real engines:
- `tag` carries the image's ID and the name with its tag;
- `push` and `pull` carry the name with its tag where the ID should be, and no ID; the digest of a push
  is in the recorder's line alone;
- `untag` carries the ID; on the containerd store (26.1) also the name, on the classic store (20.10)
  the ID again in the name's place, so the name must be worked out (`with_names`);
- `delete` carries the ID twice, and comes once more for each parent image;
- `docker build` gives a `tag` on the classic store and none on the containerd store.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from checks.cache import is_digest
from checks.errors import BadReference
from checks.image import Event
from checks.place import lab_home
from checks.reference import normalize

_ACTIONS = frozenset({"tag", "untag", "push", "pull", "delete"})
# A year of lessons is far less; a file grown by accident must not fill the memory.
_TAIL: Final = 4 * 1024 * 1024


def from_engine(raw: Mapping[str, Any]) -> Event | None:
    """One message of the engine's event stream; nothing when it is not about an image's names."""
    actor = raw.get("Actor")
    actor = actor if isinstance(actor, Mapping) else {}
    attributes = actor.get("Attributes")
    name = attributes.get("name") if isinstance(attributes, Mapping) else ""
    nanoseconds = raw.get("timeNano")
    moment = nanoseconds / 1e9 if isinstance(nanoseconds, int) else raw.get("time")
    return _event(raw.get("Action"), name, actor.get("ID"), moment)


def of_this_lab() -> tuple[Event, ...]:
    """What the recorder wrote down; nothing outside of a lab."""
    home = lab_home()
    return recorded(home / "events.jsonl") if home else ()


def last_pushed(events: Iterable[Event]) -> dict[str, str]:
    """The digest that the last push of each name left in the registry, where the recorder could tell."""
    return {event.name: event.digest for event in events if event.action == "push" and event.digest}


def recorded(file: Path) -> tuple[Event, ...]:
    """The recorder's file; a line cut short by a crash is left out."""
    try:
        with file.open("rb") as stream:
            stream.seek(max(0, file.stat().st_size - _TAIL))
            lines = stream.read(_TAIL).splitlines()
    except OSError:
        return ()
    return tuple(event for event in map(_from_line, lines) if event is not None)


def merge(*sources: Iterable[Event]) -> tuple[Event, ...]:
    """All events, oldest first; what two sources saw counts once, as the first source tells it."""
    once: dict[tuple[str, str, int], Event] = {}
    for event in (event for source in sources for event in source):
        # The engine tells nanoseconds, a float of JSON a little less.
        once.setdefault((event.action, event.id or event.name, round(event.time * 1000)), event)
    return tuple(sorted(once.values(), key=lambda event: event.time))


def _from_line(line: bytes) -> Event | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict):
        return None
    found = _event(entry.get("action"), entry.get("name"), entry.get("id"), entry.get("time"))
    digest = entry.get("digest")
    return replace(found, digest=str(digest)) if found and is_digest(digest) else found


def _event(action: object, name: object, image_id: object, moment: object) -> Event | None:
    if action not in _ACTIONS or not isinstance(moment, int | float):
        return None
    name = name if isinstance(name, str) else ""
    image_id = image_id if isinstance(image_id, str) else ""
    if action in ("push", "pull") and not _is_id(image_id):
        name, image_id = image_id or name, ""
    return Event(str(action), _familiar(name), image_id, float(moment))


def _familiar(name: str) -> str:
    if _is_id(name):
        return name
    try:
        return normalize(name).familiar
    except BadReference:
        return name


def _is_id(text: str) -> bool:
    return text.startswith("sha256:")


# Names of removals that the classic store does not tell.


@dataclass(frozen=True)
class _Stay:
    """A name on an image, from one `tag` or `pull` to the next; `must_end`: it is gone by now."""

    name: str
    image_id: str
    start: float
    end: float
    must_end: bool

    def could_end_by(self, removal: Event) -> bool:
        told = removal.name if not _is_id(removal.name) else self.name
        same = self.image_id in ("", removal.id) and told == self.name
        return same and self.start <= removal.time <= self.end


def with_names(events: tuple[Event, ...], present: Mapping[str, str]) -> tuple[Event, ...]:
    """Gives each `untag` its name where only one can be meant; `present` is each name's ID now.

    A name still there since its last tag or pull was not taken off; one that is gone was. What
    stays in doubt keeps the ID in the name's place.
    """
    stays = list(_stays(events, present))
    removals = [event for event in events if event.action == "untag"]
    names: dict[Event, str] = {}
    while pair := _next_sure(removals, stays):
        removal, stay = pair
        names[removal] = stay.name
        removals.remove(removal)
        stays.remove(stay)
    return tuple(replace(event, name=names.get(event, event.name)) for event in events)


def _next_sure(removals: list[Event], stays: list[_Stay]) -> tuple[Event, _Stay] | None:
    """A removal and the stay it ended, when nothing else is possible for one of the two."""
    ends = {removal: [stay for stay in stays if stay.could_end_by(removal)] for removal in removals}
    for removal, possible in ends.items():
        if len(possible) == 1:
            return removal, possible[0]
    for stay in stays:
        by = [removal for removal, possible in ends.items() if stay in possible]
        if stay.must_end and len(by) == 1:
            return by[0], stay
    for removal, possible in ends.items():
        # All of them are gone, so which removal took which does not matter.
        if possible and all(stay.must_end for stay in possible):
            return removal, possible[0]
    return None


def _stays(events: tuple[Event, ...], present: Mapping[str, str]) -> Iterator[_Stay]:
    given: dict[str, list[Event]] = {}
    for event in events:
        if event.action in ("tag", "pull"):
            given.setdefault(event.name, []).append(event)
    for name, starts in given.items():
        for one, following in pairwise(starts):
            yield _Stay(name, one.id, one.time, following.time, must_end=False)
        last = starts[-1]
        if name not in present:
            yield _Stay(name, last.id, last.time, float("inf"), must_end=True)
