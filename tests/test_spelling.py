"""Every word that a learner or a teacher reads is Portuguese, or one of the project's own words."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.prose import sources

WORDS = Path(__file__).parent / "spelling" / "words.txt"
OWN = frozenset(WORDS.read_text(encoding="utf-8").split())
PROSE = dict(sources())


def unknown(text: str) -> set[str]:
    """The words that the dictionary of Brazilian Portuguese does not have."""
    program = shutil.which("hunspell")
    assert program, "falta o hunspell: `make testes` o instala"
    done = subprocess.run(
        [program, "-d", "pt_BR", "-i", "utf-8", "-l"], input=text, capture_output=True, text=True,
        encoding="utf-8", check=True,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    return {word.strip("'’-") for word in done.stdout.split()}


def test_a_slip_would_be_seen() -> None:
    assert unknown("A imagen está no repositorio; você envio-a.") >= {"imagen", "repositorio"}


@pytest.fixture(scope="module")
def strange() -> frozenset[str]:
    """The dictionary takes a second to load: it is asked once for all."""
    return frozenset(unknown("\n".join(PROSE.values())))


def test_every_word_is_known(strange: frozenset[str]) -> None:
    wrong = {word for word in strange if word.lower() not in OWN}
    where = {word: [name for name, text in PROSE.items() if word in text][:3] for word in wrong}
    assert not where


def test_the_own_words_are_in_use_and_in_order(strange: frozenset[str]) -> None:
    listed = WORDS.read_text(encoding="utf-8").split()
    assert listed == sorted(set(listed))
    assert not OWN - {word.lower() for word in strange}
