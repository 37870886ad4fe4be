"""How the registry's client asks: on connections that stay open, with tokens that serve more than once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hub.registry import client as registry_client
from hub.registry.client import RegistryClient
from hub.registry.tokens import Access

DIGEST = "sha256:" + "a" * 64


class Counting(ThreadingHTTPServer):
    """Answers as a registry does, on connections that stay open; tells who asked for what."""

    def __init__(self, leads_to: str = "", *, hangs_up: bool = False) -> None:
        self.connections = self.hung_up = 0
        self.asked: list[tuple[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            server: Counting

            def setup(self) -> None:
                super().setup()
                self.server.connections += 1

            def do_GET(self) -> None:
                self.server.asked.append((self.path, self.headers.get("Authorization", "")))
                self.send_response(307 if leads_to else 200)
                if leads_to:
                    self.send_header("Location", f"{leads_to}{self.path}")
                self.send_header("Content-Length", "13")
                self.end_headers()
                self.wfile.write(b'{"tags": [1]}')
                self.close_connection = hangs_up

            def finish(self) -> None:
                super().finish()
                self.connection.close()
                self.server.hung_up += 1

            def log_message(self, *args: object) -> None: ...

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"


Start = Callable[..., Counting]


@pytest.fixture
def counting() -> Iterator[Start]:
    servers: list[Counting] = []

    def start(leads_to: str = "", *, hangs_up: bool = False) -> Counting:
        server = Counting(leads_to, hangs_up=hangs_up)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_is_asked_one_after_the_other_shares_a_connection_and_a_token(
    counting: Start,
) -> None:
    server, minted = counting(), list[str]()

    def mint(access: Access) -> str:
        minted.append(access["name"])
        return f"token-{len(minted)}"

    client = RegistryClient(server.url, mint)
    for path in ("ana/app", "ana/app", "ana/outro", "ana/outro", "ana/app"):
        client.tags(path)
    assert server.connections == 1
    assert minted == ["ana/app", "ana/outro", "ana/app"]
    assert [bearer[-1] for _, bearer in server.asked] == ["1", "1", "2", "2", "3"]
    RegistryClient(server.url, mint).tags("ana/app")
    assert server.connections == 1, "nor does the next client open one"


def test_a_token_is_not_used_to_its_end(counting: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_client, "_TOKEN_LASTS", -1)
    server, numbers = counting(), iter("123")
    client = RegistryClient(server.url, lambda _: next(numbers))
    for _ in range(3):
        client.tags("ana/app")
    assert [bearer[-1] for _, bearer in server.asked] == ["1", "2", "3"]


def test_a_registry_that_keeps_its_blobs_elsewhere_does_not_pass_the_token_on(
    counting: Start,
) -> None:
    elsewhere = counting()
    front = counting(leads_to=elsewhere.url)
    assert RegistryClient(front.url, lambda _: "segredo").config("ana/app", DIGEST) == {"tags": [1]}
    assert front.asked == [(f"/v2/ana/app/blobs/{DIGEST}", "Bearer segredo")]
    assert elsewhere.asked == [(f"/v2/ana/app/blobs/{DIGEST}", "")]


def test_a_registry_that_hung_up_meanwhile_is_asked_again(counting: Start, tools: Any) -> None:
    server = counting(hangs_up=True)
    client = RegistryClient(server.url, lambda _: "segredo")
    for _ in range(3):
        client.tags("ana/app")
        tools.wait_for(lambda: server.hung_up == server.connections, "o registry desligar")
    assert server.connections == 3
