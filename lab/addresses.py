"""The practice names and the loopback addresses and ports where this lab answers for them."""

from __future__ import annotations

import random
import re
import secrets
import socket
from dataclasses import replace
from pathlib import Path

from lab.errors import BadState
from lab.identity import as_root
from lab.state import Lab, Mode

REGISTRY_NAMES = ("registry-1.docker.io",)
HUB_NAMES = ("hub.docker.com", "auth.docker.io", "index.docker.io", "app.docker.com", "login.docker.com")
TLS_PORT, NOTIFICATIONS_PORT, MAIL_PORT = 443, 8000, 2525
REGISTRY_PORT = 8001  # the registry itself, behind the hub's gate
MARK = "# dockerhub-na-pratica"
_TRIES = 50


def new_lab(mode: Mode) -> Lab:
    """A lab with an id, addresses and ports of its own, all free right now."""
    identity = secrets.token_hex(4)
    registry, hub = _free_addresses() if mode == "treino" else ("", "")
    hub_port = free_port()
    jupyter_port = free_port(other_than=hub_port)
    return Lab(identity, registry, hub, hub_port, jupyter_port, mode)


def renew(lab: Lab) -> tuple[Lab, tuple[str, ...]]:
    """The lab with what somebody else took meanwhile chosen anew, and a sentence for each change.

    It is safe: names and certificates do not depend on addresses, and images are known by name.
    """
    notes: list[str] = []
    if lab.mode == "treino" and not (
        lab.registry_address and _all_free(lab.registry_address, lab.hub_address)
    ):
        registry, hub = _free_addresses()
        if lab.registry_address:
            notes.append(
                f"Os endereços {lab.registry_address} e {lab.hub_address} estão em uso por outro programa; "
                f"o laboratório passou para {registry} e {hub}."
            )
        lab = replace(lab, registry_address=registry, hub_address=hub)
    if lab.mode == "treino" and not can_bind("127.0.0.1", lab.hub_port):
        port = free_port(other_than=lab.jupyter_port)
        notes.append(
            f"A porta {lab.hub_port} está em uso por outro programa; o hub de treino passou para a {port}."
        )
        lab = replace(lab, hub_port=port)
    if lab.jupyter_port == lab.hub_port or not can_bind("127.0.0.1", lab.jupyter_port):
        port = free_port(other_than=lab.hub_port)
        notes.append(
            f"A porta {lab.jupyter_port} está em uso por outro programa; o JupyterLab passou para a {port}."
        )
        lab = replace(lab, jupyter_port=port)
    return lab, tuple(notes)


def can_bind(address: str, port: int, *, again: bool = True) -> bool:
    """Whether a service could listen there; with `again`, as one that did so a moment ago.

    Without it, also a port that somebody has taken and does not listen at yet is seen: a hub that is loading.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, again)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def is_ours(host: str) -> bool:
    """Whether it is an address of this very machine, and no name."""
    try:
        with socket.socket() as probe:
            probe.bind((socket.inet_ntoa(socket.inet_aton(host)), 0))
    except OSError:
        return False
    return True


def free_port(*, other_than: int = 0) -> int:
    """A port below the range that the system hands out by itself, so that it is still free next time."""
    for _ in range(_TRIES):
        port = random.randrange(20_000, 32_000)  # noqa: S311 - not a secret
        if port != other_than and can_bind("127.0.0.1", port, again=False):
            return port
    raise BadState(
        "Não achei nenhuma porta livre em 127.0.0.1 entre 20000 e 32000. Feche programas e repita."
    )


def _all_free(registry: str, hub: str, *, again: bool = True) -> bool:
    wanted = [(registry, port) for port in (TLS_PORT, REGISTRY_PORT)]
    wanted += [(hub, port) for port in (TLS_PORT, NOTIFICATIONS_PORT, MAIL_PORT)]
    with as_root():
        return all(can_bind(address, port, again=again) for address, port in wanted)


def _free_addresses() -> tuple[str, str]:
    for _ in range(_TRIES):
        # 127.0 to 127.15 are left to the machine's own services
        prefix = f"127.{random.randrange(16, 255)}.{random.randrange(0, 255)}"  # noqa: S311
        if _all_free(f"{prefix}.2", f"{prefix}.3", again=False):
            return f"{prefix}.2", f"{prefix}.3"
    raise BadState(
        f"Algum programa desta máquina ocupa a porta {TLS_PORT} (ou {NOTIFICATIONS_PORT}, {MAIL_PORT}) "
        "de todos os endereços, e o laboratório precisa dela. Descubra qual com "
        f"`sudo ss -ltnp 'sport = :{TLS_PORT}'` e desligue-o enquanto estuda."
    )


def hosts_text(lab: Lab, system: str) -> str:
    """The lab's private /etc/hosts: its mark, the practice names, then the machine's own lines."""
    own = [f"{MARK} {lab.id}"]
    own += [f"{lab.registry_address} {name}" for name in REGISTRY_NAMES]
    own += [f"{lab.hub_address} {name}" for name in HUB_NAMES]
    return "\n".join(own) + "\n" + system


def nsswitch_text(system: str) -> str:
    """The machine's name lookup with the hosts file first, whatever else it has."""

    def files_first(found: re.Match[str]) -> str:
        others = re.sub(r"\bfiles\b(\s*\[[^]]*\])?", "", found.group(2))
        return f"{found.group(1)} files {' '.join(others.split())}"

    return re.sub(r"(?m)^(hosts:)(.*)$", files_first, system)


def lab_here(hosts: Path = Path("/etc/hosts")) -> str | None:
    """The id of the lab that this process is inside of."""
    try:
        with hosts.open(encoding="utf-8", errors="replace") as file:
            first = file.readline().strip()
    except OSError:
        return None
    return first.removeprefix(MARK).strip() if first.startswith(MARK) else None
