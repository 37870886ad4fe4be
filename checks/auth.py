"""The registry's token handshake: who may be asked for a token, with what, and what to believe. No I/O.

    request ──► 401 "Bearer realm, service" ──► GET realm ──► token ──► request again ──► answer

Asking for a token is a generator: it yields requests and receives answers. `checks.signer` drives it,
keeps each token for its scope until it expires, and asks for several scopes at a time.
"""

import base64
import json
import re
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlencode, urlsplit

from checks.download import Download
from checks.errors import LoginRefused, StrangeAnswer

# The registry's documents: a token without a lifetime lives 60 s, and never less.
_SHORTEST_LIFE: Final = 60.0
_MARGIN = 10.0
_LONGEST_WORDS = 500
# How Docker Hub's access tokens begin, a person's and an organization's: nothing else of them is looked at.
_TOKEN_PREFIXES: Final = ("dckr_pat_", "dckr_oat_")
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

    @property
    def is_token(self) -> bool:
        """Whether an access token stands in for the password."""
        return self.secret.startswith(_TOKEN_PREFIXES)


@dataclass(frozen=True)
class WebRequest:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, str] | None = field(default=None, repr=False)
    into: Download | None = field(default=None, repr=False)  # where a good answer's body goes instead


@dataclass(frozen=True)
class WebAnswer:
    """Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Challenge:
    """Where a registry says its tokens come from."""

    realm: str
    service: str


@dataclass(frozen=True)
class Token:
    """What a token service gave; `life` is in seconds."""

    text: str = field(repr=False)
    life: float


TokenFlow = Generator[WebRequest, WebAnswer, Token]


class Tokens:
    """Tokens by scope, each until it expires."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens: dict[str, tuple[str, float]] = {}

    def get(self, scope: str) -> str | None:
        token, expires = self._tokens.get(scope, ("", 0.0))
        return token if token and self._clock() < expires else None

    def put(self, scope: str, token: Token) -> None:
        self._tokens[scope] = (token.text, self._clock() + max(token.life, _SHORTEST_LIFE) - _MARGIN)

    def forget(self, scope: str) -> None:
        self._tokens.pop(scope, None)


def with_token(request: WebRequest, token: str | None) -> WebRequest:
    """The request with the token; without one, as it is."""
    if token is None:
        return request
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"})


def challenge_of(answer: WebAnswer) -> Challenge | None:
    """What a 401 asks for; nothing when the answer is not a challenge for a token."""
    if answer.status != 401:
        return None
    scheme, _, parameters = answer.headers.get("www-authenticate", "").partition(" ")
    found = dict(_PARAMETER.findall(parameters)) if scheme.lower() == "bearer" else {}
    realm = found.get("realm")
    return Challenge(realm, found.get("service", "")) if realm else None


def ask_for_token(
    url: str, challenge: Challenge, scopes: Sequence[str], credential: Credential | None
) -> TokenFlow:
    """Asks for one token that holds for all `scopes`; `url` is an address of the registry.

    A service may grant less than was asked for: the registry then refuses the request itself.
    Raises LoginRefused when the credential is not accepted, StrangeAnswer when no token comes.
    """
    realm = challenge.realm
    if not same_house(url, realm):
        host = urlsplit(url).hostname or url
        raise StrangeAnswer(host, f"mandou pedir a autorização em outro lugar ({realm[:100]})")
    query = [("service", challenge.service), *(("scope", scope) for scope in scopes)]
    headers = {}
    if credential:
        query.append(("account", credential.username))
        headers["Authorization"] = credential.basic
    joint = "&" if urlsplit(realm).query else "?"
    answer = yield WebRequest("GET", realm + joint + urlencode(query), headers)
    if answer.status in (401, 403) and credential:
        raise LoginRefused(credential.username, told(answer), is_token=credential.is_token)
    return _read_token(urlsplit(realm).hostname or realm, answer)


def told(answer: WebAnswer) -> str:
    """Why a service refused, in its own words; empty when it gave none."""
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    words = (found.get(key) for key in ("details", "detail", "message")) if isinstance(found, dict) else ()
    return next((word[:_LONGEST_WORDS] for word in words if isinstance(word, str) and word), "")


def same_house(registry: str, realm: str) -> bool:
    """Whether a token service may see the learner's password: same scheme, same host or domain.

    A registry names its token service itself; believing any address would send the password anywhere.
    """
    try:
        ours, theirs = urlsplit(registry), urlsplit(realm)
    except ValueError:  # no address at all
        return False
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


def _read_token(host: str, answer: WebAnswer) -> Token:
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
    return Token(token, float(life) if isinstance(life, int | float) and 0 < life < 86_400 else 0.0)
