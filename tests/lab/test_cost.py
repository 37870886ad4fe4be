"""`lab verificar --quanto-custa`: what a check would ask of Docker Hub, with no lab at all."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.real_lab import LAB


def cost(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LAB_HOME": str(folder / "lab"), "WORK_HOME": str(folder / "work")}
    return subprocess.run(
        [LAB, "verificar", *arguments, "--quanto-custa"],
        env=environment, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["comece-aqui"], "não faz nenhuma consulta ao Docker Hub"),
        (["push"], "Consultas ao registry, no máximo:"),
        (["--tudo"], "contam no limite de downloads do Docker Hub, no máximo:"),
    ],
)
def test_the_cost_is_told_without_a_lab(tmp_path: Path, arguments: list[str], words: str) -> None:
    done = cost(tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert words in " ".join(done.stdout.split())
    assert not (tmp_path / "lab").exists()
