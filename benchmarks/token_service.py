"""A token service that lets anyone pull, with the lab's key and tokens like the hub's.

python -m benchmarks.token_service PORT CERTIFICATE LAB_HOME
"""

import base64
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
    def __init__(self, folder: Path) -> None:
        certificate = x509.load_pem_x509_certificate((folder / "token.pem").read_bytes())
        self._x5c = [base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode("ascii")]
        self._key = (folder / "token.key").read_bytes()

    async def answer(self, request: web.Request) -> web.Response:
        names = [scope.split(":")[1] for scope in request.query.getall("scope", [])]
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


def main(port: int, certificate: Path, home: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    app = web.Application()
    app.router.add_get("/token", TokenService(home / "token").answer)
    web.run_app(app, host="127.0.0.1", port=port, ssl_context=context, print=None)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
