"""Facts of a thousand images from one registry, beside what wrk and skopeo reach on it, in the same run.

wrk cannot measure HEAD: it waits for the body that a HEAD never brings (github.com/wg/wrk/issues/198). It
asks for a manifest with GET instead, which the registry serves by the same code, 500 bytes longer. Half of
what is asked for the first time are configurations, which this registry serves more slowly than manifests
to anybody: so wrk also sends the same mix, a manifest and a configuration in turn.
"""

import asyncio
import json
import os
import re
import shutil
import ssl
import statistics
import subprocess
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.registry import MANIFEST, Registry, running
from checks import registry as registries
from checks.auth import WebAnswer, WebRequest
from checks.cache import Cache
from checks.errors import RegistryUnreachable
from checks.reference import parse
from checks.web import Heard, Web, open_session

IMAGES = 1000
ROUNDS = 3
WRK_SECONDS = 3
SKOPEO_IMAGES = 20
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_SCRIPT = """
local paths = {%s}
local number = 0
wrk.headers["Authorization"] = "Bearer %s"
wrk.headers["Accept"] = "%s"
request = function()
    number = number + 1
    return wrk.format("GET", paths[number %% #paths + 1])
end
"""


@dataclass(frozen=True)
class Run:
    """How long it took, and how many requests of each kind it made."""

    seconds: float
    requests: Counter[str]

    @property
    def rate(self) -> float:
        """Requests to the registry in a second; those to the token service only take time."""
        asked = sum(count for kind, count in self.requests.items() if kind != "token")
        return asked / self.seconds


class CountingWeb(Web):
    """Counts what is sent, by method."""

    requests: Counter[str]

    async def send(self, request: WebRequest, heard: Heard | None = None) -> WebAnswer:
        self.requests["token" if "/token?" in request.url else request.method] += 1
        return await super().send(request, heard)


async def facts(registry: Registry, folder: Path) -> Run:
    """Looks at every image as anyone, with the cache in `folder`."""
    with closing(Cache(folder)) as cache:
        async with open_session() as session:
            web = CountingWeb(session, RegistryUnreachable)
            web.requests = Counter()
            asker = registries.Registry(web, cache, registry.url)
            start = time.perf_counter()
            seen = await asyncio.gather(*(asker.public_image(parse(name)) for name in registry.images))
            seconds = time.perf_counter() - start
    assert all(image.images for image in seen), "an image was not seen"
    return Run(seconds, web.requests)


def ask(registry: Registry, url: str, **headers: str) -> dict[str, object]:
    context = ssl.create_default_context(cafile=str(registry.authority))
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), context=context) as answer:  # noqa: S310
        found: dict[str, object] = json.load(answer)
        return found


def wrk(registry: Registry, folder: Path, *, mixed: bool) -> float:
    """Requests in a second for the manifest of one image, or for it and its configuration in turn."""
    name = registry.images[0]
    token = ask(registry, f"{registry.token_url}?scope=repository:{name}:pull")["token"]
    manifest = f"/v2/{name}/manifests/latest"
    found = ask(registry, registry.url + manifest, Authorization=f"Bearer {token}", Accept=MANIFEST)
    described = found["config"]
    assert isinstance(described, dict)
    paths = [manifest, f"/v2/{name}/blobs/{described['digest']}"] if mixed else [manifest]
    script = folder / "wrk.lua"
    script.write_text(_SCRIPT % (", ".join(map(json.dumps, paths)), token, MANIFEST), encoding="utf-8")
    command = ["wrk", "-t2", "-c32", f"-d{WRK_SECONDS}s", "-s", str(script), registry.url]
    told = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout
    assert "Non-2xx" not in told, told
    rate = _RATE.search(told)
    assert rate, told
    return float(rate[1])


def skopeo(registry: Registry, folder: Path) -> float:
    """Seconds an image, one command after the other, as anyone would in a loop."""
    trusted = folder / "trusted"
    trusted.mkdir(exist_ok=True)
    shutil.copy(registry.authority, trusted / "ca.crt")
    host = registry.url.removeprefix("https://")
    start = time.perf_counter()
    for name in registry.images[:SKOPEO_IMAGES]:
        command = ["skopeo", "inspect", f"--cert-dir={trusted}", f"docker://{host}/{name}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) / SKOPEO_IMAGES


@contextmanager
def trusting(registry: Registry) -> Iterator[None]:
    kept = dict(os.environ)
    os.environ |= {"SSL_CERT_FILE": str(registry.authority), "LAB_MODE": "treino"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= kept


@dataclass
class Measures:
    """One of each in a round; nothing where the program is missing."""

    heads: list[float]
    mixes: list[float]
    skopeo: list[float]
    first: list[Run]
    again: list[Run]


def measure(registry: Registry, folder: Path) -> Measures:
    found = Measures([], [], [], [], [])
    for number in range(ROUNDS):
        cache = folder / f"cache{number}"
        if shutil.which("wrk"):
            found.heads.append(wrk(registry, folder, mixed=False))
            found.mixes.append(wrk(registry, folder, mixed=True))
        found.first.append(asyncio.run(facts(registry, cache)))
        found.again.append(asyncio.run(facts(registry, cache)))
        if shutil.which("wrk"):
            found.heads.append(wrk(registry, folder, mixed=False))
            found.mixes.append(wrk(registry, folder, mixed=True))
        if shutil.which("skopeo"):
            found.skopeo.append(skopeo(registry, folder))
    return found


def ratio(rate: float, others: list[float]) -> str:
    return f"{rate / statistics.median(others):.2f}" if others else "—"


def told(run: Run) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(run.requests.items()))


def show(found: Measures, console: Console) -> None:
    table = Table(title=f"Fatos de {IMAGES} imagens de um registry, {ROUNDS} vezes, na mesma execução")
    for heading in ("o quê", "mediana", "pedidos/s", "÷ wrk", "÷ wrk, mistura"):
        table.add_column(heading)
    for label, rates in (("wrk, manifesto", found.heads), ("wrk, mistura", found.mixes)):
        rate = statistics.median(rates) if rates else 0.0
        shown = f"{rate:.0f}" if rates else "sem o wrk"
        table.add_row(label, "", shown, ratio(rate, found.heads), ratio(rate, found.mixes))
    for label, runs in (("fatos, primeira vez", found.first), ("fatos, de novo", found.again)):
        rate = statistics.median(run.rate for run in runs)
        seconds = f"{statistics.median(run.seconds for run in runs):.2f} s"
        table.add_row(label, seconds, f"{rate:.0f}", ratio(rate, found.heads), ratio(rate, found.mixes))
    console.print(table)
    console.print(f"Pedidos da primeira vez: {told(found.first[-1])}; de novo: {told(found.again[-1])}.")
    if found.skopeo:
        each, ours = statistics.median(found.skopeo), statistics.median(run.seconds for run in found.first)
        console.print(
            f"skopeo inspect, uma de cada vez: {each * 1000:.0f} ms por imagem; os fatos, na primeira vez, "
            f"{ours / IMAGES * 1000:.1f} ms: {each * IMAGES / ours:.0f} vezes menos."
        )
    for program in ("wrk", "skopeo"):
        if shutil.which(program) is None:
            console.print(f"Falta o {program}; instale-o com: apt-get install {program}")


def main(console: Console) -> None:
    with tempfile.TemporaryDirectory(prefix="facts-") as name:
        folder = Path(name)
        with running(folder, IMAGES) as registry, trusting(registry):
            show(measure(registry, folder), console)


if __name__ == "__main__":
    main(Console())
