"""What a round of following the registry costs: requests and seconds, with 1,000 repositories of 10 tags.

The registry is a real one. It is filled once through its API; the other repositories are copies of that one
in its folder, as its storage has them: links to blobs that are kept once.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import django
from django.core.management import call_command
from rich.console import Console
from rich.table import Table

from benchmarks.hub_service import new_hub, registry_of

REPOSITORIES, TAGS, OWNERS = 1_000, 10, 100
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
FIRST = "pessoa0000/repositorio-0000"
ROUNDS = ("primeira volta, com o banco vazio", "volta que pergunta por cada tag", "volta sem novidades")


def fill(data: Path) -> None:
    from hub.accounts.models import User
    from hub.registry.client import RegistryClient

    for number in range(OWNERS):
        User.objects.create_user(f"pessoa{number:04}", f"pessoa{number:04}@exemplo.com")
    client, config = RegistryClient(), b'{"os":"linux","architecture":"amd64"}'
    client.upload(FIRST, digest_of(config), config)
    for number in range(TAGS):
        layer = f"camada {number}".encode()
        client.upload(FIRST, digest_of(layer), layer)
        parts = [{"digest": digest_of(blob), "size": len(blob)} for blob in (config, layer)]
        described = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": parts[0] | {"mediaType": "application/vnd.oci.image.config.v1+json"},
            "layers": [parts[1] | {"mediaType": "application/vnd.oci.image.layer.v1.tar"}],
        }
        client.put(FIRST, f"v{number}", json.dumps(described).encode(), MANIFEST)
    kept = data / "docker/registry/v2/repositories"
    for number in range(1, REPOSITORIES):
        copy = kept / f"pessoa{number % OWNERS:04}" / f"repositorio-{number:04}"
        shutil.copytree(kept / FIRST, copy)


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def rounds(log: Path) -> Iterator[tuple[int, float, float]]:
    """Requests, seconds, and seconds of this process alone, of each of ROUNDS."""
    from django.utils import timezone

    from hub.registry.reconcile import reconcile
    from hub.repositories.models import Repository

    for since in (None, None, timedelta(minutes=3)):
        before, start, spent = requests(log), time.perf_counter(), time.process_time()
        outcome = reconcile(since=None if since is None else timezone.now() - since)
        took = time.perf_counter() - start, time.process_time() - spent
        assert (outcome.repositories, outcome.tags, outcome.unread) == (REPOSITORIES, REPOSITORIES * TAGS, 0)
        time.sleep(0.5)  # the last lines are on their way
        yield requests(log) - before, *took
        Repository.objects.update(created_at=timezone.now() - timedelta(days=1))  # not just made


def requests(log: Path) -> int:
    return log.read_bytes().count(b"\n")


def inside(what: str, path: Path) -> None:
    """The part that runs with the hub's settings."""
    django.setup()
    logging.disable(logging.WARNING)  # that each of them came back private
    call_command("migrate", verbosity=0, interactive=False)
    if what == "fill":
        fill(path)
    else:
        json.dump(list(rounds(path)), sys.stdout)


def measure(folder: Path) -> list[list[float]]:
    hub = new_hub(folder)
    with registry_of(folder) as (url, log):
        hub = replace(hub, registry=url)
        hub.run("reconcile", "fill", str(folder / "registry" / "data"))
        found: list[list[float]] = json.loads(hub.run("reconcile", "rounds", str(log)))
        return found


def main(console: Console) -> None:
    with tempfile.TemporaryDirectory(prefix="reconcile-") as folder:
        found = measure(Path(folder))
    table = Table(title=f"Seguir um registry com {REPOSITORIES} repositórios de {TAGS} tags")
    for heading in ("o quê", "pedidos ao registry", "segundos", "deles, do hub"):
        table.add_column(heading)
    for what, (asked, took, own) in zip(ROUNDS, found, strict=True):
        table.add_row(what, f"{asked:.0f}", f"{took:.1f}", f"{own:.1f}")
    console.print(table)


if __name__ == "__main__":
    inside(sys.argv[1], Path(sys.argv[2])) if len(sys.argv) > 1 else main(Console())
