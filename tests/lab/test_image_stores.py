"""Verdicts on the newer engine, whose images live in containerd: built and pushed for real."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.real_lab import LAB, Lab
from tests.stores import CONTAINERD, ENGINE

pytestmark = pytest.mark.lab
BUILDX = ENGINE / "usr" / "libexec" / "docker" / "cli-plugins" / "docker-buildx"


@pytest.fixture(scope="module")
def newer() -> Iterator[Lab]:
    """A lab with the newer engine, its containerd store and buildx."""
    with tempfile.TemporaryDirectory(prefix="lab-") as folder:
        lab = Lab(Path(folder) / "lab", Path(folder) / "trabalho", tuple(CONTAINERD.items()))
        try:
            lab.start()
            plugins = lab.home / "docker" / "cli-plugins"
            plugins.mkdir(parents=True, exist_ok=True)
            (plugins / "docker-buildx").symlink_to(BUILDX)
            yield lab
        finally:
            lab.cli("limpar")


def outcomes(lab: Lab, unit: str) -> list[str]:
    done = lab.cli("verificar", unit, "--formato", "json")
    return [check["outcome"] for check in json.loads(done.stdout)["checks"]]


@pytest.mark.containerd
def test_the_newer_lab_keeps_images_in_containerd(newer: Lab) -> None:
    said = newer.run(["docker", "info", "--format", "{{.DriverStatus}}"]).stdout
    assert "io.containerd.snapshotter.v1" in said


@pytest.mark.containerd
def test_an_index_with_an_attestation_is_the_learners_image(newer: Lab) -> None:
    name = newer.newcomer()
    (newer.work / "receita").mkdir(exist_ok=True)
    (newer.work / "receita" / "Dockerfile").write_text(
        "FROM docker-is-cool\nLABEL eu=ana\n", encoding="utf-8"
    )
    built = newer.run(["docker", "buildx", "build", "-q", "-t", "docker-is-cool", "receita"])
    assert built.returncode == 0, built.stderr
    image = f"{name}/docker-is-cool"
    assert newer.run(["docker", "tag", "docker-is-cool", image]).returncode == 0
    assert "not_attempted" in outcomes(newer, "push")
    assert newer.run(["docker", "push", image]).returncode == 0
    address = f"docker://registry-1.docker.io/{image}"
    manifest = newer.run(["skopeo", "inspect", "--raw", address]).stdout
    assert "attestation-manifest" in manifest
    assert outcomes(newer, "push") == ["passed"] * 3


@pytest.mark.containerd
def test_the_author_proves_every_unit_on_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CONTAINERD.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run([LAB, "autor", "conferir"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
