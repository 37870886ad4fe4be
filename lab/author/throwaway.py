"""A lab that lives for one command, so that proofs start from nothing and leave the author's lab alone."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lab.author.errors import NoLab
from lab.author.steps import LAB


@dataclass(frozen=True)
class ThrowawayLab:
    """A running lab with a home of its own."""

    home: Path

    def run(self, command: Sequence[str]) -> int:
        """Run a command inside the lab, on this terminal; its exit code."""
        return subprocess.run(
            [LAB, "executar", "--", *command], env=_environment(self.home), check=False
        ).returncode


@contextmanager
def throwaway_lab() -> Iterator[ThrowawayLab]:
    """Start it, lend it, and leave nothing behind."""
    home = Path(tempfile.mkdtemp(prefix="lab-"))
    try:
        _lab(home, "ficar pronto", "aula", "--sem-navegador", "--segundo-plano")
        yield ThrowawayLab(home)
    except BaseException:
        with suppress(NoLab):  # what went wrong first is what the author has to know
            _clean(home)
        raise
    _clean(home)


def _clean(home: Path) -> None:
    _lab(home, "ser apagado", "limpar")
    shutil.rmtree(home, ignore_errors=True)


def _lab(home: Path, purpose: str, *words: str) -> None:
    done = subprocess.run(
        [LAB, *words],
        env=_environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise NoLab(purpose, done.stdout + done.stderr)


def _environment(home: Path) -> dict[str, str]:
    """Nothing of a lab that this process may itself run in, save the choice of engine."""
    outer = ("LAB_", "DOCKER_", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    chosen = ("LAB_ENGINE_PATH", "LAB_ENGINE_STORE")
    kept = {key: value for key, value in os.environ.items() if key in chosen or not key.startswith(outer)}
    return {**kept, "LAB_HOME": str(home), "WORK_HOME": str(home / "trabalho")}
