"""A practice hub of its own for pages: its server and its database, with no lab around it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.addresses import free_port

ROOT = Path(__file__).parents[2]
PASSWORD = "barco-de-papel"


@dataclass(frozen=True)
class PracticeHub:
    url: str
    environment: dict[str, str]

    def told(self, *words: str) -> None:
        """Something written to its database, by tests.browser.seed."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.browser.seed", *words],
            env=self.environment, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


@contextmanager
def running(folder: Path, **variables: str) -> Iterator[PracticeHub]:
    """`variables`: more of what the hub reads from its environment."""
    address = f"127.0.0.1:{free_port()}"
    others = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))}
    environment = others | {
        "HUB_TESTING": "1",
        "HUB_DATA_DIR": str(folder),
        "HUB_PLAIN_BINDS": address,
        "HUB_WEB_URL": f"http://{address}",
        "HUB_REGISTRY_URL": "http://127.0.0.1:9",  # nobody answers there: pages show what the hub knows
        **variables,
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hub", "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        _wait(f"http://{address}/saude", process, folder)
        yield PracticeHub(f"http://{address}", environment)
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, (folder / "log").read_text(encoding="utf-8", errors="replace")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310, our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError((folder / "log").read_text(encoding="utf-8", errors="replace"))
