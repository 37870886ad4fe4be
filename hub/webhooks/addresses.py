"""Where a webhook may lead: never to the hub's own services, nor to what only this machine's network reaches.

In a lab a learner receives on their own machine, so loopback addresses with a port from 1024 on are allowed,
but for those where the hub itself listens. A class's server forbids all private addresses
(HUB_WEBHOOKS_PRIVATE=0). A name is looked up right before each delivery, not while somebody waits for a page.
The connection goes to the very address that was looked at, so no name can change in between; redirects are
not followed.
"""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

_LOWEST_PORT = 1024
_DEFAULT_PORTS = {"http": 80, "https": 443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_GIVEN_OUT = ipaddress.ip_network("2000::/3")  # all that IPv6 has of public addresses
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address, for a network that has IPv6 alone
_INTERNAL = [ipaddress.ip_network(one) for one in ("192.0.0.0/24", "2001::/32", "2002::/16")]


class BadAddress(Exception):  # noqa: N818
    """The sentence that the person reads."""


@dataclass(frozen=True)
class Target:
    """An address that was written well; where it leads is only known by looking it up."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def netloc(self) -> str:
        """The header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def read(url: str) -> Target:
    """Raises BadAddress."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("Este endereço não está escrito direito.") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise BadAddress("O endereço precisa começar com http:// ou https://, seguido do nome do servidor.")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise BadAddress("O endereço só pode ter letras sem acento, números e sinais, sem espaços.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("Tire o usuário e a senha do endereço: quem vê esta página os leria.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port or _DEFAULT_PORTS[parts.scheme], path)


def check_written(target: Target) -> None:
    """What can be told of an address in numbers; a name waits for the first delivery. Raises BadAddress."""
    with contextlib.suppress(OSError, UnicodeError):
        _check_all(_look_up(target, socket.AI_NUMERICHOST), target.port)


def locate(target: Target, seconds: float = 3.0) -> str:
    """The address to connect to. Raises BadAddress when the name leads nowhere, or where it must not, or when
    nobody has told after `seconds`."""
    told: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()
    # Nothing stops a look-up that has begun: it is left behind, in a thread that holds nobody.
    threading.Thread(target=lambda: told.put(_try_to_look_up(target)), daemon=True).start()
    try:
        addresses = told.get(timeout=seconds)
    except queue.Empty:
        raise BadAddress(f"Ninguém soube dizer a tempo onde fica {target.host}.") from None
    if isinstance(addresses, Exception):
        raise BadAddress(f"O nome {target.host} não foi encontrado.") from addresses
    _check_all(addresses, target.port)
    return addresses[0]


def _try_to_look_up(target: Target) -> list[str] | Exception:
    try:
        return _look_up(target)
    except (OSError, UnicodeError) as error:
        return error


def _look_up(target: Target, flags: int = 0) -> list[str]:
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM, flags=flags)
    return [str(entry[4][0]).partition("%")[0] for entry in found]


def _check_all(addresses: Iterable[str], port: int) -> None:
    for address in addresses:
        check(ipaddress.ip_address(address), port)


def check(address: Address, port: int) -> None:
    """Raises BadAddress."""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped or address
    if address.is_loopback and settings.HUB_WEBHOOKS_PRIVATE:
        if port < _LOWEST_PORT:
            raise BadAddress(f"Nesta máquina, use uma porta de {_LOWEST_PORT} em diante.")
        if port in _own_ports():
            raise BadAddress("Este endereço é do próprio hub de treino. Use outra porta.")
        return
    if not _is_public(address):
        raise BadAddress("Os webhooks deste hub não vão a endereços de redes internas.")


def _is_public(address: Address) -> bool:
    """`is_global` alone takes more: IPv4 within IPv6, 6to4's too, and what of IPv6 nobody was given."""
    if address in _NAT64:
        address = ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    if address.version == 6 and address not in _GIVEN_OUT:
        return False
    is_internal = any(address in network for network in _INTERNAL)
    return address.is_global and not address.is_multicast and not is_internal


def _own_ports() -> set[int]:
    """Of this lab's services on loopback, whatever their address: the hub's, the registry's, the mail's."""
    binds = [*settings.HUB_TLS_BIND, *settings.HUB_PLAIN_BINDS, *settings.HUB_GATE_BINDS]
    own = {int(bind.rpartition(":")[2]) for bind in binds} | {settings.HUB_SMTP_PORT}
    registry = urlsplit(settings.HUB_REGISTRY_URL)
    return own | ({registry.port} if registry.port else set())
