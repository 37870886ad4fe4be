"""The registry's token handshake as a generator: it yields requests, receives answers, does no I/O.

    request ──► 401 "Bearer realm, service" ──► GET realm ──► token ──► request again ──► answer

A token is kept for its scope until it expires, so the handshake is paid once.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlencode, urlsplit

from checks.errors import LoginRefused, StrangeAnswer

# The registry's documents: a token without a lifetime lives 60 s, and never less.
_SHORTEST_LIFE: Final = 60.0
_MARGIN = 10.0
_PARAMETER = re.compile(r'([a-z]+)="([^"]*)"')


@dataclass(frozen=True)
class Credential:
    """A user name and a password or access token; the secret never shows."""

    username: str
    secret: str = field(repr=False)

    @property
    def basic(self) -> str:
        pair = f"{self.username}:{self.secret}".encode()
        return "Basic " + base64.b64encode(pair).decode("ascii")


@dataclass(frozen=True)
class WebRequest:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class WebAnswer:
    """Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Flow = Generator[WebRequest, WebAnswer, WebAnswer]


class Tokens:
    """Tokens by scope, each until it expires, and the credential they are asked with."""

    def __init__(
        self, credential: Credential | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.credential = credential
        self._clock = clock
        self._tokens: dict[str, tuple[str, float]] = {}

    def get(self, scope: str) -> str | None:
        token, expires = self._tokens.get(scope, ("", 0.0))
        return token if token and self._clock() < expires else None

    def put(self, scope: str, token: str, life: float) -> None:
        self._tokens[scope] = (token, self._clock() + max(life, _SHORTEST_LIFE) - _MARGIN)

    def forget(self, scope: str) -> None:
        self._tokens.pop(scope, None)


def signed(request: WebRequest, scope: str, tokens: Tokens) -> Flow:
    """Sends `request` with a token for `scope`; returns its answer, which may still be a 401."""
    token = tokens.get(scope)
    answer = yield _with_token(request, token) if token else request
    challenge = _challenge(answer)
    if challenge is None:
        return answer
    tokens.forget(scope)
    fresh, life = yield from _ask_for_token(request.url, challenge, scope, tokens.credential)
    tokens.put(scope, fresh, life)
    return (yield _with_token(request, fresh))


def _with_token(request: WebRequest, token: str) -> WebRequest:
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})


def _challenge(answer: WebAnswer) -> dict[str, str] | None:
    """What a 401 asks for; nothing when the answer is not a challenge for a token."""
    scheme, _, parameters = answer.headers.get("www-authenticate", "").partition(" ")
    if answer.status != 401 or scheme.lower() != "bearer":
        return None
    found = dict(_PARAMETER.findall(parameters))
    return found if found.get("realm") else None


def _ask_for_token(
    url: str, challenge: Mapping[str, str], scope: str, credential: Credential | None
) -> Generator[WebRequest, WebAnswer, tuple[str, float]]:
    realm = challenge["realm"]
    host = urlsplit(url).hostname or url
    if not same_house(url, realm):
        raise StrangeAnswer(host, f"mandou pedir a autorização em outro lugar ({realm[:100]})")
    query = {"service": challenge.get("service", ""), "scope": scope}
    headers = {}
    if credential:
        query["account"] = credential.username
        headers["Authorization"] = credential.basic
    joint = "&" if urlsplit(realm).query else "?"
    answer = yield WebRequest("GET", realm + joint + urlencode(query), headers)
    if answer.status in (401, 403) and credential:
        raise LoginRefused(credential.username)
    return _read_token(urlsplit(realm).hostname or realm, answer)


def same_house(registry: str, realm: str) -> bool:
    """Whether a token service may see the learner's password: same scheme, same host or domain.

    A registry names its token service itself; believing any address would send the password anywhere.
    """
    ours, theirs = urlsplit(registry), urlsplit(realm)
    if ours.scheme != theirs.scheme or not theirs.hostname:
        return False
    if ours.hostname == theirs.hostname:
        return True
    if _is_address(ours.hostname or "") or _is_address(theirs.hostname):
        return False
    domain = ".".join((ours.hostname or "").split(".")[-2:])
    return "." in domain and f".{theirs.hostname}".endswith(f".{domain}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _read_token(host: str, answer: WebAnswer) -> tuple[str, float]:
    if answer.status != 200:
        raise StrangeAnswer(host, f"o pedido de autorização terminou com o código {answer.status}")
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise StrangeAnswer(host, "a autorização não veio em JSON")
    token = found.get("token") or found.get("access_token")
    # A token travels in a header: nothing that could end the line may get in.
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise StrangeAnswer(host, "a autorização veio sem um token que sirva")
    life = found.get("expires_in")
    return token, float(life) if isinstance(life, int | float) and 0 < life < 86_400 else 0.0
