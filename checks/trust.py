"""Whom SSL_CERT_FILE says to trust: read once, for that takes longer than asking a registry."""

import os
import ssl
from functools import lru_cache
from pathlib import Path


def trusted() -> ssl.SSLContext:
    """What a client trusts now; the same object until the file changes."""
    bundle = os.environ.get("SSL_CERT_FILE", "")
    try:
        changed = Path(bundle).stat().st_mtime_ns if bundle else 0
    except OSError:
        changed = 0
    return _read_authorities(bundle, os.environ.get("SSL_CERT_DIR", ""), changed)


@lru_cache(maxsize=4)
def _read_authorities(bundle: str, folder: str, changed: int) -> ssl.SSLContext:
    return ssl.create_default_context()
