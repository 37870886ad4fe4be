"""The same chapter on a newer engine that keeps images in the containerd store."""

import json
from collections.abc import Iterator

import pytest

from lab.paths import CACHE
from tests.real_lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.containerd]
ENGINE = CACHE / "engine-containerd"


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    assert ENGINE.is_dir(), f"{ENGINE} não existe: rode setup/newer-engine.sh {ENGINE}"
    folder = tmp_path_factory.mktemp("l")
    chosen = (("LAB_ENGINE_PATH", str(ENGINE)), ("LAB_ENGINE_STORE", "containerd"))
    newer = Lab(folder / "lab", folder / "trabalho", chosen=chosen)
    newer.start()
    yield newer
    newer.cli("limpar")


def test_it_is_the_newer_engine_with_the_other_store(newer: Lab) -> None:
    status = newer.status()
    versions = {one["name"]: one["version"] for one in status["services"]}
    assert status["store"] == "containerd"
    assert int(versions["engine"].split(".")[0]) >= 26
    assert int(versions["containerd"].split(".")[1]) >= 7


def test_the_whole_chapter_passes_its_checks(newer: Lab) -> None:
    image = f"{newer.newcomer()}/docker-is-cool"
    for command, expected in (
        (["docker", "tag", "docker-is-cool", image], ""),
        (["docker", "push", image], f"The push refers to repository [docker.io/{image}]"),
        (["docker", "rmi", image], f"Untagged: {image}:latest"),
        (["docker", "pull", image], f"docker.io/{image}:latest"),
        (["docker", "run", "--rm", image], "Docker é muito legal"),
    ):
        done = newer.run(command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        assert expected in done.stdout
    reports = json.loads(newer.cli("verificar", "push", "pull", "--formato", "json").stdout)["reports"]
    assert {one["unit"]: one["outcome"] for one in reports} == {"push": "passed", "pull": "passed"}


def test_anothers_namespace_is_refused(newer: Lab) -> None:
    newer.run(["docker", "tag", "docker-is-cool", "outrapessoa/docker-is-cool"])
    done = newer.run(["docker", "push", "outrapessoa/docker-is-cool"])
    assert done.returncode != 0
    assert "insufficient_scope" in done.stdout + done.stderr
