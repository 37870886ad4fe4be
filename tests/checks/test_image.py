"""Two images are the same when platform, layers and run configuration are, whoever wrote the JSON."""

from typing import Any

import pytest

from checks.engine import local_image
from checks.image import Image, Platform, RunConfig
from checks.reference import parse
from tests.checks.conftest import CONFIG, OCI, OCI_CONFIG, ROOTFS, FakeEngine, FakeHub, as_learner

LAYERS = ["sha256:aa", "sha256:bb"]


def image(config: dict[str, Any] | None = None, **changes: Any) -> Image:
    return Image.from_config(
        {
            "os": "linux",
            "architecture": "amd64",
            "rootfs": {"type": "layers", "diff_ids": LAYERS},
            "config": config,
            **changes,
        }
    )


NOTHING = image()


@pytest.mark.parametrize(
    "config",
    [
        None,
        {},
        {"Cmd": None, "Entrypoint": None, "Env": None, "Labels": None, "ExposedPorts": None, "Volumes": None},
        {"Cmd": [], "Env": [], "Labels": {}, "User": "", "WorkingDir": ""},
        {"WorkingDir": "/"},
        {"Hostname": "f00", "AttachStdin": False, "OnBuild": None},
    ],
)
def test_absent_null_and_empty_are_the_same(config: dict[str, Any] | None) -> None:
    assert image(config).content == NOTHING.content


@pytest.mark.parametrize(
    "config",
    [
        {"Cmd": ["/hello"]},
        {"Entrypoint": ["/hello"]},
        {"Env": ["A=1"]},
        {"User": "1000"},
        {"WorkingDir": "/app"},
        {"Labels": {"a": "b"}},
        {"ExposedPorts": {"80/tcp": {}}},
        {"Volumes": {"/data": {}}},
    ],
)
def test_each_part_of_the_run_configuration_counts(config: dict[str, Any]) -> None:
    assert image(config).content != NOTHING.content


def test_the_order_in_which_a_client_writes_does_not_count() -> None:
    one = image({"Env": ["A=1", "B=2"], "Labels": {"a": "1", "b": "2"}})
    other = image({"Labels": {"b": "2", "a": "1"}, "Env": ["B=2", "A=1"]})
    assert one.content == other.content


def test_the_order_of_the_command_and_of_the_layers_counts() -> None:
    assert image({"Cmd": ["a", "b"]}).content != image({"Cmd": ["b", "a"]}).content
    assert image(rootfs={"diff_ids": LAYERS[::-1]}).content != NOTHING.content


def test_history_and_dates_do_not_count() -> None:
    assert image(created="2026-01-01T00:00:00Z", history=[{"created_by": "x"}]).content == NOTHING.content


def test_size_and_history_are_known_and_do_not_count() -> None:
    steps = [{"created_by": "RUN a"}, {"empty_layer": True}, "x", {"created_by": 3}, {"created_by": "CMD b"}]
    config = {"os": "linux", "architecture": "amd64", "rootfs": {"diff_ids": LAYERS}, "history": steps}
    made = Image.from_config(config, size=12)
    assert (made.size, made.history) == (12, ("RUN a", "CMD b"))
    assert made.content == NOTHING.content
    assert made == NOTHING
    assert image(history="RUN a").history == ()


def test_another_platform_is_another_image() -> None:
    assert image(architecture="arm64").content != NOTHING.content


def test_arm64_is_the_same_with_and_without_its_only_variant() -> None:
    assert image(architecture="arm64", variant="v8").content == image(architecture="arm64").content
    assert image(architecture="arm", variant="v7").content != image(architecture="arm", variant="v6").content


@pytest.mark.parametrize(
    "changes",
    [
        {"os": None},
        {"architecture": ""},
        {"os": 3},
        {"rootfs": []},
        {"rootfs": {"diff_ids": "sha256:aa"}},
        {"rootfs": {"diff_ids": [1]}},
        {"config": {"Cmd": "/hello"}},
        {"config": {"Labels": ["a"]}},
    ],
)
def test_what_is_no_image_configuration_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        image(**changes)


@pytest.mark.parametrize("text", ["linux/amd64", "linux/arm/v7", "windows/amd64"])
def test_a_platform_reads_as_it_is_written(text: str) -> None:
    assert str(Platform.parse(text)) == text


def test_the_registry_counts_the_compressed_layers(hub: FakeHub) -> None:
    described = hub.put(CONFIG, OCI_CONFIG)
    layers: list[dict[str, Any]] = [{"digest": ROOTFS["diff_ids"][0], "size": 700}]
    for size, found in ((700, 700), (0, 0), (None, None), ("7", None), (-7, None)):
        layers[0]["size"] = size
        manifest = {"schemaVersion": 2, "config": described, "layers": layers}
        hub.push("ana/app", hub.put(manifest, f"{OCI}.manifest.v1+json"))
        (seen,) = as_learner(hub).images
        assert seen.size == found


def test_the_engine_tells_its_own_size(engine: FakeEngine) -> None:
    told = {
        "Id": "sha256:a",
        "RepoTags": ["app:latest"],
        "Os": "linux",
        "Architecture": "amd64",
        "Size": 9000,
    }
    engine.images["docker.io/library/app:latest"] = told
    found = local_image(parse("app")).image
    assert found
    assert found.size == 9000


def test_facts_can_be_kept_in_sets() -> None:
    assert len({NOTHING, image(), image({"Cmd": ["x"]})}) == 2
    assert RunConfig() in {RunConfig.from_config({})}
