"""The whole way with real parts: a hub, a docker-registry that trusts it, pushes and pulls."""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from tests.hub.registry.conftest import KeyFiles, Registry, Reply, SmallImage

SECRET = "segredo-do-registry"
PASSWORD = "senha-de-treino"
MANIFEST_ACTIONS = "pull,push,delete"


@dataclass(frozen=True)
class Hub:
    """The hub in a process of its own, with its own database."""

    url: str
    environment: dict[str, str]
    database: Path
    ask: Callable[..., Reply]

    def token(self, *scopes: str, username: str = "", secret: str = PASSWORD) -> str:
        reply = self.asks(*scopes, username=username, secret=secret)
        token: str = reply.json()["token"]
        return token

    def asks(self, *scopes: str, username: str = "", secret: str = PASSWORD) -> Reply:
        query = urlencode([("service", "registry.docker.io"), *(("scope", scope) for scope in scopes)])
        headers = {}
        if username:
            pair = base64.b64encode(f"{username}:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        return self.ask("GET", f"{self.url}/token?{query}", **headers)

    def sends(self, method: str, address: str, body: object) -> Any:
        """As a program that signed in as ana with her password."""
        login = {"identifier": "ana", "secret": PASSWORD}
        signed = self._json("POST", "/v2/auth/token", login).json()["access_token"]
        reply = self._json(method, address, body, signed)
        return reply.json() if reply.body else None

    def _json(self, method: str, address: str, body: object, token: str = "") -> Reply:
        sent = json.dumps(body).encode()
        return self.ask(method, self.url + address, token, sent, Content_Type="application/json")

    def api(self, path: str) -> Any:
        reply = self.ask("GET", f"{self.url}/v2/namespaces/{path}")
        return reply.json() if reply.status == 200 else None

    def run(self, *verb: str, typed: str = "") -> str:
        command = [sys.executable, "-m", "hub", *verb]
        done = subprocess.run(
            command, env=self.environment, input=typed, capture_output=True, encoding="utf-8", check=True
        )
        return done.stdout

    def make_private(self, name: str) -> None:
        assert self.sends("POST", f"/v2/repositories/ana/{name}/privacy", {"is_private": True})["is_private"]


@dataclass
class Lab:
    hub: Hub
    registry: Registry
    wait_for: Callable[..., None]
    process: subprocess.Popen[bytes] | None = None

    def start_hub(self) -> None:
        verb = [sys.executable, "-m", "hub", "serve"]
        self.process = subprocess.Popen(verb, env=self.hub.environment, stdout=subprocess.DEVNULL)
        self.wait_for(lambda: self.hub.ask("GET", f"{self.hub.url}/saude").status == 200, "o hub responder")

    def kill_hub(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture
def notifies() -> bool:
    """Whether the registry tells the hub what happens."""
    return True


@pytest.fixture
def lab(
    tmp_path: Path, key_files: KeyFiles, tools: Any, start_registry: Any, notifies: bool
) -> Iterator[Lab]:
    url = f"http://127.0.0.1:{tools.free_port()}"
    notify = f"{url}/registry/notifications" if notifies else ""
    registry = start_registry(f"{url}/token", notify, SECRET)
    environment = _environment(tmp_path, key_files, url, registry.url)
    environment["HUB_RECONCILE_SECONDS"] = "180" if notifies else "1"
    hub = Hub(url, environment, tmp_path / "hub" / "db.sqlite3", tools.ask)
    running = Lab(hub, registry, tools.wait_for)
    try:
        running.start_hub()
        for name in ("ana", "bia"):
            hub.run("account", name, typed=PASSWORD + "\n")
        yield running
    finally:
        running.kill_hub()


def _environment(folder: Path, keys: KeyFiles, url: str, registry: str) -> dict[str, str]:
    secrets = {"HUB_SECRET_KEY_FILE": "x" * 50, "HUB_NOTIFICATIONS_SECRET_FILE": SECRET}
    for name, text in secrets.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))},
        **{name: str(folder / name) for name in secrets},
        "HUB_DATA_DIR": str(folder / "hub"),
        "HUB_PLAIN_BINDS": url.removeprefix("http://"),
        "HUB_TOKEN_KEY_FILE": str(keys.key),
        "HUB_TOKEN_CERT_FILE": str(keys.certificate),
        "HUB_REGISTRY_URL": registry,
    }


def scope(path: str) -> str:
    return f"repository:{path}:{MANIFEST_ACTIONS}"


