"""The recorder's lines: what the engine said, with the name of an untag and the digest of a push."""

import errno
import io
import json
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lab import recorder

ID, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
NAME = "ana/docker-is-cool:latest"
DIGEST = f"ana/docker-is-cool@sha256:{'c' * 64}"


def event(action: str, subject: str, name: str, seconds: float = 7.5) -> dict[str, Any]:
    return {
        "Type": "image", "Action": action, "Actor": {"ID": subject, "Attributes": {"name": name}},
        "time": int(seconds), "timeNano": int(seconds * 1e9),
    }  # fmt: skip


def image(identity: str, *tags: str, digests: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"Id": identity, "RepoTags": list(tags), "RepoDigests": list(digests)}


@pytest.mark.parametrize(
    ("seen", "name", "identity"),
    [
        (event("tag", ID, NAME), NAME, ID),
        (event("push", NAME, "ana/docker-is-cool"), NAME, ""),
        (event("pull", NAME, "ana/docker-is-cool"), NAME, ""),
        (event("untag", ID, NAME), NAME, ID),  # the containerd store says it
        (event("untag", ID, ID), ID, ID),  # the classic store does not, and nobody remembers
        (event("delete", ID, ID), ID, ID),
    ],
)
def test_each_kind_of_event_gets_one_form(seen: dict[str, Any], name: str, identity: str) -> None:
    line = recorder.entry(seen, recorder.Names())
    assert line == {"action": seen["Action"], "name": name, "id": identity, "time": 7.5}


def test_the_name_that_disappeared_is_told_once() -> None:
    names = recorder.Names()
    names.refresh([image(ID, "docker-is-cool:latest", NAME, digests=(DIGEST,)), image(OTHER, "outra:1")])
    names.refresh([image(ID, "docker-is-cool:latest")])
    told = [recorder.entry(event("untag", ID, ID), names)["name"] for _ in range(3)]
    assert told == [NAME, DIGEST, ID]


def test_a_name_that_came_back_did_not_disappear() -> None:
    names = recorder.Names()
    for present in ([image(ID, NAME)], [], [image(ID, NAME)]):
        names.refresh(present)
    assert names.vanished(ID) == ""


PUSHED = event("push", NAME, "ana/docker-is-cool")
FRESH = f"ana/docker-is-cool@sha256:{'d' * 64}"


def digest_told(*lists: list[dict[str, Any]]) -> object:
    """The digest in the line of a push of NAME, after these lists of images."""
    names = recorder.Names()
    for images in lists:
        names.refresh(images)
    return recorder.entry(PUSHED, names).get("digest")


def test_a_push_tells_the_digest_that_its_repository_has_now() -> None:
    elsewhere = image(OTHER, "bia/site:1", digests=(f"bia/site@sha256:{'e' * 64}",))
    assert digest_told([image(ID, NAME, digests=(DIGEST,)), elsewhere]) == f"sha256:{'c' * 64}"


def test_a_digest_of_another_repository_is_not_the_pushed_one() -> None:
    longer = image(ID, NAME, digests=(f"ana/docker-is-cool-too@sha256:{'e' * 64}",))
    assert digest_told([longer]) is None


def test_in_the_containerd_store_the_id_is_the_digest_whatever_name_is_listed() -> None:
    """As 26.1 lists an image of three names: one digest, under the name that was given last."""
    listed = image(ID, NAME, "ana/docker-is-cool:1.0", "outra:1", digests=(f"outra@{ID}",))
    assert digest_told([listed]) == ID


def test_of_several_digests_the_one_just_added_was_pushed() -> None:
    before, after = image(ID, NAME, digests=(DIGEST,)), image(ID, NAME, digests=(DIGEST, FRESH))
    assert digest_told([before], [after]) == f"sha256:{'d' * 64}"
    assert digest_told([before], [after], [after]) is None  # pushed again: it may be either


def test_a_name_that_is_gone_by_then_has_no_digest() -> None:
    assert digest_told([image(ID, "outra:1", digests=(DIGEST,))]) is None


class FakeEngine:
    """An engine that has these images, tells these events, and hangs up."""

    def __init__(self, *events: Mapping[str, Any]) -> None:
        self.told = events
        self.since: list[int] = []

    def images(self) -> list[Mapping[str, Any]]:
        return [image(ID, NAME)]

    def image_events(self, since: int) -> Iterator[Mapping[str, Any]]:
        self.since.append(since)
        return iter(self.told)


def record(path: Path, engine: FakeEngine) -> list[str]:
    with recorder.opened(path) as file:
        for _ in recorder.follow(engine, file, recorder.recorded(path)):
            pass
    return [json.loads(line)["action"] for line in path.read_text(encoding="utf-8").splitlines()]


def test_after_a_restart_nothing_is_lost_and_nothing_is_written_twice(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    first, second = event("tag", ID, NAME, 10), event("push", NAME, "ana/docker-is-cool", 11)
    assert record(path, FakeEngine(first)) == ["tag"]
    engine = FakeEngine(first, second, event("save", ID, ID, 12))
    assert record(path, engine) == ["tag", "push"]
    assert engine.since == [9]


def test_a_clock_that_jumps_back_loses_no_event(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    record(path, FakeEngine(event("tag", ID, NAME, 1000)))
    assert record(path, FakeEngine(event("pull", NAME, "ana/docker-is-cool", 10))) == ["tag", "pull"]


def test_half_a_line_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(
        '{"action": "tag", "name": "a", "id": "b", "time": 5.0}\n{"action": "pu', encoding="utf-8"
    )
    assert recorder.recorded(path) == deque([(5.0, "tag")])


def test_half_a_line_costs_no_event_after_it(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"action": "pu', encoding="utf-8")
    with recorder.opened(path) as file:
        for _ in recorder.follow(FakeEngine(event("tag", ID, NAME)), file, deque()):
            pass
    assert recorder.recorded(path) == deque([(7.5, "tag")])


def test_what_a_full_disk_did_not_take_is_asked_for_again() -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(errno.ENOSPC, "full")

    seen: recorder.Marks = deque()
    with pytest.raises(OSError, match="full"):
        list(recorder.follow(FakeEngine(event("tag", ID, NAME)), Full(), seen))
    assert not seen


def test_a_line_is_on_disk_at_once(tmp_path: Path) -> None:
    class Watched(io.StringIO):
        flushed = False

        def flush(self) -> None:
            self.flushed = True

    file = Watched()
    for _ in recorder.follow(FakeEngine(event("tag", ID, NAME)), file, deque()):
        pass
    assert file.flushed
