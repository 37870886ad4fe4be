"""The official images of the practice hub: made of Debian's packages, pulled and run as any other."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from lab import official
from tests.real_lab import Lab


def test_the_same_programs_make_the_same_layout(tmp_path: Path) -> None:
    names = official.prepare(tmp_path / "a")
    assert {"busybox", "hello-world"} <= set(names)
    official.prepare(tmp_path / "b")
    assert files(tmp_path / "a") == files(tmp_path / "b")
    official.prepare(tmp_path / "a")
    assert files(tmp_path / "a") == files(tmp_path / "b")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_tag_has_a_name_and_words_about_it(tmp_path: Path) -> None:
    official.prepare(tmp_path)
    entries = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))["manifests"]
    named = {entry["annotations"]["org.opencontainers.image.ref.name"] for entry in entries}
    assert {"busybox:latest", "hello-world:latest"} <= named
    assert all(
        0 < len(entry["annotations"]["org.opencontainers.image.description"]) <= 100 for entry in entries
    )


@pytest.mark.lab
def test_a_learner_pulls_and_runs_them_without_an_account(lab: Lab) -> None:
    lab.run(["docker", "logout"])
    deadline = time.monotonic() + 60  # the hub offers them by itself, a moment after it has started
    while (pulled := lab.run(["docker", "pull", "-q", "hello-world"])).returncode != 0:
        assert time.monotonic() < deadline, pulled.stderr
        time.sleep(0.5)
    said = lab.run(["docker", "run", "--rm", "hello-world"])
    assert "Esta mensagem mostra que o Docker funciona aqui." in said.stdout, said.stderr
    counted = lab.run(["docker", "run", "--rm", "busybox", "sh", "-c", "echo ola | wc -c"])
    assert counted.stdout.strip() == "4", counted.stderr
    lab.run(["docker", "rmi", "hello-world", "busybox"])
