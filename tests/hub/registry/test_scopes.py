"""What each permission of an access token gets from the token service; pushes that are refused in words."""

from __future__ import annotations

import base64
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from hub.accounts.models import User
from hub.registry import record
from hub.registry.client import RegistryClient
from hub.registry.models import ExpectedRepository
from hub.registry.record import ensure_repository
from hub.registry.tokens import LASTS, LIFE
from hub.repositories.models import Repository
from hub.repositories.names import RepositoryName
from hub.repositories.privacy import NoPrivateLeft, create, set_private
from hub.tokens.models import AccessToken

PASSWORD = "senha-de-treino"
ALL = "pull,push,delete"


@pytest.fixture
def ana(db: None) -> User:
    ana = User.objects.create_confirmed("ana", "ana@exemplo.com", PASSWORD)
    Repository.objects.create(namespace="ana", name="app", owner=ana)
    Repository.objects.create(namespace="ana", name="secreto", owner=ana, is_private=True)
    return ana


@pytest.fixture
def bia(db: None) -> User:
    bia = User.objects.create_confirmed("bia", "bia@exemplo.com", PASSWORD)
    Repository.objects.create(namespace="bia", name="publico", owner=bia)
    Repository.objects.create(namespace="bia", name="secreto", owner=bia, is_private=True)
    return bia


@dataclass(frozen=True)
class Docker:
    """Ana's docker, on both of its ways of asking."""

    client: Client
    secret: str
    by_form: bool = False

    def ask(self, *scopes: str) -> Any:
        asked: dict[str, Any] = {"service": "registry.docker.io", "scope": scopes}
        if self.by_form:
            form = {"grant_type": "password", "username": "ana", "password": self.secret}
            return self.client.post("/token", {**asked, **form, "scope": " ".join(scopes)})
        basic = base64.b64encode(f"ana:{self.secret}".encode()).decode()
        return self.client.get("/token", asked, headers={"Authorization": f"Basic {basic}"})

    def actions(self, scope: str) -> str:
        """What was granted; the sentence, when it was refused."""
        answer = self.ask(scope)
        if answer.status_code != 200:
            return str(answer.json()["details"])
        claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
        return ",".join(action for entry in claims["access"] for action in entry["actions"])


@pytest.fixture(params=["basic", "form"])
def by_form(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "form")


def docker_with(client: Client, ana: User, scope: str, by_form: bool = False) -> Docker:
    return Docker(client, AccessToken.objects.issue(ana, "meu token", [scope])[1], by_form)


REFUSED = "access token has insufficient scopes: o token «meu token» não permite enviar."


@pytest.mark.parametrize(
    ("permission", "name", "pull", "push", "everything"),
    [
        ("repo:public_read", "ana/app", "pull", REFUSED, REFUSED),
        ("repo:public_read", "ana/secreto", "", REFUSED, REFUSED),
        ("repo:public_read", "ana/novo", "", REFUSED, REFUSED),
        ("repo:read", "ana/app", "pull", REFUSED, REFUSED),
        ("repo:read", "ana/secreto", "pull", REFUSED, REFUSED),
        ("repo:write", "ana/secreto", "pull", "pull,push", "pull,push"),
        ("repo:write", "ana/novo", "pull", "pull,push", "pull,push"),
        ("repo:admin", "ana/secreto", "pull", "pull,push", ALL),
        *[
            (permission, name, pull, pull, pull)
            for permission in ("repo:public_read", "repo:read", "repo:write", "repo:admin")
            for name, pull in (("bia/publico", "pull"), ("bia/secreto", ""))
        ],
    ],
)
def test_what_a_permission_gets(
    client: Client, ana: User, bia: User, by_form: bool, permission: str, name: str, pull: str, push: str,
    everything: str,
) -> None:  # fmt: skip
    docker = docker_with(client, ana, permission, by_form)
    for actions, expected in (("pull", pull), ("pull,push", push), (ALL, everything)):
        got = docker.actions(f"repository:{name}:{actions}")
        assert got.startswith(expected) if expected is REFUSED else got == expected


def test_signing_in_needs_no_permission(client: Client, ana: User, by_form: bool) -> None:
    assert docker_with(client, ana, "repo:public_read", by_form).ask().status_code == 200


def test_a_push_without_the_permission_says_where_to_get_it(client: Client, ana: User) -> None:
    answer = docker_with(client, ana, "repo:read").ask("repository:ana/app:pull,push")
    assert answer.status_code == 401
    assert "(Repo Read & Write), em http://127.0.0.1:8000/conta/tokens/" in answer.json()["details"]
    assert answer.json()["errors"][0]["message"] == answer.json()["details"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"is_active": False}, "personal access token is inactive"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "personal access token is expired"),
        (None, "incorrect username or password: este token de acesso não existe ou foi apagado"),
    ],
)
def test_a_token_that_works_no_more_is_refused_in_words(
    client: Client, ana: User, by_form: bool, change: dict[str, Any] | None, words: str
) -> None:
    docker = docker_with(client, ana, "repo:write", by_form)
    assert docker.ask("repository:ana/app:pull,push").status_code == 200
    if change is None:
        AccessToken.objects.all().delete()
    else:
        AccessToken.objects.update(**change)
    answer = docker.ask("repository:ana/app:pull,push")
    assert answer.status_code == 401
    assert answer.json()["details"].startswith(words)
    assert answer.json()["details"].endswith("docker login -u ana")


def test_what_was_granted_outlives_a_token_by_five_minutes_at_most() -> None:
    """The registry takes a token for a minute more than it lasts; a shorter life would keep docker asking."""
    assert timedelta(seconds=60) <= LIFE < LASTS <= timedelta(minutes=5)


