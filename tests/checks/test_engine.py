"""Facts of the engine: what it has, what it remembers, and what its troubles sound like."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from checks import events
from checks.engine import history, local_image
from checks.errors import EngineOff, LoginUnreadable, StrangeAnswer
from checks.image import Event, Image, LocalImage, Platform, RunConfig
from checks.reference import parse
from tests.checks.conftest import FakeEngine, serving

APP, COOL = "ana/docker-is-cool:latest", "docker-is-cool:latest"
ID, OTHER = "sha256:" + "6" * 64, "sha256:" + "7" * 64
LAYER = "sha256:" + "8" * 64
NOW = float(int(time.time()))
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def inspected(store: str, *names: str) -> dict[str, Any]:
    """What 20.10.24 (classic) and 26.1.5 (containerd) answered for one and the same image."""
    config: dict[str, Any] = {"Env": [PATH], "Cmd": ["/oi"], "Labels": None, "Volumes": None}
    config["WorkingDir"] = "" if store == "classic" else "/"
    return {
        "Id": ID if store == "classic" else OTHER,
        "RepoTags": list(names),
        "Config": config,
        "Architecture": "amd64",
        "Os": "linux",
        "RootFS": {"Type": "layers", "Layers": [LAYER]},
    }


def message(action: str, actor: str, name: str, moment: float) -> dict[str, Any]:
    """An event as the engine sends it."""
    named = {"ID": actor, "Attributes": {"name": name}}
    nanoseconds = int(moment * 1000) * 1_000_000
    return {"Type": "image", "Action": action, "Actor": named, "time": int(moment), "timeNano": nanoseconds}


def record(folder: Path, *lines: dict[str, Any] | str) -> None:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    (folder / "events.jsonl").write_text(text, encoding="utf-8")


def test_an_image_has_the_same_content_on_both_stores(engine: FakeEngine, engine_store: str) -> None:
    engine.images["docker.io/library/docker-is-cool:latest"] = inspected(engine_store, COOL)
    found = local_image(parse("docker-is-cool"))
    run = RunConfig(cmd=("/oi",), env=(PATH,))
    assert found.image == Image(Platform("linux", "amd64"), (LAYER,), run)
    assert found.image_id == (ID if engine_store == "classic" else OTHER)


def test_no_image_under_a_name_is_a_fact(engine: FakeEngine) -> None:
    assert local_image(parse("nope")) == LocalImage(parse("nope"), None)


def test_the_engine_remembers_a_push_by_the_name_with_its_tag(engine: FakeEngine) -> None:
    engine.events = [message("push", APP, "ana/docker-is-cool", NOW - 5)]
    assert history().events == (Event("push", APP, "", NOW - 5),)


def test_an_event_of_this_very_second_is_not_lost(engine: FakeEngine) -> None:
    engine.events = [message("push", APP, "ana/docker-is-cool", time.time() // 1)]
    assert len(history().events) == 1


def test_recorder_and_engine_tell_each_event_once(engine: FakeEngine, tmp_path: Path) -> None:
    old = {"action": "push", "name": APP, "id": APP, "time": NOW - 90}
    both = {"action": "pull", "name": "ana/docker-is-cool", "id": APP, "time": NOW - 10}
    record(tmp_path, old, both)
    engine.events = [
        message("pull", APP, "ana/docker-is-cool", NOW - 10),
        message("tag", ID, COOL, NOW - 5),
    ]
    told = [(event.action, event.name) for event in history().events]
    assert told == [("push", APP), ("pull", APP), ("tag", COOL)]


def test_lines_the_recorder_could_not_finish_are_left_out(tmp_path: Path) -> None:
    good = {"action": "push", "name": APP, "id": "", "time": 1.5}
    record(tmp_path, "", "oi", "[]", {"action": "push"}, {**good, "action": "exec"}, good, '{"action": "pu')
    assert events.recorded(tmp_path / "events.jsonl") == (Event("push", APP, "", 1.5),)
    assert events.recorded(tmp_path / "none.jsonl") == ()


def names_of_removals(*told: tuple[str, str, str], present: dict[str, str]) -> list[str]:
    """The names given to the `untag`s of a story of (action, name, id), a second apart."""
    story = tuple(Event(action, name, image, float(at)) for at, (action, name, image) in enumerate(told))
    return [event.name for event in events.with_names(story, present) if event.action == "untag"]


TAGGED = [("tag", COOL, ID), ("tag", APP, ID), ("push", APP, "")]
REMOVED = ("untag", ID, ID)
PULLED = ("pull", APP, "")


def test_the_classic_store_does_not_say_which_name_was_taken_off() -> None:
    """The chapter's story: only the name that was pulled again can have been removed."""
    assert names_of_removals(*TAGGED, REMOVED, PULLED, present={COOL: ID, APP: ID}) == [APP]


def test_a_name_that_is_gone_was_the_one_removed() -> None:
    assert names_of_removals(*TAGGED, REMOVED, PULLED, present={APP: ID}) == [COOL]
    assert names_of_removals(*TAGGED, REMOVED, present={COOL: ID}) == [APP]


def test_both_names_removed_are_both_told() -> None:
    assert set(names_of_removals(*TAGGED, REMOVED, REMOVED, present={})) == {APP, COOL}


def test_a_later_removal_settles_an_earlier_one() -> None:
    story = [*TAGGED, REMOVED, PULLED, REMOVED]
    assert names_of_removals(*story, present={APP: ID}) == [APP, COOL]


def test_what_stays_in_doubt_keeps_the_id() -> None:
    story = [*TAGGED, ("tag", "b:1", ID), REMOVED, ("tag", "b:1", ID), PULLED]
    assert names_of_removals(*story, present={COOL: ID, APP: ID, "b:1": ID}) == [ID]


def test_a_removal_of_another_image_is_not_mixed_up() -> None:
    assert names_of_removals(*TAGGED, ("untag", OTHER, OTHER), present={COOL: ID}) == [OTHER]


def test_a_removal_told_by_name_is_believed() -> None:
    told = ("untag", APP, ID)
    assert names_of_removals(*TAGGED, told, PULLED, present={COOL: ID, APP: ID}) == [APP]


@pytest.mark.parametrize(("mode", "mend"), [("treino", "lab aula"), ("real", "Docker Desktop")])
def test_an_engine_that_is_off_says_how_to_turn_it_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, mend: str
) -> None:
    monkeypatch.setenv("LAB_MODE", mode)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with pytest.raises(EngineOff, match=mend) as caught:
        local_image(parse("alpine"))
    assert f"{tmp_path}/none.sock" in str(caught.value)


@pytest.mark.filterwarnings("ignore:'encoding':EncodingWarning")  # the SDK's own open()
def test_a_broken_docker_configuration_is_told_apart(engine: FakeEngine, tmp_path: Path) -> None:
    broken = {"auths": {"x": 3}, "credsStore": "none"}
    (tmp_path / "config.json").write_text(json.dumps(broken), encoding="utf-8")
    with pytest.raises(LoginUnreadable, match=r"config\.json"):
        local_image(parse("alpine"))


def test_something_else_on_the_socket_is_no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with serving(web.Application(), tmp_path / "docker.sock") as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        with pytest.raises(StrangeAnswer, match="Docker Engine"):
            local_image(parse("alpine"))
