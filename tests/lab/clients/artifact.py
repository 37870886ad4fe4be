"""oras-py pulls an artifact, with its own handshake: `python artifact.py NAME`, with the secret typed.

It cannot push where a registry answers 401, as Docker Hub does: it asks for a token when it looks whether a
blob is there, which takes `pull` alone, and goes on with that one (its auth/token.py, 0.2.43).
"""

import sys
import tempfile
from pathlib import Path

import oras.client  # type: ignore[import-untyped]

name, secret = sys.argv[1], sys.stdin.read().strip()
client = oras.client.OrasClient()
client.auth.set_basic_auth(name, secret)
with tempfile.TemporaryDirectory() as folder:
    client.pull(target=f"registry-1.docker.io/{name}/letra:v1", outdir=folder)
    print(Path(folder, "letra.txt").read_text(encoding="utf-8"))
