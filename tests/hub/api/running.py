"""A hub that runs as the lab starts it, with people, repositories and what each asker brings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests

from lab.addresses import free_port
from tests.hub.api.contract import ANA, BIA, KEPT, PASSWORD, TO_DELETE

ROOT = Path(__file__).parents[3]
PATIENCE = 30  # seconds

# Two people with a public and a private repository each; tokens of known uuid, to change and to delete.
_PEOPLE = """
import json, sys
import django
django.setup()
from hub.accounts.models import User
from hub.api.bearer import issue
from hub.repositories.models import Repository, Tag
from hub.tokens.models import AccessToken
from hub.tokens.sign_in import SignedIn

told = json.load(sys.stdin)
for name in told["people"]:
    owner = User.objects.create_confirmed(name, f"{name}@exemplo.com", told["password"])
    for repository, private in (("app", False), ("segredo", True)):
        made = Repository.objects.create(
            namespace=name, name=repository, owner=owner, is_private=private, full_description="# Olá"
        )
        for tag in ("latest", "v1"):
            Tag.objects.create(
                repository=made, name=tag, digest="sha256:" + "a" * 64, size=42, pushed_by=owner,
                images=[{"platform": "linux/amd64", "digest": "sha256:" + "b" * 64, "size": 42}],
                media_type="application/vnd.oci.image.index.v1+json",
            )
ana = User.objects.get(username=told["people"][0])
for uuid in told["tokens"]:
    AccessToken.objects.issue(ana, "um token", ["repo:write"], uuid=uuid)
token, _ = AccessToken.objects.issue(ana, "leitura", ["repo:read"])
print(json.dumps({"anyone": "", "password": issue(SignedIn(ana)), "token": issue(SignedIn(ana, token))}))
"""


@dataclass(frozen=True)
class RunningHub:
    url: str
    bearers: dict[str, str] = field(repr=False)


@contextmanager
def running_hub(folder: Path, database: str) -> Iterator[RunningHub]:
    """`database`: a URL; SQLite in the folder when empty. Nothing may go wrong without being told."""
    environment, url = _environment(folder, database)
    with (folder / "log").open("wb") as log:
        hub = subprocess.Popen(
            [sys.executable, "-m", "hub", "serve"], env=environment, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        _wait(url, hub, folder / "log")
        yield RunningHub(url, _people(environment))
    finally:
        hub.terminate()
        hub.wait(PATIENCE)
    told = (folder / "log").read_text(encoding="utf-8")
    assert "Traceback" not in told, told


def _environment(folder: Path, database: str) -> tuple[dict[str, str], str]:
    port = free_port()
    (folder / "secret").write_text("segredo-do-teste", encoding="utf-8")
    own = {
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "HUB_DATA_DIR": str(folder / "hub"),
        "HUB_SECRET_KEY_FILE": str(folder / "secret"),
        "HUB_PLAIN_BINDS": f"127.0.0.1:{port}",
        "HUB_REGISTRY_URL": "http://127.0.0.1:9",  # nobody answers there, and what is asked needs nobody
        "HUB_DATABASE_URL": database,
        "HUB_API_PER_MINUTE": "1000000",
    }
    others = ("HUB_", "DJANGO_", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | own, f"http://127.0.0.1:{port}"


def _people(environment: dict[str, str]) -> dict[str, str]:
    told = {"people": [ANA, BIA], "password": PASSWORD, "tokens": [KEPT, TO_DELETE]}
    done = subprocess.run(
        [sys.executable, "-c", _PEOPLE], input=json.dumps(told), env=environment, cwd=ROOT,
        capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    bearers: dict[str, str] = json.loads(done.stdout)
    return bearers


def _wait(url: str, hub: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            requests.get(f"{url}/saude", timeout=5).raise_for_status()
        except requests.ConnectionError:
            assert hub.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < end, "o hub não respondeu"
            time.sleep(0.05)
        else:
            return
