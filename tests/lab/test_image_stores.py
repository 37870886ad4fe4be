"""The newer engine, which keeps images in containerd: the same chapter, and the same verdicts."""

import json

import pytest

from tests.real_lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.containerd]
RECIPE = "FROM docker-is-cool\nLABEL eu=ana\n"


def outcomes(lab: Lab, *units: str) -> list[list[str]]:
    """Of each check of each unit."""
    reports = json.loads(lab.cli("verificar", *units, "--formato", "json").stdout)
    found = reports.get("reports", [reports])
    return [[check["outcome"] for check in report["checks"]] for report in found]


def in_turn(lab: Lab, *commands: str) -> str:
    """What they write; the first that fails is the last that runs."""
    done = lab.run(["sh", "-ec", "\n".join(commands)])
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_the_newer_engine_with_the_other_store(newer: Lab) -> None:
    status = newer.status()
    versions = {one["name"]: one["version"] for one in status["services"]}
    assert status["store"] == "containerd"
    assert int(versions["engine"].split(".")[0]) >= 26
    assert int(versions["containerd"].split(".")[1]) >= 7
    said = in_turn(newer, "docker info --format '{{.DriverStatus}}'")
    assert "io.containerd.snapshotter.v1" in said


def test_the_whole_chapter_passes_its_checks(newer: Lab) -> None:
    image = f"{newer.newcomer()}/docker-is-cool"
    said = in_turn(
        newer,
        f"docker tag docker-is-cool {image}",
        f"docker push {image}",
        f"docker rmi {image}",
        f"docker pull {image}",
        f"docker run --rm {image}",
    )
    for expected in (
        f"The push refers to repository [docker.io/{image}]",
        f"Untagged: {image}:latest",
        f"docker.io/{image}:latest",
        "Docker é muito legal",
    ):
        assert expected in said
    assert {verdict for unit in outcomes(newer, "push", "pull") for verdict in unit} == {"passed"}


def test_the_chapters_image_comes_back_as_it_was(newer: Lab) -> None:
    image = f"{newer.newcomer()}/docker-is-cool"
    identity = "docker image inspect docker-is-cool --format '{{.Id}} {{.RootFS.Layers}}'"
    before = in_turn(newer, f"docker tag docker-is-cool {image}", f"docker push {image}", identity)
    after = in_turn(newer, f"docker image rm -f docker-is-cool {image}", "lab imagem", identity)
    assert after.splitlines()[-1] == before.splitlines()[-1]
    in_turn(newer, f"docker tag docker-is-cool {image}")
    assert outcomes(newer, "push") == [["passed"] * 3]


def test_anothers_namespace_is_refused(newer: Lab) -> None:
    newer.newcomer()
    in_turn(newer, "docker tag docker-is-cool outrapessoa/docker-is-cool")
    done = newer.run(["docker", "push", "outrapessoa/docker-is-cool"])
    assert done.returncode != 0
    assert "insufficient_scope" in done.stdout + done.stderr


def test_an_index_with_an_attestation_is_the_learners_image(newer: Lab) -> None:
    name = newer.newcomer()
    image = f"{name}/docker-is-cool"
    (newer.work / "receita").mkdir()
    (newer.work / "receita" / "Dockerfile").write_text(RECIPE, encoding="utf-8")
    in_turn(
        newer,
        "docker tag docker-is-cool guardada",
        "docker buildx build -q -t docker-is-cool receita",
        f"docker tag docker-is-cool {image}",
    )
    try:
        assert "not_attempted" in outcomes(newer, "push")[0]
        in_turn(newer, f"docker push {image}")
        manifest = in_turn(newer, f"skopeo inspect --raw docker://registry-1.docker.io/{image}")
        assert "attestation-manifest" in manifest
        assert outcomes(newer, "push") == [["passed"] * 3]
    finally:  # other tests share this lab
        in_turn(newer, "docker tag guardada docker-is-cool", "docker rmi guardada")
