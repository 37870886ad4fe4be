"""Opening this lab to a class, and making it one of a class's labs: what is asked, checked and kept."""

from __future__ import annotations

import hashlib
import http.client
import re
import socket
import ssl
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path

import psutil

from lab import addresses, health, lifecycle, school, state, typed
from lab.errors import BadState, ServiceFailed, UsageError
from lab.paths import Home
from lab.state import Lab

_FINGERPRINT = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)
_LARGEST_AUTHORITY = 20_000  # bytes


def fingerprint(authority: str) -> str:
    """`sha256:…` of a certificate in PEM; UsageError when the text is none."""
    try:
        return f"sha256:{hashlib.sha256(ssl.PEM_cert_to_DER_cert(authority)).hexdigest()}"
    except ValueError:
        raise UsageError(
            "O arquivo de --ca não é um certificado. Peça ao professor o ca.pem do servidor, ou o código."
        ) from None


def open_to_class(home: Home, address: str, port: int, pages: str, proxy: str) -> Lab:
    """The lab stops, and starts again with the three ports of a class. BadState when one of them is taken."""
    server = school.parse(f"{address or _outward_address()}:{port}")
    _require_reachable(server.host)
    door = school.door(server, pages, proxy)
    lab = _kept(home)
    if lab.server:
        raise UsageError(
            f"Este laboratório faz parte da turma de {lab.server}. Antes, saia dela: {typed.lab()} turma sair"
        )
    lifecycle.stop(home)
    _require_free(server)
    return _keep(home, replace(lab, public=str(server), pages=door.pages, proxy=door.proxy))


def close_to_class(home: Home) -> bool:
    """Whether it was open."""
    lab = state.load(home)
    if lab is None or not lab.public:
        return False
    _keep(home, replace(lab, public="", pages="", proxy=""))
    return True


def join(home: Home, server_text: str, authority_text: str) -> Lab:
    """Leads the practice names to the class's server, once it has answered with that very authority."""
    server = school.parse(server_text)
    lab = _kept(home)
    if lab.public:
        raise UsageError(
            f"Este laboratório é o servidor de uma turma ({lab.public}). "
            f"Antes, feche-a: {typed.lab()} turma fechar"
        )
    authority = _authority(server, authority_text)
    lifecycle.stop(home)
    state.write(home.class_authority, authority)
    pages = health.require_server(home.class_authority, server)
    return _keep(home, replace(lab, server=str(server), pages=pages))


def leave(home: Home) -> bool:
    """Whether there was a class to leave."""
    lab = state.load(home)
    if lab is None or not lab.server:
        return False
    _keep(home, replace(lab, server="", pages=""))
    return True


def _authority(server: school.Server, text: str) -> str:
    """The certificate in that file, or the one that the server offers, if it has that fingerprint."""
    wanted = _FINGERPRINT.fullmatch(text.strip())
    if wanted is None:
        return _read(Path(text))
    offered = _offered(server)
    if fingerprint(offered) != f"sha256:{wanted[1].lower()}":
        raise ServiceFailed(
            f"O certificado que {server} oferece não é o deste código. Copie de novo a linha que o professor "
            "mostrou; se ela está certa, avise-o: outra máquina pode estar no lugar do servidor."
        )
    return offered


def _read(path: Path) -> str:
    try:
        text = path.expanduser().read_text(encoding="utf-8", errors="replace")[:_LARGEST_AUTHORITY]
    except OSError:
        raise UsageError(
            f"Não consegui ler o certificado em {path}. Em --ca vai o arquivo ca.pem do servidor, ou o "
            "código sha256:… que o professor mostrou."
        ) from None
    fingerprint(text)
    return text


def _offered(server: school.Server) -> str:
    try:
        connection = http.client.HTTPConnection(*server.pages, timeout=health.TIMEOUT)
        status, body = health.get(connection, "/ca.pem")
    except (OSError, http.client.HTTPException):
        status, body = 0, b""
    if status != http.client.OK:
        raise ServiceFailed(
            f"O servidor da turma ({server}) não respondeu. Confira a rede e o endereço, ou peça ao "
            "professor o arquivo ca.pem e repita com --ca ca.pem."
        )
    return body[:_LARGEST_AUTHORITY].decode("ascii", "replace")


def _kept(home: Home) -> Lab:
    state.prepare(home)
    return state.load(home) or addresses.new_lab("treino")


def _keep(home: Home, lab: Lab) -> Lab:
    lifecycle.stop(home)
    state.save(home, replace(lab, mode="treino"))
    return lab


def _require_free(server: school.Server) -> None:
    host = school.here(server.host)
    for _, port in (server.hub, server.registry, server.pages):
        if not addresses.can_bind(host, port):
            raise BadState(
                f"A porta {port} já está em uso nesta máquina, e a turma precisa de três em seguida "
                f"(de {server.port} a {server.port + 2}). Escolha outras com --porta."
            )


def _require_reachable(host: str) -> None:
    """UsageError for what leads nowhere, from whatever machine."""
    if not _leads_somewhere(host):
        raise UsageError(
            f"Desta máquina, «{host}» não leva a lugar nenhum. Os endereços dela na rede: {_own_addresses()}."
        )


def _leads_somewhere(host: str) -> bool:
    try:
        if number := _number(host):
            return not (number.is_unspecified or number.is_multicast)
        return bool(socket.getaddrinfo(host, None))
    except (OSError, ValueError):
        return False


def doubt(lab: Lab) -> str:
    """What may keep the class from reaching the server; empty when the address is this machine's own."""
    host = school.parse(lab.public).host
    number = _number(host)
    if host.lower() == "localhost" or (number and number.is_loopback):
        return (
            f"{host} só serve nesta máquina: de outra, ninguém chega até aqui. Para a turma toda, abra com "
            f"um dos endereços dela na rede: {_own_addresses()}."
        )
    if number and not addresses.is_ours(host):
        return (
            f"{host} não é um endereço desta máquina. A linha só funciona se alguém (um roteador, por "
            f"exemplo) trouxer até aqui o que chega lá. Os endereços desta máquina: {_own_addresses()}."
        )
    return ""


def _number(host: str) -> IPv4Address | None:
    """None for a name; ValueError for digits that are no address."""
    return None if set(host) - set("0123456789.") else IPv4Address(host)


def _own_addresses() -> str:
    every = (one for card in psutil.net_if_addrs().values() for one in card)
    found = (IPv4Address(one.address) for one in every if one.family == socket.AF_INET)
    return ", ".join(str(one) for one in found if not one.is_loopback) or "nenhum"


def _outward_address() -> str:
    """The address by which this machine is known in its network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # documentation's own, RFC 5737: any address outside would do
        except OSError:
            raise UsageError(
                "Não descobri o endereço desta máquina na rede. Diga qual é: "
                f"{typed.lab()} turma abrir 192.168.0.10"
            ) from None
        return str(probe.getsockname()[0])
