"""A token service that lets anyone pull, with the lab's key and tokens like the hub's.

python -m benchmarks.token_service PORT CERTIFICATE LAB_HOME PRIVATE

PRIVATE is a file with a JSON list of repositories, for which it wants a credential, whichever.
"""

import base64
import json
import ssl
import sys
import time
from pathlib import Path

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import serialization

LIFE = 300


class TokenService:
    def __init__(self, folder: Path, private: frozenset[str]) -> None:
        self._private = private
        certificate = x509.load_pem_x509_certificate((folder / "token.pem").read_bytes())
        self._x5c = [base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")]
        self._key = (folder / "token.key").read_bytes()

    async def answer(self, request: web.Request) -> web.Response:
        asked = [scope.split(":")[1] for scope in request.query.getall("scope", [])]
        hidden = frozenset() if "Authorization" in request.headers else self._private
        names = [name for name in asked if name not in hidden]
        now = int(time.time())
        claims = {
            "iss": "auth.docker.io",
            "sub": "",
            "aud": "registry.docker.io",
            "exp": now + LIFE,
            "nbf": now,
            "iat": now,
            "access": [{"type": "repository", "name": name, "actions": ["pull"]} for name in names],
        }
        token = jwt.encode(claims, self._key, algorithm="ES256", headers={"x5c": self._x5c})
        return web.json_response({"token": token, "expires_in": LIFE})


def main(port: int, certificate: Path, home: Path, private: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    app = web.Application()
    hidden = frozenset(json.loads(private.read_text(encoding="utf-8")))
    app.router.add_get("/token", TokenService(home / "token", hidden).answer)
    web.run_app(app, host="127.0.0.1", port=port, ssl_context=context, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), *map(Path, sys.argv[2:5]))
