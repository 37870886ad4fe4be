"""Readers of the environment for hub.settings: each one names the variable it could not use."""

from __future__ import annotations

import os
import re
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from checks import time_zone
from checks.os_trouble import why

Network = IPv4Network | IPv6Network
_HOST = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*", re.ASCII)

SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",  # a write waits for its turn at BEGIN instead of failing half way
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    return text(name) == "1"


def number(name: str, default: int) -> int:
    """A whole number, from 1 on."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0):
        raise ImproperlyConfigured(f"{name} precisa ser um número inteiro, de 1 em diante, e vale «{value}».")
    return int(value)


def choice(name: str, *values: str) -> str:
    """One of the values; the first when the variable is not set."""
    value = text(name, values[0])
    if value not in values:
        raise ImproperlyConfigured(f"{name} precisa ser um destes: {', '.join(values)}; e vale «{value}».")
    return value


def file(name: str) -> Path | None:
    """The file that a variable names; None when the variable is not set."""
    value = text(name)
    return Path(value) if value else None


def secret(name: str, *, otherwise: str, shortest: int = 1) -> str:
    """The secret kept in the file that a variable names; secrets never travel in variables."""
    path = file(name)
    if path is None:
        return otherwise
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Não foi possível ler {path}, o arquivo de {name}: {why(error)}"
        ) from error
    if not value:
        raise ImproperlyConfigured(f"O arquivo {path}, de {name}, está vazio.")
    if len(value) < shortest:
        raise ImproperlyConfigured(f"O arquivo {path}, de {name}, precisa de pelo menos {shortest} letras.")
    return value


def login(user_name: str, password_name: str) -> tuple[str, str]:
    """Who signs in somewhere, and the password, kept in a file; both or neither."""
    user, password = text(user_name), secret(password_name, otherwise="")
    if bool(user) != bool(password):
        missing, given = (password_name, user_name) if user else (user_name, password_name)
        raise ImproperlyConfigured(f"Falta {missing}: {given} só serve junto com ela.")
    return user, password


def addresses(name: str) -> list[str]:
    """A comma-separated list of HOST:PORT."""
    found = _parts(name)
    for address in found:
        host, _, port = address.rpartition(":")
        if not host or not _is_port(port):
            raise ImproperlyConfigured(f"{name} precisa de ENDEREÇO:PORTA, mas tem «{address}».")
    return found


def port(name: str, default: int) -> int:
    value = text(name, str(default))
    if not _is_port(value):
        raise ImproperlyConfigured(f"{name} precisa ser uma porta, de 1 a 65535, e vale «{value}».")
    return int(value)


def web_address(name: str, default: str) -> str:
    """http:// or https://, a host and perhaps a port; no slash at the end."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    try:
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        is_good = False
    if not is_good or "@" in parts.netloc or parts.path or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            f"{name} precisa ser um endereço como https://hub.escola.br, sem nada depois, e começa com "
            f"«{value.rpartition('@')[2][:60]}»."
        )
    return value


def names(name: str) -> list[str]:
    """A comma-separated list of host names."""
    found = _parts(name)
    for host in found:
        if not _HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} precisa de nomes como hub.escola.br, separados por vírgula, mas tem «{host}»."
            )
    return found


def networks(name: str) -> list[Network]:
    """A comma-separated list of IP addresses and networks."""
    try:
        return [ip_network(part) for part in _parts(name)]
    except ValueError:
        raise ImproperlyConfigured(
            f"{name} precisa de endereços IP ou redes como 10.0.0.0/24, separados por vírgula, "
            f"e vale «{text(name)}»."
        ) from None


def sender(name: str, default: str) -> str:
    """Whom an e-mail comes from: ADDRESS, or NAME <ADDRESS>."""
    value = text(name, default)
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        raise ImproperlyConfigured(
            f"{name} precisa ser um remetente como «Hub <hub@escola.br>», e vale «{value}»."
        ) from None
    return value


def zone(name: str) -> str:
    """By whose clock days count: a zone as the IANA's database calls it."""
    try:
        return time_zone.zone(text(name, time_zone.DEFAULT)).key
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


def host_of(address: str) -> str:
    return address.rpartition(":")[0]


def _parts(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def _is_port(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 6 and 0 < int(value) < 65_536


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's entry for a database URL; SQLite in `folder` when there is none."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(folder / "db.sqlite3"),
            "OPTIONS": SQLITE_OPTIONS,
        }
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": SQLITE_OPTIONS}
    if parts.scheme in {"postgres", "postgresql"}:
        try:
            port = parts.port
        except ValueError:
            raise ImproperlyConfigured("HUB_DATABASE_URL tem uma porta que não é um número.") from None
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(port or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise ImproperlyConfigured(
        "HUB_DATABASE_URL precisa começar com sqlite:/// ou postgres://, "
        f"mas começa com «{parts.scheme or url[:12]}»."
    )
