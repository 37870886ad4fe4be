"""Reads the registry, and deletes from it, with tokens of the hub's own; only this file speaks its /v2."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from urllib3 import BaseHTTPResponse, PoolManager, Retry
from urllib3.exceptions import HTTPError

from checks.trust import trusted
from hub.registry.errors import RegistryError, RegistryFailing, RegistryUnavailable
from hub.registry.tokens import LIFE, Access, mint_internal

INDEX_TYPES: Final = frozenset(
    {
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
    }
)
IMAGE_TYPES: Final = frozenset(
    {
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    }
)
MANIFEST_TYPES: Final = INDEX_TYPES | IMAGE_TYPES
_ACCEPT = ", ".join(sorted(MANIFEST_TYPES))
_LARGEST_BODY = 4 * 1024 * 1024  # the registry's own limit for a manifest
_PAGE = 100
_BLOB = "application/octet-stream"
_TOKEN_LASTS = LIFE.total_seconds() / 2
_CONNECTIONS = 8  # kept open, for the threads that serve
# One try, and to where a registry keeps its blobs: urllib3 takes the token off what goes to another place.
_ONCE = Retry(connect=0, read=0, other=0, status=0, redirect=3)


@dataclass(frozen=True)
class Answer:
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise RegistryError("O registry respondeu algo que não é JSON.") from error


@dataclass(frozen=True)
class Manifest:
    digest: str
    media_type: str
    content: dict[str, Any]


class RegistryClient:
    """Every method gives None where the registry says 404, and raises RegistryError for other trouble."""

    def __init__(
        self,
        url: str | None = None,
        mint: Callable[[Access], str] = mint_internal,
        timeout: float = 3.0,
        deadline: float | None = None,
    ) -> None:
        """`deadline`: seconds from now after which nothing more is asked."""
        self._url = (url or settings.HUB_REGISTRY_URL).rstrip("/")
        if urlsplit(self._url).scheme not in {"http", "https"}:
            raise RegistryError(f"HUB_REGISTRY_URL precisa começar com https://, mas é {self._url}.")
        self._mint = mint
        self._timeout = timeout
        self._ends = None if deadline is None else time.monotonic() + deadline
        self._token: tuple[Access | None, str, float] = (None, "", 0.0)

    def repositories(self) -> Iterator[str]:
        """Every path of the catalog, page by page."""
        access = Access(type="registry", name="catalog", actions=["*"])
        for answer in self._pages(f"/v2/_catalog?n={_PAGE}", access):
            yield from _strings(answer.json(), "repositories")

    def tags(self, path: str) -> list[str] | None:
        pages = self._pages(f"/v2/{path}/tags/list?n={_PAGE}", _pull(path))
        found = [_strings(answer.json(), "tags") for answer in pages]
        return [tag for page in found for tag in page] if found else None

    def digest(self, path: str, reference: str) -> str | None:
        """The digest a tag points at now; asked by HEAD, which is no pull."""
        answer = self._ask("HEAD", _manifest_url(path, reference), _pull(path))
        return None if answer is None else answer.headers.get("Docker-Content-Digest", "")

    def manifest(self, path: str, reference: str) -> Manifest | None:
        answer = self._ask("GET", _manifest_url(path, reference), _pull(path))
        if answer is None:
            return None
        media_type = answer.headers.get("Content-Type", "").partition(";")[0]
        digest = answer.headers.get("Docker-Content-Digest", "")
        return Manifest(digest, media_type, _object(answer.json()))

    def config(self, path: str, digest: str) -> dict[str, Any] | None:
        answer = self._ask("GET", _blob_url(path, digest), _pull(path))
        return None if answer is None else _object(answer.json())

    def put(self, path: str, reference: str, body: bytes, media_type: str) -> str | None:
        """Makes a tag point at this manifest; gives its digest."""
        access = Access(type="repository", name=path, actions=["pull", "push"])
        answer = self._ask("PUT", _manifest_url(path, reference), access, body, media_type)
        return None if answer is None else answer.headers.get("Docker-Content-Digest", "")

    def upload(self, path: str, digest: str, body: bytes) -> None:
        """A blob, in one piece; the registry answers with the address to send it to."""
        access = Access(type="repository", name=path, actions=["pull", "push"])
        begun = self._ask("POST", f"/v2/{path}/blobs/uploads/", access, b"", _BLOB)
        if begun is None:
            raise RegistryError(f"O registry não aceitou um envio para {path}.")
        place = urlsplit(begun.headers.get("Location", ""))
        query = f"{place.query}&" if place.query else ""
        self._ask("PUT", f"{place.path}?{query}digest={quote(digest, safe='')}", access, body, _BLOB)

    def delete(self, path: str, digest: str) -> None:
        """A manifest and every tag that points at it. One that is not there is no trouble."""
        access = Access(type="repository", name=path, actions=["delete"])
        self._ask("DELETE", _manifest_url(path, digest), access)

    def unlink(self, path: str, blob: str) -> None:
        """A layer or config, from this repository alone. One that is not there is no trouble."""
        access = Access(type="repository", name=path, actions=["delete"])
        self._ask("DELETE", _blob_url(path, blob), access)

    def _pages(self, start: str, access: Access) -> Iterator[Answer]:
        seen: set[str] = set()
        following: str | None = start
        while following is not None and following not in seen:
            seen.add(following)
            answer = self._ask("GET", following, access)
            if answer is None:
                return
            yield answer
            following = _next_page(following, answer.headers.get("Link", ""))

    def _ask(
        self, method: str, path: str, access: Access, body: bytes | None = None, media_type: str = ""
    ) -> Answer | None:
        headers = {"Content-Type": media_type} if media_type else {"Accept": _ACCEPT}
        headers["Authorization"] = f"Bearer {self._token_for(access)}"
        try:
            response = self._send(method, f"{self._url}{path}", headers, body)
            content = _read(response)
        except HTTPError as error:
            raise RegistryUnavailable(f"O registry não respondeu: {error}") from error
        if response.status >= HTTPStatus.MULTIPLE_CHOICES:
            _raise_unless_missing(response.status, path)
            return None
        if len(content) > _LARGEST_BODY:
            raise RegistryError(f"A resposta do registry a {path} é grande demais.")
        return Answer(response.headers, content)

    def _token_for(self, access: Access) -> str:
        """The last one again, when it is for the same: to sign one costs as much as the registry's answer."""
        last, token, until = self._token
        if last != access or time.monotonic() > until:
            token = self._mint(access)
            self._token = access, token, time.monotonic() + _TOKEN_LASTS
        return token

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> BaseHTTPResponse:
        timeout = self._timeout
        if self._ends is not None:
            timeout = min(timeout, self._ends - time.monotonic())
            if timeout <= 0:
                raise RegistryUnavailable("O registry demorou demais para responder.")
        pool = _pool(trusted() if url.startswith("https:") else None)
        return pool.request(
            method,
            url,
            body=body,
            headers=headers,
            timeout=timeout,
            retries=_ONCE,
            redirect=method in {"GET", "HEAD"},
            preload_content=False,
        )


