"""Small real servers for the checks: a registry with its token service, and a Docker Engine.

They behave (rights, digests, content negotiation) instead of repeating canned answers, and note
what they were asked. Each runs in a thread with an event loop of its own.
"""

import asyncio
import base64
import hashlib
import json
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web

from checks.auth import Credential
from checks.cache import Cache
from checks.errors import RegistryUnreachable
from checks.image import PublicImage, RemoteImage
from checks.reference import parse
from checks.registry import Registry
from checks.web import Web, open_session

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ANA = Credential("ana", "segredo")
OCI = "application/vnd.oci.image"
OCI_CONFIG = f"{OCI}.config.v1+json"
ROOTFS = {"type": "layers", "diff_ids": ["sha256:" + "1" * 64]}
CONFIG: dict[str, Any] = {
    "os": "linux",
    "architecture": "amd64",
    "rootfs": ROOTFS,
    "config": {"Cmd": ["/hello"]},
}


@contextmanager
def serving(
    app: web.Application, socket: Path | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Runs `app` on a free loopback port, or on a Unix socket, until the end of the block."""
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)

    async def start() -> str:
        await runner.setup()
        if socket:
            await web.UnixSite(runner, str(socket)).start()
            return f"unix://{socket}"
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def stop() -> None:
        for _ in range(10):  # who knocked and went away is let in and out before the door is taken down
            await asyncio.sleep(0)
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield asyncio.run_coroutine_threadsafe(start(), loop).result(5)
    finally:
        asyncio.run_coroutine_threadsafe(stop(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def digest_of(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()


class FakeHub:
    """auth.docker.io, registry-1.docker.io and hub.docker.com in one small server."""

    def __init__(self) -> None:
        self.passwords = {"ana": "segredo"}
        self.private: set[str] = set()
        self.rights: dict[str, str] = {}  # what a login may do on its own; all, when it is not here
        self.refuses_push = ""  # the words with which a push is refused whole
        self.profiles: dict[str, dict[str, Any]] = {"ana": {"username": "ana"}}
        self.asked: list[str] = []
        self.pulled: list[str] = []  # digests of the manifests given out, which Docker Hub counts
        self.authorizations: list[str] = []
        # A handler put here answers instead, for the paths that contain the key.
        self.faults: dict[str, Handler] = {}
        self.url = ""
        self.silent = False  # tells no digest in its headers
        self.quota: dict[str, str] = {}  # headers of every answer about a manifest
        self._blobs: dict[str, tuple[str, bytes]] = {}
        self._tags: dict[str, str] = {}
        self._tokens: dict[str, tuple[str, list[str]]] = {}

    def app(self) -> web.Application:
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    # What a push leaves behind.

    def put(self, document: Mapping[str, Any], media_type: str) -> dict[str, Any]:
        """Stores a document; returns its descriptor."""
        return self.blob(json.dumps(document).encode(), media_type)

    def blob(self, body: bytes, media_type: str = f"{OCI}.layer.v1.tar+gzip") -> dict[str, Any]:
        """Stores bytes; returns their descriptor."""
        self._blobs[digest_of(body)] = media_type, body
        return {"mediaType": media_type, "digest": digest_of(body), "size": len(body)}

    def image(
        self, config: Mapping[str, Any] = CONFIG, media_type: str = f"{OCI}.manifest.v1+json"
    ) -> dict[str, Any]:
        docker = "docker" in media_type
        described = self.put(
            config, "application/vnd.docker.container.image.v1+json" if docker else OCI_CONFIG
        )
        layers = [{"digest": one} for one in ROOTFS["diff_ids"]] if config.get("rootfs") == ROOTFS else []
        manifest = {"schemaVersion": 2, "mediaType": media_type, "config": described, "layers": layers}
        return self.put(manifest, media_type)

    def index(self, *entries: Mapping[str, Any], media_type: str = f"{OCI}.index.v1+json") -> dict[str, Any]:
        return self.put({"schemaVersion": 2, "mediaType": media_type, "manifests": list(entries)}, media_type)

    def push(self, name: str, descriptor: Mapping[str, Any], tag: str = "latest") -> str:
        self._tags[f"{name}:{tag}"] = str(descriptor["digest"])
        return str(descriptor["digest"])

    def document(self, descriptor: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._blobs[str(descriptor["digest"])][1])
        return found

    def remove(self, digest: str) -> None:
        del self._blobs[digest]

    # What a client asks.

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(f"{request.method} {request.path}")
        self.authorizations.append(request.headers.get("Authorization", ""))
        for part, fault in self.faults.items():
            if part in request.path_qs:
                return await fault(request)
        if request.path == "/token":
            return self._token(request)
        if request.path.startswith(("/v2/users/", "/v2/namespaces/", "/v2/auth/")):
            return await self._hub(request)
        return self._registry(request)

    def _who(self, request: web.Request) -> str | None:
        """The user of a Basic header, "" for nobody, None for a wrong password."""
        scheme, _, pair = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            return ""
        user, _, secret = base64.b64decode(pair).decode().partition(":")
        return user if self.passwords.get(user) == secret else None

    def _token(self, request: web.Request) -> web.Response:
        who = self._who(request)
        if who is None:
            return web.json_response({"detail": "incorrect username or password"}, status=401)
        scopes = request.query.getall("scope", [])
        if self.refuses_push and any("push" in scope for scope in scopes):
            return web.json_response({"details": self.refuses_push}, status=401)
        claims = json.dumps({"access": [self._access(who, scope) for scope in scopes]})
        payload = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
        token = f"e30.{payload}.{len(self._tokens)}"
        self._tokens[token] = who, scopes
        return web.json_response({"token": token, "expires_in": 300})

    def _access(self, who: str, scope: str) -> dict[str, Any]:
        kind, name, actions = scope.split(":")
        allowed = self.rights.get(who, "pull,push,delete") if who == name.partition("/")[0] else ""
        granted = [action for action in actions.split(",") if action in allowed]
        return {"type": kind, "name": name, "actions": granted}

    def _registry(self, request: web.Request) -> web.Response:
        name, _, rest = request.path.removeprefix("/v2/").rpartition("/")
        name, _, kind = name.rpartition("/")
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        who, scopes = self._tokens.get(token, (None, []))
        owner = name.partition("/")[0]
        allowed = who == owner or any(tag.startswith(f"{name}:") for tag in self._tags)
        if name in self.private and who != owner:
            allowed = False
        if f"repository:{name}:pull" not in scopes or not allowed:
            challenge = f'Bearer realm="{self.url}/token",service="registry",scope="repository:{name}:pull"'
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})
        if kind == "tags":
            tags = [tag.rpartition(":")[2] for tag in self._tags if tag.startswith(f"{name}:")]
            return web.json_response({"name": name, "tags": tags})
        return self._content(request, kind, self._tags.get(f"{name}:{rest}", rest))

    def _content(self, request: web.Request, kind: str, digest: str) -> web.Response:
        media_type, body = self._blobs.get(digest, ("", b""))
        refused = kind == "manifests" and media_type not in request.headers.get("Accept", "")
        if not media_type or refused:
            return web.json_response({"errors": [{"code": "MANIFEST_UNKNOWN"}]}, status=404)
        headers = {"Content-Type": media_type, **(self.quota if kind == "manifests" else {})}
        if not self.silent:
            headers["Docker-Content-Digest"] = digest_of(body)
        if kind == "manifests" and request.method == "GET":
            self.pulled.append(digest)
        return web.Response(body=body, headers=headers)

    async def _hub(self, request: web.Request) -> web.Response:
        kind, *rest = request.path.removeprefix("/v2/").split("/")
        if kind == "auth":
            sent = await request.json()
            if self.passwords.get(sent["identifier"]) != sent["secret"]:
                return web.json_response({"detail": "Incorrect authentication credentials"}, status=401)
            return web.json_response({"access_token": f"jwt-{sent['identifier']}"})
        if kind == "users":
            profile = self.profiles.get(unquote(rest[0]))
            return web.json_response(profile or {"detail": "not found"}, status=200 if profile else 404)
        namespace, _, name = rest
        full = f"{namespace}/{name}"
        private = full in self.private
        known = any(tag.startswith(f"{full}:") for tag in self._tags)
        seen = not private or request.headers.get("Authorization") == f"Bearer jwt-{namespace}"
        if not known or not seen:
            return web.json_response({"detail": "object not found"}, status=404)
        return web.json_response({"namespace": namespace, "name": name, "is_private": private})


class FakeEngine:
    """The few addresses of a Docker Engine that the checks ask, with what real ones answer."""

    def __init__(self, api: str, oldest: str = "1.12") -> None:
        self.api = api
        self.oldest = oldest
        self.tells_version = True  # in /_ping, as every engine since 2013
        self.asked: list[str] = []
        self.connections: set[object] = set()
        self.images: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self.address = ""

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._enter])
        app.router.add_get("/_ping", self._ping)
        app.router.add_get("/version", self._version)
        app.router.add_get(r"/v{api}/images/json", self._list)
        app.router.add_get(r"/v{api}/images/{name:.+}/json", self._inspect)
        app.router.add_get(r"/v{api}/info", self._info)
        app.router.add_get(r"/v{api}/events", self._events)
        return app

    @web.middleware
    async def _enter(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        self.asked.append(request.path)
        self.connections.add(request.transport)
        api = request.match_info.get("api", self.api)
        if not _version(self.oldest) <= _version(api) <= _version(self.api):
            return web.json_response({"message": f"client version {api} is not supported"}, status=400)
        return await handler(request)

    async def _ping(self, request: web.Request) -> web.Response:
        return web.Response(text="OK", headers={"Api-Version": self.api} if self.tells_version else {})

    async def _version(self, request: web.Request) -> web.Response:
        return web.json_response({"ApiVersion": self.api, "Os": "linux", "Arch": "amd64"})

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response(
            [{"Id": image["Id"], "RepoTags": image["RepoTags"]} for image in self.images.values()]
        )

    async def _inspect(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in self.images:
            return web.json_response({"message": f"No such image: {name}"}, status=404)
        return web.json_response(self.images[name])

    async def _info(self, request: web.Request) -> web.Response:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + ".123456789Z"
        return web.json_response({"SystemTime": moment})

    async def _events(self, request: web.Request) -> web.Response:
        until = float(request.query["until"])
        lines = [json.dumps(event) + "\n" for event in self.events if event["time"] <= until]
        response = web.Response(text="".join(lines), content_type="application/json")
        response.enable_chunked_encoding()  # a stream to the SDK, as of a real engine
        return response


def _version(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))


def with_registry(
    url: str,
    work: Callable[[Registry], Awaitable[Any]],
    cache: Path | None = None,
    timeout: float = 4.0,
    pushed: Mapping[str, str] | None = None,
) -> Any:
    async def story() -> Any:
        with closing(Cache(cache)) as kept:
            async with open_session() as session:
                asker = Web(session, RegistryUnreachable, timeout)
                return await work(Registry(asker, kept, url, lambda: pushed or {}))

    return asyncio.run(story())


def as_learner(hub: FakeHub, name: str = "ana/app", who: Credential | None = ANA) -> RemoteImage:
    seen: RemoteImage = with_registry(hub.url, lambda registry: registry.remote_image(parse(name), who))
    return seen


def as_anyone(hub: FakeHub, name: str = "ana/app") -> PublicImage:
    seen: PublicImage = with_registry(hub.url, lambda registry: registry.public_image(parse(name)))
    return seen


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    fake = FakeHub()
    with serving(fake.app()) as url:
        fake.url = url
        yield fake


@pytest.fixture(params=["classic", "containerd"])
def engine_store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def engine(tmp_path: Path, engine_store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeEngine]:
    """An engine on either image store, with the answers that the real ones gave."""
    fake = FakeEngine("1.41" if engine_store == "classic" else "1.45")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    with serving(fake.app(), tmp_path / "docker.sock") as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        yield fake
