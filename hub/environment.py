"""Readers of the environment for hub.settings: each one names the variable it could not use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

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


def file(name: str) -> Path | None:
    """The file that a variable names; None when the variable is not set."""
    value = text(name)
    return Path(value) if value else None


def secret(name: str, *, otherwise: str) -> str:
    """The secret kept in the file that a variable names; secrets never travel in variables."""
    path = file(name)
    if path is None:
        return otherwise
    try:
        value = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"Não foi possível ler {path}, o arquivo de {name}: {error.strerror}. "
            "Confira se ele existe e se é seu."
        ) from error
    if not value:
        raise ImproperlyConfigured(f"O arquivo {path}, de {name}, está vazio.")
    return value


def addresses(name: str) -> list[str]:
    """A comma-separated list of HOST:PORT."""
    found = [part.strip() for part in text(name).split(",") if part.strip()]
    for address in found:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise ImproperlyConfigured(f"{name} precisa de ENDEREÇO:PORTA, mas tem «{address}».")
    return found


def host_of(address: str) -> str:
    return address.rpartition(":")[0]


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
