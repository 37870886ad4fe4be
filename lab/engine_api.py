"""The few questions that the lab itself asks its engine: plain HTTP over the unix socket.

The docker SDK would do, but it takes longer to load than the engine takes to start.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

PATIENCE = 10.0


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path, timeout: float | None = PATIENCE) -> None:
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Engine:
    def __init__(self, path: Path, timeout: float = PATIENCE) -> None:
        self._path = path
        self._timeout = timeout

    def version(self) -> str:
        return str(self._get("/version").get("Version", ""))

    def info(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._get("/info")
        return found

    def images(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self._get("/images/json")
        return found

    def has_image(self, name: str) -> bool:
        try:
            self._get(f"/images/{quote(name)}/json")
        except FileNotFoundError:
            return False
        return True

    def image_events(self, since: int) -> Iterator[Mapping[str, Any]]:
        """Events of images from that second on, then as they happen, until the engine hangs up."""
        query = urlencode({"since": since, "filters": json.dumps({"type": ["image"]})})
        connection = UnixConnection(self._path, timeout=None)
        try:
            connection.request("GET", f"/events?{query}")
            for line in connection.getresponse():
                if line.strip():
                    yield json.loads(line)
        finally:
            connection.close()

    def _get(self, path: str) -> Any:
        """Its JSON; FileNotFoundError for what the engine does not have, OSError for any other refusal."""
        connection = UnixConnection(self._path, self._timeout)
        try:
            connection.request("GET", path, headers={"Connection": "close"})
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        if response.status == http.client.NOT_FOUND:
            raise FileNotFoundError(path)
        if response.status != http.client.OK:
            raise OSError(f"{path}: {response.status}")
        return json.loads(body)
