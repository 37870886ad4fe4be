"""The hub as a service: tokens of the registry in a second on one core, and pages as its data grow.

The limit beside the tokens is that of signing alone: the same claims and key, without HTTP or a database.
Pages are measured without a registry, which none of them asks; to follow one is measured in reconcile.py.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.hub_service import Hub, new_hub, on_core, registry_of

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
    people = json.loads(hub.run("hub_data", "people", "1"))
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


Seconds = Mapping[str, float]


def medians(few: Hub, many: Hub) -> tuple[Seconds, Seconds]:
    """Of each page, asked of both in turn: what else the machine does weighs on both alike."""
    seen: list[dict[str, list[float]]] = [{what: [] for what in PAGES} for _ in (few, many)]
    with few.running(), many.running():
        for _ in range(ASKS + 1):
            for what, path in PAGES.items():
                for hub, found in zip((few, many), seen, strict=True):
                    start = time.perf_counter()
                    hub.get(path.format(repository="repositorio-00000"))
                    found[what].append(time.perf_counter() - start)
    # The first time, what is loaded once is loaded.
    ours, theirs = ({what: statistics.median(all_[1:]) for what, all_ in found.items()} for found in seen)
    return ours, theirs


def measure_pages(folder: Path) -> tuple[Seconds, Seconds]:
    hubs = []
    for name, (repositories, tags) in (("few", FEW), ("many", MANY)):
        hub = new_hub(folder / name)
        hub.run("hub_data", "repositories", str(repositories), str(tags))
        hubs.append(hub)
    return medians(*hubs)


def show_pages(few: Seconds, many: Seconds, console: Console) -> None:
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
        hub = new_hub(Path(name) / "tokens")
        with registry_of(hub.folder) as (url, _):
            show_tokens(measure_tokens(replace(hub, registry=url)), console)
        console.print()
        show_pages(*measure_pages(Path(name)), console)


if __name__ == "__main__":
    main(Console())
