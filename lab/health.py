"""Whether each service really answers: asked of the service itself, never of its process alone."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass

from lab.addresses import MAIL_PORT, TLS_PORT
from lab.engine_api import Engine
from lab.paths import Home
from lab.state import Lab
from lab.supervisor import Process

TIMEOUT = 3.0


@dataclass(frozen=True)
class Answer:
    healthy: bool
    version: str = ""


DOWN = Answer(False)
Probe = Callable[[Home, Lab, Process], Answer]


def ask(home: Home, lab: Lab, process: Process) -> Answer:
    """Ask one service; anything but the right answer means that it is not ready."""
    if process.state not in {"RUNNING", "STARTING"}:
        return DOWN
    try:
        return PROBES[process.name](home, lab, process)
    except (OSError, http.client.HTTPException, ValueError):
        return DOWN


class _NamedConnection(http.client.HTTPSConnection):
    """HTTPS to an address under a practice name, with the practice CA: works outside the universe too."""

    def __init__(self, home: Home, address: str, name: str) -> None:
        super().__init__(name, TLS_PORT, timeout=TIMEOUT)
        self.address = address
        self.authority = home / "ca" / "ca.pem"

    def connect(self) -> None:
        # kept at once, so that a handshake that fails still leaves it to be closed
        self.sock = socket.create_connection((self.address, TLS_PORT), timeout=self.timeout)
        context = ssl.create_default_context(cafile=self.authority)
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _get(connection: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, bytes]:
    try:
        connection.request("GET", path, headers={"Connection": "close", **headers})
        response = connection.getresponse()
        return response.status, response.read(1_000_000)
    finally:
        connection.close()


def _containerd(_home: Home, _lab: Lab, process: Process) -> Answer:
    # Its socket is inside the universe; the engine's answer speaks for it.
    return Answer(process.state == "RUNNING" or process.pid > 0)


def _engine(home: Home, _lab: Lab, _process: Process) -> Answer:
    return Answer(True, Engine(home.engine_socket, TIMEOUT).version())


def _registry(home: Home, lab: Lab, _process: Process) -> Answer:
    status, _ = _get(_NamedConnection(home, lab.registry_address, "registry-1.docker.io"), "/v2/")
    return Answer(status == 401)  # it answers, and asks who we are


def _hub(home: Home, lab: Lab, _process: Process) -> Answer:
    plain, body = _get(http.client.HTTPConnection("127.0.0.1", lab.hub_port, timeout=TIMEOUT), "/saude")
    named, _ = _get(_NamedConnection(home, lab.hub_address, "hub.docker.com"), "/saude")
    return Answer(plain == named == 200 and json.loads(body).get("status") == "ok")


def _inbox(_home: Home, lab: Lab, _process: Process) -> Answer:
    with socket.create_connection((lab.hub_address, MAIL_PORT), timeout=TIMEOUT) as connection:
        healthy = connection.recv(64).startswith(b"220")
        connection.sendall(b"QUIT\r\n")
        return Answer(healthy)


def _recorder(home: Home, _lab: Lab, process: Process) -> Answer:
    return Answer(home.recorder_note.read_text(encoding="ascii").strip() == str(process.pid))


def _jupyter(home: Home, lab: Lab, _process: Process) -> Answer:
    """Only this lab's own knows its token: another Jupyter at the same port must not speak for it."""
    token = home.secret("jupyter-token").read_text(encoding="utf-8").strip()
    connection = http.client.HTTPConnection("127.0.0.1", lab.jupyter_port, timeout=TIMEOUT)
    status, body = _get(connection, "/api/status", Authorization=f"token {token}")
    return Answer(status == 200 and "kernels" in json.loads(body))


PROBES: dict[str, Probe] = {
    "containerd": _containerd,
    "engine": _engine,
    "registry": _registry,
    "hub": _hub,
    "inbox": _inbox,
    "recorder": _recorder,
    "jupyter": _jupyter,
}
