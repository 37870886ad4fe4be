"""The private registry: the configuration of docker-registry 2.8 and 3.x.

It answers the hub alone, at a loopback address: as registry-1.docker.io answers the hub's gate, in front.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from lab.addresses import NOTIFICATIONS_PORT, REGISTRY_PORT
from lab.paths import Home
from lab.state import Lab, write


def config(home: Home, lab: Lab) -> dict[str, object]:
    """The configuration as data; JSON is YAML too, so one writer serves both."""
    secret = home.secret("notifications").read_text(encoding="utf-8").strip()
    return {
        "version": "0.1",
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(home / "registry" / "data")},
            "delete": {"enabled": True},
            "maintenance": {
                "uploadpurging": {"enabled": True, "age": "24h", "interval": "24h", "dryrun": False}
            },
        },
        "http": {
            "addr": f"{lab.registry_address}:{REGISTRY_PORT}",
            "host": "https://registry-1.docker.io",
            "secret": secrets.token_hex(16),
            "headers": {"X-Content-Type-Options": ["nosniff"]},
        },
        "auth": {
            "token": {
                "realm": "https://auth.docker.io/token",
                "service": "registry.docker.io",
                "issuer": "auth.docker.io",
                "rootcertbundle": str(home / "token" / "token.pem"),
            }
        },
        "notifications": {
            "endpoints": [
                {
                    "name": "hub",
                    "url": f"http://{lab.hub_address}:{NOTIFICATIONS_PORT}/registry/notifications",
                    "headers": {"Authorization": [f"Bearer {secret}"]},
                    "timeout": "5s",
                    "threshold": 3,
                    "backoff": "1s",
                    # Each is told before the next: of layers the hub wants to know nothing.
                    "ignoredmediatypes": ["application/octet-stream"],
                }
            ]
        },
    }


def config_path(home: Home) -> Path:
    return home / "registry" / "config.yml"


def prepare(home: Home, lab: Lab) -> None:
    (home / "registry" / "data").mkdir(exist_ok=True)
    text = json.dumps(config(home, lab), indent=2, ensure_ascii=False) + "\n"
    write(config_path(home), text, mode=0o600)


def command(home: Home, program: str) -> list[str]:
    return [program, "serve", str(config_path(home))]


ENVIRONMENT = {
    "OTEL_TRACES_EXPORTER": "none",  # 3.x would look for a collector on localhost
    # It takes 4 MB for each blob it serves (fileReaderBufferSize in registry/storage/filereader.go);
    # to free them less often serves more requests, for some dozens of MB.
    "GOGC": "400",
}
