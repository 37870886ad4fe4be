"""A hub of its own for a benchmark, and the registry that it follows, with nothing else of a lab."""

from __future__ import annotations

import json
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

from lab import pki, registry, services, state, tools
from lab.addresses import free_port
from lab.paths import Home
from lab.state import Lab

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Hub:
    """A hub in a folder of its own, with its own database and nothing else of a lab."""

    folder: Path
    port: int
    registry: str = ""  # its address; without one nobody answers, and what is not measured stays quiet

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        nobody = Lab("benchmark", "127.0.0.1", "127.0.0.1", self.port, 0)
        settings = services.hub_environment(Home(self.folder), nobody)
        outer = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
        mine = {
            "HUB_PLAIN_BINDS": f"127.0.0.1:{self.port}",
            "HUB_TLS_BIND": "",
            "HUB_PEOPLE_PER_ADDRESS": "1000000",  # all that is asked here comes from one
            "HUB_REGISTRY_URL": self.registry or f"http://127.0.0.1:{free_port()}",
        }
        return {**outer, **settings, **mine}

    def run(self, module: str, *words: str) -> str:
        """What a module of the benchmarks prints that runs with this hub's settings."""
        return subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", *words],
            env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8",
        ).stdout  # fmt: skip

    @contextmanager
    def running(self) -> Iterator[None]:
        command = [*on_core(0), sys.executable, "-m", "hub", "serve"]
        with subprocess.Popen(
            command, env=self.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                self._until_it_answers()
                yield
            finally:
                process.terminate()

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                self.get("/saude")
            except (urllib.error.URLError, ConnectionError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=60) as answer:  # noqa: S310 - our own
            body: bytes = answer.read()
            return body


def on_core(number: int) -> list[str]:
    return ["taskset", "--cpu-list", str(number)]


def new_hub(folder: Path) -> Hub:
    home = Home(folder)
    state.prepare(home)
    pki.prepare(home)
    return Hub(folder, free_port())


@contextmanager
def registry_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """The hub's own, empty: its address, and the file with a line for each request."""
    port, log = free_port(), folder / "registry.log"
    settings = registry.config(Home(folder), Lab("benchmark", "127.0.0.1", "127.0.0.1", 0, 0))
    settings |= {"log": {"level": "error"}, "notifications": {}}
    settings |= {"http": {"addr": f"127.0.0.1:{port}", "secret": "x" * 32}}
    config = folder / "registry.yml"
    config.write_text(json.dumps(settings), encoding="utf-8")
    command = [tools.require(tools.REGISTRY), "serve", str(config)]
    environment = {**os.environ, **registry.ENVIRONMENT}
    with (
        log.open("wb") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=out) as process,
    ):
        try:
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()
