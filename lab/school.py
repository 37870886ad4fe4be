"""A class on one server: where a lab that serves a class answers, and how the labs of a class get there.

A server has three ports in a row: the hub as hub.docker.com, the registry as registry-1.docker.io, and the
hub's pages. docker only speaks to port 443 of those names. So on every learner's machine they lead to
loopback addresses as in any lab, where a bridge listens and passes each connection on as it is: nobody but
the two ends of its TLS can read it.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from ipaddress import ip_network

from lab.addresses import TLS_PORT, is_ours
from lab.errors import UsageError
from lab.state import Lab

PORT = 8443
_LAST_PORT = 65_533  # two more come after it
_PAGES = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]{1,5})?", re.ASCII)
_SERVER = re.compile(r"([a-z0-9]+(?:[.-][a-z0-9]+)*)(?::([0-9]{1,5}))?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Server:
    """HOST:PORT as a person types it, and the two ports after it."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def hub(self) -> tuple[str, int]:
        return self.host, self.port

    @property
    def registry(self) -> tuple[str, int]:
        return self.host, self.port + 1

    @property
    def pages(self) -> tuple[str, int]:
        return self.host, self.port + 2


@dataclass(frozen=True)
class Door:
    """The address of the pages, and who ends TLS in front of them: nobody when it is http."""

    pages: str
    proxy: str = ""


def door(server: Server, pages: str, proxy: str) -> Door:
    """As the teacher typed them; UsageError for what is no address, or does not go together."""
    address = pages.strip().rstrip("/").lower() or f"http://{joined(server.pages)}"
    if not _PAGES.fullmatch(address):
        raise UsageError(
            f"«{pages}» não é um endereço de páginas. Digite algo como https://hub.escola.br, "
            "sem nada depois."
        )
    if not address.startswith("https://"):
        if proxy:
            raise UsageError("--proxy só serve com --paginas https://…: diga também o endereço público.")
        return Door(address)
    return Door(address, _networks(proxy or _this_machine(server.host)))


def _this_machine(host: str) -> str:
    """From where a program here asks: who calls one of the machine's own addresses does so from that one."""
    return ",".join(dict.fromkeys(["127.0.0.1", *([host] if is_ours(host) else [])]))


def _networks(text: str) -> str:
    """Separated by commas, as the hub reads them."""
    try:
        return ",".join(str(ip_network(part.strip())) for part in text.split(","))
    except ValueError:
        raise UsageError(
            f"«{text}» não serve em --proxy, que precisa do endereço IP de quem cifra as páginas, "
            "por exemplo 10.0.0.2."
        ) from None


def parse(text: str) -> Server:
    """`10.0.0.5`, `servidor.escola.br` or either with `:8443`; UsageError when it is none of these."""
    found = _SERVER.fullmatch(text.strip())
    port = int(found[2] or PORT) if found else 0
    if found is None or not 0 < port <= _LAST_PORT:
        raise UsageError(
            f"«{text}» não é o endereço de um servidor. Digite como o professor mostrou, por exemplo "
            f"10.0.0.5 ou 10.0.0.5:{PORT}."
        )
    return Server(found[1], port)


def bridge_command(lab: Lab) -> list[str]:
    """Which address leads to which, as `lab.bridge` reads it."""
    leads: list[str] = []
    if lab.server:
        server = parse(lab.server)
        leads = [
            f"{lab.hub_address}:{TLS_PORT}={server}",
            f"{lab.registry_address}:{TLS_PORT}={joined(server.registry)}",
        ]
    return [sys.executable, "-m", "lab.bridge", *leads]


def hub_binds(lab: Lab) -> list[str]:
    """HOST:PORT for the class, where hub.docker.com answers; none in a lab that serves no class."""
    return [_listening(parse(lab.public).hub)] if lab.public else []


def registry_binds(lab: Lab) -> list[str]:
    return [_listening(parse(lab.public).registry)] if lab.public else []


def page_binds(lab: Lab) -> list[str]:
    return [_listening(parse(lab.public).pages)] if lab.public else []


def _listening(address: tuple[str, int]) -> str:
    """At the address that the class types, when it is this machine's own; else at all of them."""
    return joined((here(address[0]), address[1]))


def here(host: str) -> str:
    return host if is_ours(host) else "0.0.0.0"  # noqa: S104 - a class has to reach it


def joined(address: tuple[str, int]) -> str:
    return f"{address[0]}:{address[1]}"
