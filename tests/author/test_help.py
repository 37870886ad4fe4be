"""The help of `lab autor`, as it is typed."""

import subprocess

import pytest

from lab.author.steps import LAB


@pytest.mark.parametrize("asked", [[], ["--ajuda"], ["conferir", "--ajuda"], ["new", "--help"]])
def test_the_authors_help_is_in_portuguese_too(asked: list[str]) -> None:
    """In a process of its own: it is mounted only when it is asked for."""
    done = subprocess.run(
        [LAB, "autor", *asked], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Uso: lab autor" in done.stdout
    english = (
        "Usage",
        "Options",
        "Commands",
        "COMMAND",
        "ARGS",
        "OPTIONS",
        "Arguments",
        "Show this",
        "[required]",
    )
    assert not any(word in done.stdout for word in english)
