"""The images that a class was handed out are kept as JSON, and read back the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.classroom import models
from checks.classroom.models import Models
from checks.content import Image, Platform, RunConfig
from checks.errors import BadDocument
from checks.reference import parse
from tests.classroom.world import COOL, MODELS

WHOLE = Image(
    Platform("linux", "arm", "v7"),
    ("sha256:" + "1" * 64,),
    RunConfig(
        cmd=("a",), entrypoint=("/b",), env=("A=1",), user="1000", working_dir="/c", labels=(("x", "y"),),
        exposed_ports=("80/tcp",), volumes=("/d",),
    ),
)  # fmt: skip


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    kept = Models({"docker-is-cool:latest": (COOL, WHOLE)})
    path = tmp_path / "models.json"
    path.write_text(kept.to_json(), encoding="utf-8")
    assert models.load(path) == kept
    assert models.load(path).named(parse("docker-is-cool")) == (COOL, WHOLE)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert models.load(None) == models.load(tmp_path / "nada.json") == Models()
    assert MODELS.named(parse("outra")) == ()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 2, "images": {}}', '{"schema": 1, "images": {"a": [1]}}']
)
def test_another_file_in_its_place_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadDocument, match=r"models\.json não tem as imagens modelo"):
        models.load(path)
