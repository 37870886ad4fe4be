"""Whether each service really answers: asked of the service itself, never of its process alone."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab import school, trust, typed
from lab.addresses import HUB_NAMES, MAIL_PORT, REGISTRY_NAMES, REGISTRY_PORT, TLS_PORT
from lab.engine_api import Engine
from lab.errors import ServiceFailed
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


class NamedConnection(http.client.HTTPSConnection):
    """HTTPS to an address under a practice name, with the practice CA: works outside the universe too."""

    def __init__(self, authority: Path, address: tuple[str, int], name: str) -> None:
        super().__init__(name, address[1], timeout=TIMEOUT)
        self.address = address
        self.authority = authority

    def connect(self) -> None:
        # kept at once, so that a handshake that fails still leaves it to be closed
        self.sock = socket.create_connection(self.address, timeout=self.timeout)
        context = ssl.create_default_context(cafile=self.authority)
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def get(connection: http.client.HTTPConnection, path: str, **headers: str) -> tuple[int, bytes]:
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


def _registry(_home: Home, lab: Lab, _process: Process) -> Answer:
    connection = http.client.HTTPConnection(lab.registry_address, REGISTRY_PORT, timeout=TIMEOUT)
    status, _ = get(connection, "/v2/")
    return Answer(status == 401)  # it answers, and asks who we are


def _gate(home: Home, lab: Lab, _process: Process) -> Answer:
    return Answer(is_registry(trust.authority(home, lab), (lab.registry_address, TLS_PORT)))


def is_registry(authority: Path, address: tuple[str, int]) -> bool:
    """Whether a registry of ours answers there; raises what http.client raises when nobody does."""
    status, _ = get(NamedConnection(authority, address, REGISTRY_NAMES[0]), "/v2/")
    return status == 401


def is_hub(authority: Path, address: tuple[str, int]) -> bool:
    status, body = get(NamedConnection(authority, address, HUB_NAMES[0]), "/saude")
    return status == 200 and json.loads(body).get("status") == "ok"


def _hub(home: Home, lab: Lab, _process: Process) -> Answer:
    plain, _ = get(http.client.HTTPConnection("127.0.0.1", lab.hub_port, timeout=TIMEOUT), "/saude")
    return Answer(plain == 200 and is_hub(trust.authority(home, lab), (lab.hub_address, TLS_PORT)))


def _bridge(home: Home, lab: Lab, process: Process) -> Answer:
    """It is there for the two at its other end: the class's hub and registry."""
    reached = is_hub(trust.authority(home, lab), (lab.hub_address, TLS_PORT))
    return Answer(reached and _gate(home, lab, process).healthy)


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
    status, body = get(connection, "/api/status", Authorization=f"token {token}")
    return Answer(status == 200 and "kernels" in json.loads(body))


def require_server(authority: Path, server: school.Server) -> str:
    """The address of the hub's pages at the class's server; ServiceFailed says what is in the way."""
    try:
        if is_hub(authority, server.hub) and is_registry(authority, server.registry):
            _, body = get(NamedConnection(authority, server.hub, HUB_NAMES[0]), "/turma")
            return str(json.loads(body)["pages"])
    except ssl.SSLCertVerificationError:
        raise ServiceFailed(
            f"Quem responde em {server} não é o servidor deste certificado. Confira com o professor o "
            "endereço e o --ca."
        ) from None
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        pass
    raise ServiceFailed(
        f"O servidor da turma ({server}) não respondeu. Confira a rede e o endereço com o professor. "
        f"Para estudar sem ele, só nesta máquina: {typed.lab()} turma sair"
    )


PROBES: dict[str, Probe] = {
    "containerd": _containerd,
    "engine": _engine,
    "registry": _registry,
    "gate": _gate,
    "hub": _hub,
    "inbox": _inbox,
    "recorder": _recorder,
    "jupyter": _jupyter,
    "bridge": _bridge,
}
