"""What the lab trusts: the practice authority's files, made when missing, and the bundle for every client."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

from lab.paths import Home
from lab.state import Lab, write

MADE_BY_PKI = (
    "ca/ca.pem", "ca/ca.key", "tls/registry.pem", "tls/registry.key", "tls/hub.pem", "tls/hub.key",
    "token/token.pem", "token/token.key",
)  # fmt: skip
SYSTEM_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)


def authority(home: Home, lab: Lab) -> Path:
    """Who vouches for the practice names in this lab: its own authority, or the class server's."""
    return home.class_authority if lab.server else home.own_authority


def prepare(home: Home, lab: Lab) -> None:
    if not all((home / name).exists() for name in MADE_BY_PKI):
        from lab import pki  # cryptography takes its time to load, and a kept lab has no use for it

        pki.prepare(home)
    system = system_bundle(home)
    practice = authority(home, lab).read_text(encoding="utf-8")
    public = system.read_text(encoding="utf-8", errors="replace") if system else ""
    write(home.bundle, f"{public}\n{practice}")


def system_bundle(home: Home) -> Path | None:
    """The CAs that this machine already trusts: what the person chose, else the system's."""
    chosen = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    candidates = [Path(name) for name in (chosen, *SYSTEM_BUNDLES) if name]
    return next((path for path in candidates if path.is_file() and path != home.bundle), None)
