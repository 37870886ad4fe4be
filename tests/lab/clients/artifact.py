"""oras: an artifact that is no image, there and back. `python artifact.py NAME`, with the secret typed.

oras-py asks for a token when it looks whether a blob is there, which takes `pull` alone, and keeps that one:
so it is given one that is good for both, as its `set_token_auth` is for.
"""

import os
import sys
import tempfile
from pathlib import Path

import oras.client  # type: ignore[import-untyped]
import requests

name, secret = sys.argv[1], sys.stdin.read().strip()
target = f"registry-1.docker.io/{name}/letra:v1"
asked = {"service": "registry.docker.io", "scope": f"repository:{name}/letra:pull,push"}
answer = requests.get("https://auth.docker.io/token", params=asked, auth=(name, secret), timeout=20)
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)  # oras names a file by its path from here
    Path("letra.txt").write_text("Docker é muito legal", encoding="utf-8")
    Path("config.json").write_text('{"idioma": "pt-BR"}', encoding="utf-8")
    client = oras.client.OrasClient()
    client.auth.set_token_auth(answer.json()["token"])
    config = "config.json:application/vnd.exemplo.config.v1+json"
    client.push(target=target, files=["letra.txt:text/plain"], manifest_config=config)
    Path("letra.txt").unlink()
    client.pull(target=target, outdir=folder)
    print(Path("letra.txt").read_text(encoding="utf-8"))
