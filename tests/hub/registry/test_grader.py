"""Who grades a class may read every repository, and nothing else."""

from __future__ import annotations

import base64
from typing import Any

import jwt
import pytest
from django.test import Client

from hub.registry import INTERNAL_SUBJECT

SECRET = "um-segredo-de-quem-corrige"
SCOPES = "repository:ana/segredo:pull,push repository:bia/app:pull repository:ana/segredo:delete"


@pytest.fixture(autouse=True)
def _with_a_secret(settings: Any, db: None) -> None:
    settings.HUB_GRADER_SECRET = SECRET


def ask(client: Client, name: str, secret: str) -> tuple[int, dict[str, object]]:
    pair = base64.b64encode(f"{name}:{secret}".encode()).decode()
    query = {"service": "registry.docker.io", "scope": SCOPES.split()}
    answer = client.get("/token", query, headers={"Authorization": f"Basic {pair}"})
    return answer.status_code, answer.json()


def granted(token: object) -> tuple[str, dict[str, list[str]]]:
    claims = jwt.decode(str(token), options={"verify_signature": False})
    return claims["sub"], {one["name"]: one["actions"] for one in claims["access"]}


def test_it_reads_what_is_private_and_writes_nothing(client: Client) -> None:
    status, body = ask(client, "hub-corretor", SECRET)
    assert status == 200
    assert granted(body["token"]) == (INTERNAL_SUBJECT, {"ana/segredo": ["pull"], "bia/app": ["pull"]})


@pytest.mark.parametrize("secret", ["", SECRET[:-1], SECRET + "x"])
def test_another_secret_is_refused(client: Client, secret: str) -> None:
    assert ask(client, "hub-corretor", secret)[0] == 401


def test_without_a_secret_nobody_is_the_grader(client: Client, settings: Any) -> None:
    settings.HUB_GRADER_SECRET = ""
    assert ask(client, "hub-corretor", "")[0] == 401


def test_the_form_of_the_containerd_store_serves_too(client: Client) -> None:
    form = {
        "grant_type": "password", "service": "registry.docker.io", "username": "hub-corretor",
        "password": SECRET, "scope": "repository:bia/app:pull",
    }  # fmt: skip
    answer = client.post("/token", form)
    assert answer.status_code == 200
    assert granted(answer.json()["access_token"])[1] == {"bia/app": ["pull"]}
