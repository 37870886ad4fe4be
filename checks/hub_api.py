"""Facts from Docker Hub's HTTP API: accounts and repositories."""

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from checks.auth import Credential, WebAnswer, WebRequest, told
from checks.errors import BadReference, LoginRefused, StrangeAnswer
from checks.image import Account, Repository
from checks.reference import Reference
from checks.web import Web

DOCKER_HUB: Final = "https://hub.docker.com"
# What cannot be a Docker ID is never made part of an address.
_DOCKER_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}", re.ASCII)


class HubApi:
    """Asks Docker Hub; signs in only for what strangers do not see."""

    def __init__(self, web: Web, url: str = DOCKER_HUB) -> None:
        self._web = web
        self._url = url
        self._host = urlsplit(url).hostname or url
        self._signing_in = asyncio.Lock()
        self._bearers: dict[Credential, str] = {}

    async def account(self, docker_id: str) -> Account:
        """The real hub does not tell whether the e-mail was confirmed: `confirmed` is then None."""
        if not _DOCKER_ID.fullmatch(docker_id):
            return Account(docker_id, exists=False)
        answer = await self._get(f"/v2/users/{docker_id}", None)
        if answer.status == 404:
            return Account(docker_id, exists=False)
        found = self._object(answer)
        confirmed = found.get("is_confirmed")
        return Account(
            docker_id,
            exists=True,
            confirmed=confirmed if isinstance(confirmed, bool) else None,
            joined=moment(found.get("date_joined")),
        )

    async def repository(self, reference: Reference, credential: Credential | None) -> Repository:
        """As anyone first; a private one only its owner sees."""
        if not reference.on_docker_hub:
            raise BadReference(str(reference), "registry", "este repositório não fica no Docker Hub")
        namespace, _, name = reference.repository.partition("/")
        if "/" in name:
            return Repository(reference, exists=False)
        path = f"/v2/namespaces/{namespace}/repositories/{name}"
        answer = await self._get(path, None)
        if answer.status in (401, 403, 404) and credential:
            answer = await self._get(path, await self._bearer(credential))
        if answer.status in (401, 403, 404):
            return Repository(reference, exists=False)
        found = self._object(answer)
        private = found.get("is_private")
        return Repository(
            reference,
            exists=True,
            private=private if isinstance(private, bool) else None,
            description=_told(found, "description"),
            overview=_told(found, "full_description"),
            changed=moment(found.get("last_modified")) or moment(found.get("date_registered")),
        )

    async def _get(self, path: str, bearer: str | None) -> WebAnswer:
        headers = {"Accept": "application/json"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        return await self._web.send(WebRequest("GET", self._url + path, headers))

    async def _bearer(self, credential: Credential) -> str:
        """A password or token is exchanged once for a short-lived one."""
        async with self._signing_in:
            if credential not in self._bearers:
                self._bearers[credential] = await self._sign_in(credential)
            return self._bearers[credential]

    async def _sign_in(self, credential: Credential) -> str:
        secret = {"identifier": credential.username, "secret": credential.secret}
        answer = await self._web.send(WebRequest("POST", self._url + "/v2/auth/token", json=secret))
        if answer.status in (401, 403):
            raise LoginRefused(credential.username, told(answer), is_token=credential.is_token)
        token = self._object(answer).get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise StrangeAnswer(self._host, "a entrada não devolveu um token que sirva")
        return token

    def _object(self, answer: WebAnswer) -> Mapping[str, Any]:
        if answer.status != 200:
            raise StrangeAnswer(self._host, f"o código da resposta foi {answer.status}")
        try:
            found = json.loads(answer.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise StrangeAnswer(self._host, "a resposta não é JSON")
        return found


def moment(text: object) -> datetime | None:
    """As Docker Hub's OpenAPI writes one, 2021-01-05T21:06:53.506400Z; None for anything else."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _told(found: Mapping[str, Any], key: str) -> str | None:
    """A text; empty when the hub says null, which is how it tells that nobody wrote one."""
    if key not in found:
        return None
    text = found[key] or ""
    return text if isinstance(text, str) else None
