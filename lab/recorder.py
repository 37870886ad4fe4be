"""The recorder: writes the engine's image events to .lab/events.jsonl, where they outlive the engine.

A line says what the engine said, in one form, and what the engine did not say but its list of images shows
at that moment: the name that an `untag` took off, which the classic image store leaves out, and the digest
that a `push` left in the registry, which outlives the next push of that name here alone.
"""

from __future__ import annotations

import json
import os
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol, TextIO

from lab.engine_api import Engine
from lab.paths import lab_home

ACTIONS = frozenset({"tag", "untag", "push", "pull", "delete"})
REMEMBERED = 512  # the engine itself remembers 256
PAUSE = 0.1
Marks = deque[tuple[float, str]]


class Names:
    """Which names each image has, so that one that disappears can be told, once."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}  # name -> id
        self._lost: dict[str, str] = {}
        self._new: frozenset[str] = frozenset()

    def refresh(self, images: Sequence[Mapping[str, Any]]) -> None:
        present: dict[str, str] = {}
        for image in images:
            names = (*(image.get("RepoTags") or ()), *(image.get("RepoDigests") or ()))
            present |= {name: image["Id"] for name in names if "<none>" not in name}
        self._lost |= {name: owner for name, owner in self._known.items() if name not in present}
        self._lost = {name: owner for name, owner in self._lost.items() if name not in present}
        self._new = frozenset(present.keys() - self._known.keys())
        self._known = present

    def vanished(self, identity: str) -> str:
        """A name that this image lost: one with a tag before one with a digest; "" when none is known."""
        mine = sorted(
            (name for name, owner in self._lost.items() if owner == identity), key=lambda name: "@" in name
        )
        if not mine:
            return ""
        del self._lost[mine[0]]
        return mine[0]

    def pushed(self, name: str) -> str:
        """The digest under which a repository has the image of this name; "" when it cannot be told.

        In the containerd store that is the image's own ID (26.1 lists one digest of an image, whatever its
        names). In the classic store an image can have several in one repository, pushed in several formats:
        then it is the one just added.
        """
        owner = self._known.get(name, "")
        if any(each.endswith(f"@{owner}") for each in self._known):
            return owner
        repository = name.rpartition(":")[0] + "@"
        mine = [each for each, its in self._known.items() if its == owner and each.startswith(repository)]
        if len(mine) > 1:
            mine = [each for each in mine if each in self._new]
        return mine[0].removeprefix(repository) if len(mine) == 1 else ""


def entry(event: Mapping[str, Any], names: Names) -> dict[str, object]:
    """One line of the file: {"action", "name", "id", "time"}, and "digest" of a push when it is known."""
    actor = event.get("Actor") or {}
    subject = str(actor.get("ID") or "")
    name = str((actor.get("Attributes") or {}).get("name") or "")
    action = str(event["Action"])
    if action in {"push", "pull"}:  # the engine puts the whole name where the id should be
        subject, name = "", subject
    elif action == "untag" and (not name or name.startswith("sha256:")):
        name = names.vanished(subject) or name
    line: dict[str, object] = {"action": action, "name": name, "id": subject, "time": moment(event)}
    digest = names.pushed(name) if action == "push" else ""
    return {**line, "digest": digest} if digest else line


def moment(event: Mapping[str, Any]) -> float:
    return float(event.get("timeNano", 0) / 1e9 or event.get("time", 0))


def recorded(path: Path) -> Marks:
    """Time and action of the last events on file; a line cut short by a full disk is left out."""
    marks: Marks = deque(maxlen=REMEMBERED)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[-REMEMBERED:]
    except OSError:
        return marks
    for line in lines:
        try:
            found = json.loads(line)
            marks.append((float(found["time"]), str(found["action"])))
        except (ValueError, KeyError, TypeError):
            continue
    return marks


def opened(path: Path) -> TextIO:
    """The file, to write at its end; a line cut short by a full disk ends there, and spoils none after it."""
    file = path.open("a", encoding="utf-8")
    if path.read_bytes()[-1:] not in (b"\n", b""):
        file.write("\n")
    return file


class Source(Protocol):
    """The two questions that the recorder asks."""

    def images(self) -> list[Mapping[str, Any]]: ...

    def image_events(self, since: int) -> Iterator[Mapping[str, Any]]: ...


def follow(engine: Source, file: TextIO, seen: Marks) -> Iterator[None]:
    """Record until the engine hangs up; yields once, when it starts to hear."""
    names = Names()
    names.refresh(engine.images())
    since = max(0.0, seen[-1][0] - 1) if seen else 0.0  # what comes twice is known by its mark
    stream = engine.image_events(int(since))
    yield
    for event in stream:
        mark = (moment(event), str(event.get("Action")))
        if mark[1] not in ACTIONS or mark in seen:
            continue
        names.refresh(engine.images())
        file.write(json.dumps(entry(event, names), ensure_ascii=False) + "\n")
        file.flush()
        seen.append(mark)  # not before: what a full disk did not take is asked for again


def main() -> None:
    home = lab_home()
    note = home.recorder_note
    seen = recorded(home.events)
    engine = Engine(home.engine_socket)
    while True:
        try:
            with opened(home.events) as file:
                for _ in follow(engine, file, seen):
                    note.write_text(str(os.getpid()), encoding="ascii")
        except (OSError, HTTPException, ValueError):
            pass  # the engine is starting, or coming back: try again
        note.unlink(missing_ok=True)
        time.sleep(PAUSE)


if __name__ == "__main__":
    main()
