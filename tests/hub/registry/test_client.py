"""The registry's client against answers that a healthy registry does not give."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hub.registry.client import RegistryClient
from hub.registry.errors import RegistryError, RegistryFailing, RegistryUnavailable

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server that gives every request the same answer."""
    servers: list[HTTPServer] = []

    def start(status: int, body: bytes = b"", **headers: str) -> str:
        class Always(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None: ...

        server = HTTPServer(("127.0.0.1", 0), Always)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("body", [b'{"tags": null}', b'{"tags": []}', b"{}"])
def test_no_tags_is_an_empty_list(serve: Serve, body: bytes) -> None:
    assert RegistryClient(serve(200, body)).tags("ana/app") == []


def test_a_repository_that_is_not_there_has_no_list(serve: Serve) -> None:
    assert RegistryClient(serve(404, b"{}")).tags("ana/app") is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, b"", RegistryFailing),
        (503, b"<html>", RegistryFailing),
        (401, b"{}", RegistryError),
        (200, b"<html>", RegistryError),
        (200, b"[]", RegistryError),
        (200, b'{"tags": 3}', RegistryError),
        (200, b"\xff\xfe\x00", RegistryError),
    ],
)
def test_other_answers_are_trouble(
    serve: Serve, status: int, body: bytes, error: type[RegistryError]
) -> None:
    with pytest.raises(error) as caught:
        RegistryClient(serve(status, body)).tags("ana/app")
    assert type(caught.value) is error


def test_an_answer_without_end_is_cut(serve: Serve) -> None:
    with pytest.raises(RegistryError, match="grande demais"):
        RegistryClient(serve(200, b" " * (5 * 1024 * 1024))).tags("ana/app")


def test_pages_that_go_in_circles_end(serve: Serve) -> None:
    url = serve(200, b'{"tags": ["a"]}', Link='</v2/ana/app/tags/list?n=100>; rel="next"')
    assert RegistryClient(url).tags("ana/app") == ["a"]


def test_a_next_page_elsewhere_is_asked_of_our_own_registry(serve: Serve) -> None:
    """Otherwise the token would go to whoever the answer names."""
    url = serve(200, b'{"tags": ["a"]}', Link='<http://192.0.2.1/v2/x?last=a>; rel="next"')
    assert RegistryClient(url, timeout=1).tags("ana/app") == ["a", "a"]


def test_after_its_deadline_nothing_is_asked(serve: Serve) -> None:
    with pytest.raises(RegistryUnavailable, match="demorou"):
        RegistryClient(serve(200, b"{}"), deadline=0).tags("ana/app")


def test_an_address_that_is_no_web_address_is_refused() -> None:
    with pytest.raises(RegistryError, match="HUB_REGISTRY_URL"):
        RegistryClient("file:///etc/passwd")