def test_push_pull_and_privacy(lab: Lab, small_image: SmallImage, tools: Any) -> None:
    hub, registry = lab.hub, lab.registry
    path = "ana/docker-is-cool"

    anyone = registry.push(path, "latest", small_image, hub.token(scope(path)))
    assert (anyone.status, anyone.json()["errors"][0]["code"]) == (401, "UNAUTHORIZED")
    not_hers = hub.token(scope("bia/app"), username="ana")
    assert registry.push("bia/app", "latest", small_image, not_hers).status == 401
    assert hub.api("bia/repositories")["count"] == 0

    own = hub.token(scope(path), username="ana")
    assert registry.push(path, "latest", small_image, own).status == 201
    assert registry.pull(path, "latest", hub.token(scope(path))).body == small_image.manifest

    tools.wait_for(lambda: hub.api("ana/repositories/docker-is-cool/tags/latest"), "a tag aparecer no hub")
    tag = hub.api("ana/repositories/docker-is-cool/tags/latest")
    assert (tag["digest"], tag["full_size"]) == (small_image.digest, small_image.size)
    assert tag["last_updater_username"] == "ana"
    assert tag["images"][0]["architecture"] == "amd64"
    tools.wait_for(lambda: pulls(hub) == 1, "o pull ser contado")

    hub.make_private("docker-is-cool")
    for reference in ("latest", small_image.digest):
        assert registry.pull(path, reference, hub.token(scope(path))).status == 401
        assert registry.pull(path, reference, hub.token(scope(path), username="bia")).status == 401
        assert registry.pull(path, reference, hub.token(scope(path), username="ana")).status == 200
    for name, status in (("bia", 401), ("ana", 201)):  # a layer taken over from another repository
        token = hub.token(scope(f"{name}/outro"), scope(path), username=name)
        mount = f"{registry.url}/v2/{name}/outro/blobs/uploads/?mount={small_image.layer_digest}&from={path}"
        assert lab.hub.ask("POST", mount, token, b"").status == status
    assert hub.api("ana/repositories/docker-is-cool") is None

    assert registry.delete(path, small_image.digest, hub.token(scope(path), username="ana")).status == 202


def pulls(hub: Hub) -> int:
    count: int = hub.api("ana/repositories/docker-is-cool")["pull_count"]
    return count


def test_what_happened_while_the_hub_was_off_is_not_lost(
    lab: Lab, small_image: SmallImage, other_image: SmallImage, tools: Any
) -> None:
    hub, registry = lab.hub, lab.registry
    token = hub.token(scope("ana/app"), username="ana")
    registry.push("ana/app", "v1", small_image, token)
    lab.kill_hub()
    registry.push("ana/app", "v2", other_image, token)
    lab.start_hub()
    tools.wait_for(lambda: (hub.api("ana/repositories/app/tags") or {}).get("count") == 2, "as duas tags")


def test_a_rebuild_from_nothing(lab: Lab, small_image: SmallImage, tools: Any) -> None:
    hub, registry = lab.hub, lab.registry
    registry.push("ana/app", "v1", small_image, hub.token(scope("ana/app"), username="ana"))
    tools.wait_for(lambda: hub.api("ana/repositories/app/tags/v1"), "a tag aparecer no hub")
    with closing(sqlite3.connect(hub.database)) as database, database:
        database.execute("DELETE FROM repositories_tag")
        database.execute("DELETE FROM repositories_repository")
    assert hub.api("ana/repositories/app") is None
    assert "repositórios: 1; tags: 1" in hub.run("reconcile")
    assert hub.api("ana/repositories/app/tags/v1")["digest"] == small_image.digest


def test_a_lost_notification_does_not_hide_an_image(lab: Lab, small_image: SmallImage, tools: Any) -> None:
    """The registry died with the event in its queue: the image is there, and anyone may pull it."""
    hub, registry = lab.hub, lab.registry
    registry.push("ana/app", "v1", small_image, hub.token(scope("ana/app"), username="ana"))
    tools.wait_for(lambda: hub.api("ana/repositories/app/tags/v1"), "a tag aparecer no hub")
    with closing(sqlite3.connect(hub.database)) as database, database:
        database.execute("DELETE FROM repositories_tag")
        database.execute("DELETE FROM repositories_repository")
    assert registry.pull("ana/app", "v1", hub.token("repository:ana/app:pull")).status == 200
    assert registry.pull("ana/outro", "v1", hub.token("repository:ana/outro:pull")).status == 401


