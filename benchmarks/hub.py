"""The hub as a service: tokens of the registry in a second on one core, and pages as its data grow.

The limit beside the tokens is that of signing alone: the same claims and key, without HTTP or a database.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from lab import pki, services, state
from lab.addresses import free_port
from lab.paths import Home
from lab.state import Lab

ROOT = Path(__file__).parent.parent
WRK_SECONDS = 5
ROUNDS = 3
FEW, MANY = (100, 1000), (10_000, 100_000)  # repositories and tags
ASKS = 30  # of each page
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_SCRIPT = """
wrk.headers["Authorization"] = "Basic %s"
"""
_SIGN = """
import sys, time, jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
key = load_pem_private_key(open(sys.argv[1], "rb").read(), None)
access = [{"type": "repository", "name": "ana/docker-is-cool", "actions": ["pull", "push"]}]
claims = {"iss": "auth.docker.io", "sub": "ana", "aud": "registry.docker.io",
          "exp": 2**31, "nbf": 0, "iat": 0, "jti": "0123456789abcdef012345", "access": access}
headers = {"x5c": [sys.argv[2]]}
count, start = 0, time.perf_counter()
while time.perf_counter() - start < 3:
    jwt.encode(claims, key, algorithm="ES256", headers=headers)
    count += 1
print(count / (time.perf_counter() - start))
"""


@dataclass(frozen=True)
class Hub:
    """A hub in a folder of its own, with its own database and nothing else of a lab."""

    folder: Path
    port: int

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
            "HUB_REGISTRY_URL": f"http://127.0.0.1:{free_port()}",  # nobody: what is not measured stays quiet
        }
        return {**outer, **settings, **mine}

    def filled(self, *words: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "benchmarks.hub_data", *words],
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


# ---------------------------------------------------------------- tokens


def tokens_per_second(hub: Hub, name: str, secret: str) -> float:
    script = hub.folder / "wrk.lua"
    script.touch(mode=0o600)
    credentials = base64.b64encode(f"{name}:{secret}".encode()).decode("ascii")
    script.write_text(_SCRIPT % credentials, encoding="utf-8")
    scope = f"repository:{name}/docker-is-cool:pull,push"
    url = f"{hub.url}/token?service=registry.docker.io&scope={scope}"
    wrk = [*on_core(1), "wrk", "-t1", "-c16", f"-d{WRK_SECONDS}s", "-s", str(script), url]
    told = subprocess.run(wrk, check=True, capture_output=True, encoding="utf-8").stdout
    assert "Non-2xx" not in told, told
    rate = _RATE.search(told)
    assert rate, told
    return float(rate[1])


def signatures_per_second(hub: Hub) -> float:
    folder = hub.folder / "token"
    certificate = "".join((folder / "token.pem").read_text(encoding="ascii").splitlines()[1:-1])
    command = [*on_core(0), sys.executable, "-c", _SIGN, str(folder / "token.key"), certificate]
    return float(subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout)


def measure_tokens(hub: Hub) -> Mapping[str, float]:
    """Medians of so many a second, by what was measured."""
    people = json.loads(hub.filled("people", "1"))
    (name, secrets), *_ = people.items()
    found: dict[str, list[float]] = {
        "assinatura sozinha": [],
        "senha já verificada": [],
        "token de acesso": [],
    }
    for _ in range(ROUNDS):
        found["assinatura sozinha"].append(signatures_per_second(hub))
        with hub.running():
            found["senha já verificada"].append(tokens_per_second(hub, name, secrets["password"]))
            found["token de acesso"].append(tokens_per_second(hub, name, secrets["token"]))
    return {what: statistics.median(rates) for what, rates in found.items()}


def show_tokens(found: Mapping[str, float], console: Console) -> None:
    table = Table(title=f"Tokens do registry por segundo, num núcleo ({ROUNDS} vezes, na mesma execução)")
    for heading in ("o quê", "por segundo", "÷ assinatura sozinha"):
        table.add_column(heading)
    limit = found["assinatura sozinha"]
    for what, rate in found.items():
        table.add_row(what, f"{rate:.0f}", f"{rate / limit:.2f}")
    console.print(table)


# ---------------------------------------------------------------- pages and API, few data and many


PAGES = {
    "explorar": "/explore/",
    "busca": "/search?q=repositorio",
    "perfil": "/u/pessoa0000",
    "repositório": "/r/pessoa0000/{repository}",
    "tags do repositório": "/r/pessoa0000/{repository}/tags",
    "API: repositórios": "/v2/namespaces/pessoa0000/repositories",
    "API: tags": "/v2/namespaces/pessoa0000/repositories/{repository}/tags",
    "API: docker search": "/v1/search?q=repositorio&n=25",
}


def medians(hub: Hub) -> dict[str, float]:
    """Seconds for each page, asked for in turn."""
    seen: dict[str, list[float]] = {what: [] for what in PAGES}
    with hub.running():
        for path in PAGES.values():
            hub.get(path.format(repository="repositorio-00000"))  # what is loaded once is not measured
        for _ in range(ASKS):
            for what, path in PAGES.items():
                start = time.perf_counter()
                hub.get(path.format(repository="repositorio-00000"))
                seen[what].append(time.perf_counter() - start)
    return {what: statistics.median(seconds) for what, seconds in seen.items()}


def measure_pages(folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    found = []
    for name, (repositories, tags) in (("few", FEW), ("many", MANY)):
        hub = new_hub(folder / name)
        hub.filled("people", "100")
        hub.filled("repositories", str(repositories), str(tags))
        found.append(medians(hub))
    return found[0], found[1]


def show_pages(few: Mapping[str, float], many: Mapping[str, float], console: Console) -> None:
    title = f"Páginas e API: mediana com {FEW[0]} repositórios e {FEW[1]} tags, e com {MANY[0]} e {MANY[1]}"
    table = Table(title=title)
    for heading in ("o quê", "com poucos", "com muitos", "vezes"):
        table.add_column(heading)
    for what, seconds in few.items():
        table.add_row(
            what, f"{seconds * 1000:.1f} ms", f"{many[what] * 1000:.1f} ms", f"{many[what] / seconds:.2f}"
        )
    console.print(table)


def main(console: Console) -> None:
    if shutil.which("wrk") is None:
        console.print("Falta o wrk; instale-o com: apt-get install wrk")
        return
    with tempfile.TemporaryDirectory(prefix="hub-") as name:
        show_tokens(measure_tokens(new_hub(Path(name) / "tokens")), console)
        console.print()
        show_pages(*measure_pages(Path(name)), console)


if __name__ == "__main__":
    main(Console())