@lru_cache(maxsize=4)
def _pool(context: ssl.SSLContext | None) -> PoolManager:
    """Connections stay open from one question to the next, whoever asks. No proxy of the machine is asked."""
    return PoolManager(maxsize=_CONNECTIONS, ssl_context=context)


def _read(response: BaseHTTPResponse) -> bytes:
    content = response.read(_LARGEST_BODY + 1, decode_content=False)
    if len(content) > _LARGEST_BODY:
        response.close()  # the rest of it is nobody's answer
    else:
        response.release_conn()
    return content


def _raise_unless_missing(status: int, path: str) -> None:
    if status == HTTPStatus.NOT_FOUND:
        return
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise RegistryFailing(f"O registry respondeu {status} a {path}.")
    raise RegistryError(f"O registry respondeu {status} a {path}.")


def _pull(path: str) -> Access:
    return Access(type="repository", name=path, actions=["pull"])


def _manifest_url(path: str, reference: str) -> str:
    return f"/v2/{path}/manifests/{quote(reference, safe=':')}"


def _blob_url(path: str, digest: str) -> str:
    return f"/v2/{path}/blobs/{quote(digest, safe=':')}"


def _next_page(current: str, link: str) -> str | None:
    """`</v2/_catalog?last=x&n=100>; rel="next"`; only the path counts, so we stay with our registry."""
    target, _, relation = link.partition(">")
    if not target.startswith("<") or "next" not in relation:
        return None
    parts = urlsplit(urljoin(current, target[1:]))
    return f"{parts.path}?{parts.query}"


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RegistryError("O registry respondeu um JSON que não é um objeto.")
    return value


def _strings(value: Any, key: str) -> list[str]:
    """A list of names; `null` is how some registries say that there is none."""
    names = _object(value).get(key) or []
    if not isinstance(names, list):
        raise RegistryError(f"O registry respondeu um JSON sem a lista «{key}».")
    return [name for name in names if isinstance(name, str)]