@pytest.mark.parametrize("notifies", [False])
def test_a_push_that_nobody_told_appears_by_itself(lab: Lab, small_image: SmallImage, tools: Any) -> None:
    hub, registry = lab.hub, lab.registry
    registry.push("ana/app", "v1", small_image, hub.token(scope("ana/app"), username="ana"))
    tools.wait_for(lambda: hub.api("ana/repositories/app/tags/v1"), "a tag aparecer no hub", 10)


def test_tokens_do_at_the_registry_what_they_are_for(lab: Lab, small_image: SmallImage, tools: Any) -> None:
    hub, registry = lab.hub, lab.registry
    assert (
        registry.push("ana/app", "v1", small_image, hub.token(scope("ana/app"), username="ana")).status == 201
    )
    tools.wait_for(lambda: hub.api("ana/repositories/app"), "o repositório aparecer no hub")
    hub.make_private("app")
    made = {
        level: hub.sends("POST", "/v2/access-tokens", {"token_label": level, "scopes": [f"repo:{level}"]})
        for level in ("public_read", "read", "write", "admin")
    }

    def bearer(level: str, actions: str) -> str:
        return hub.token(f"repository:ana/app:{actions}", username="ana", secret=made[level]["token"])

    for level, status in (("public_read", 401), ("read", 200), ("write", 200), ("admin", 200)):
        assert registry.pull("ana/app", "v1", bearer(level, "pull")).status == status
    assert registry.push("ana/app", "v2", small_image, bearer("read", "pull")).status == 401
    assert registry.push("ana/app", "v2", small_image, bearer("write", "pull,push")).status == 201
    for level, status in (("write", 401), ("admin", 202)):
        deleted = registry.delete("ana/app", small_image.digest, bearer(level, "pull,push,delete"))
        assert deleted.status == status

    hub.sends("DELETE", f"/v2/access-tokens/{made['write']['uuid']}", {})
    refused = hub.asks(scope("ana/app"), username="ana", secret=made["write"]["token"])
    assert refused.status == 401


def test_what_is_private_stays_private_when_the_hub_loses_its_data(
    lab: Lab, small_image: SmallImage, tools: Any
) -> None:
    hub, registry = lab.hub, lab.registry
    for name in ("app", "segredo"):
        path = f"ana/{name}"
        registry.push(path, "v1", small_image, hub.token(scope(path), username="ana"))
        tools.wait_for(lambda name=name: hub.api(f"ana/repositories/{name}"), "o repositório aparecer no hub")
    hub.make_private("segredo")
    lab.kill_hub()
    for file in hub.database.parent.glob("db.sqlite3*"):
        file.unlink()
    lab.start_hub()
    hub.run("account", "ana", typed=PASSWORD + "\n")
    hub.run("reconcile")
    for name in ("app", "segredo"):
        path = f"ana/{name}"
        assert hub.api(f"ana/repositories/{name}") is None
        assert registry.pull(path, "v1", hub.token(scope(path))).status == 401
        assert registry.pull(path, "v1", hub.token(scope(path), username="ana")).status == 200
    assert hub.sends("POST", "/v2/repositories/ana/app/privacy", {"is_private": False})["is_private"] is False
    assert registry.pull("ana/app", "v1", hub.token(scope("ana/app"))).status == 200


def test_what_is_born_private_was_never_public(lab: Lab, small_image: SmallImage, tools: Any) -> None:
    """Also in the moment between the push and its notification."""
    hub, registry = lab.hub, lab.registry
    with closing(sqlite3.connect(hub.database)) as database, database:
        database.execute("UPDATE accounts_user SET default_private = 1")
    registry.push("ana/app", "v1", small_image, hub.token(scope("ana/app"), username="ana"))
    assert registry.pull("ana/app", "v1", hub.token(scope("ana/app"))).status == 401
    tools.wait_for(lambda: private(hub) == ["app"], "o repositório nascer")
    refused = hub.asks(scope("ana/outro"), username="ana")
    assert (refused.status, refused.json()["errors"][0]["code"]) == (403, "DENIED")
    assert (
        registry.push("ana/app", "v2", small_image, hub.token(scope("ana/app"), username="ana")).status == 201
    )


def private(hub: Hub) -> list[str]:
    with closing(sqlite3.connect(hub.database)) as database:
        rows = database.execute("SELECT name FROM repositories_repository WHERE is_private = 1")
        return [name for (name,) in rows]
