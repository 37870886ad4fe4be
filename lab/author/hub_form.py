"""What a learner does with the forms of the hub's pages, sent through its API: a proof has no browser."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from checks.hub_api import DOCKER_HUB
from lab.author.errors import NoLab

_PATIENCE = 20


def create_repository(
    docker_id: str, password: str, name: str, description: str, *, private: bool = False
) -> None:
    """A repository with a short description; NoLab, with the hub's own words, when it is refused."""
    bearer = _sign_in(docker_id, password)
    asked = {"namespace": docker_id, "name": name, "description": description, "is_private": private}
    _send(f"criar o repositório {name}", f"/v2/namespaces/{docker_id}/repositories", asked, bearer)


def create_token(docker_id: str, password: str, label: str, scope: str) -> str:
    """A new access token, which the hub shows this once; NoLab, with its own words, when it is refused."""
    asked = {"token_label": label, "scopes": [scope]}
    made = _send("gerar um token de acesso", "/v2/access-tokens", asked, _sign_in(docker_id, password))
    return str(made["token"])


def _sign_in(docker_id: str, password: str) -> str:
    secret = {"identifier": docker_id, "secret": password}
    return str(_send("entrar na página do Docker Hub", "/v2/auth/token", secret)["access_token"])


def _send(purpose: str, path: str, body: Mapping[str, object], bearer: str = "") -> dict[str, Any]:
    headers = {"Content-Type": "application/json"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    request = Request(DOCKER_HUB + path, json.dumps(body).encode(), headers)  # noqa: S310 (https)
    try:
        with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 (https)
            found: dict[str, Any] = json.load(answer)
            return found
    except HTTPError as refusal:
        with refusal:
            raise NoLab(purpose, refusal.read().decode(errors="replace")) from None
    except OSError as error:
        raise NoLab(purpose, str(error)) from None