# The private quota


@pytest.fixture
def docker(client: Client, ana: User) -> Docker:
    """With the password, and new repositories private."""
    User.objects.update(default_private=True)
    return Docker(client, PASSWORD)


def test_a_push_that_would_make_a_second_private_repository_is_refused_in_words(docker: Docker) -> None:
    answer = docker.ask("repository:ana/novo:pull,push")
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "DENIED"
    sentence = answer.json()["details"]
    assert sentence.startswith("private repository limit reached: ")
    assert "ana/secreto/configuracoes" in sentence
    assert "/conta/privacidade/" in sentence
    assert not ExpectedRepository.objects.exists()


@pytest.mark.parametrize("name", ["app", "secreto"])
def test_what_is_there_is_pushed_to_as_before(docker: Docker, name: str) -> None:
    assert docker.actions(f"repository:ana/{name}:pull,push") == "pull,push"


def test_with_room_or_public_by_default_a_push_makes_the_repository(docker: Docker, ana: User) -> None:
    Repository.objects.filter(name="secreto").update(is_private=False)
    assert docker.actions("repository:ana/novo:pull,push") == "pull,push"
    assert ExpectedRepository.objects.get().is_private
    Repository.objects.filter(name="secreto").update(is_private=True)
    User.objects.update(default_private=False)
    assert docker.actions("repository:ana/novo:pull,push") == "pull,push"
    assert not ExpectedRepository.objects.get().is_private


def test_a_push_on_its_way_takes_the_one_private_place(docker: Docker, ana: User) -> None:
    Repository.objects.filter(name="secreto").delete()
    assert docker.actions("repository:ana/novo:pull,push") == "pull,push"
    refused = docker.actions("repository:ana/outro:pull,push")
    assert refused.startswith("private repository limit reached: O plano gratuito tem 1 repositório privado")
    assert "o envio de ana/novo" in refused
    assert "/conta/privacidade/" in refused
    assert docker.actions("repository:ana/novo:pull,push") == "pull,push"
    with pytest.raises(NoPrivateLeft, match=r"espere 5 minutos ou crie este como público\.$"):
        create(ana, "outro", private=True)
    ExpectedRepository.objects.update(allowed_at=timezone.now() - LASTS)
    assert docker.actions("repository:ana/outro:pull,push") == "pull,push"


def test_what_a_push_has_made_counts_once_and_as_it_is_now(docker: Docker, ana: User) -> None:
    Repository.objects.filter(name="secreto").delete()
    docker.actions("repository:ana/novo:pull,push")
    made = ensure_repository(RepositoryName("ana", "novo"))
    assert "ana/novo/configuracoes" in docker.actions("repository:ana/outro:pull,push")
    set_private(made, private=False)
    assert docker.actions("repository:ana/outro:pull,push") == "pull,push"


@pytest.mark.django_db(transaction=True)
def test_of_two_pushes_at_once_one_gets_the_private_place(docker: Docker, ana: User) -> None:
    Repository.objects.filter(name="secreto").delete()
    together = threading.Barrier(2)

    def ask(name: str) -> str:
        together.wait(10)
        while True:
            try:
                return Docker(Client(), PASSWORD).actions(f"repository:ana/{name}:pull,push")
            except OperationalError:  # an SQLite in memory, as that of tests, makes nobody wait
                continue
            finally:
                connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(ask, ("um", "dois")))
    assert answers[1] == "pull,push"
    assert answers[0].startswith("private repository limit reached")


def test_a_push_to_what_the_registry_has_and_the_hub_has_not_is_no_new_repository(
    docker: Docker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its notification was lost, or it is from the life of another database: then it stays closed."""
    User.objects.update(default_private=False)
    monkeypatch.setattr(RegistryClient, "tags", lambda self, path: ["latest"])
    assert docker.actions("repository:ana/antigo:pull,push") == "pull,push"
    assert Repository.objects.get(name="antigo").is_private
    assert not ExpectedRepository.objects.exists()


def test_names_that_nobody_pushes_to_do_not_pile_up(
    docker: Docker, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "MOST_EXPECTED", 2)
    User.objects.update(default_private=False)
    for number in range(4):
        assert docker.actions(f"repository:ana/novo{number}:pull,push") == "pull,push"
    expected = ExpectedRepository.objects.order_by("name")
    assert [one.name for one in expected] == ["novo2", "novo3"]
    Repository.objects.filter(name="secreto").delete()
    User.objects.update(default_private=True)
    docker.ask("repository:ana/novo2:pull,push")
    assert [(one.name, one.is_private) for one in expected.all()] == [("novo2", True), ("novo3", False)]


def test_a_pull_expects_nothing(docker: Docker) -> None:
    docker.ask("repository:ana/novo:pull")
    docker.ask("repository:bia/novo:pull,push")
    assert not ExpectedRepository.objects.exists()


def test_a_push_to_an_archived_repository_is_refused_in_words_and_pulls_go_on(
    docker: Docker, settings: Settings
) -> None:
    Repository.objects.filter(name="app").update(is_archived=True)
    answer = docker.ask("repository:ana/app:pull,push")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (403, "DENIED")
    assert answer.json()["details"].startswith("repository is archived: O repositório ana/app está arquivado")
    assert docker.actions("repository:ana/app:pull") == "pull"
    assert docker.actions("repository:ana/app:pull,delete") == "pull"
    settings.HUB_GATE_BINDS = ["127.0.0.1:443"]  # the gate refuses what is written, in every docker's words
    assert docker.actions("repository:ana/app:pull,push") == "pull,push"
