"""Every page: what it shows, to whom, and what it never carries."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from hub.accounts.models import User
from hub.pages import assets
from hub.repositories.models import Repository, Tag

if TYPE_CHECKING:
    from tests.hub.conftest import Learner, Page

BANNER = "Hub de treino — não é o Docker Hub. Nunca digite aqui uma senha de verdade."
OPEN_PAGES = [
    "/", "/signup", "/signup/", "/login", "/login/", "/correio/", "/u/ana2026", "/u/ana2026/",
    "/repositories/ana2026/docker-is-cool", "/conta/senha/esqueci/", "/conta/desativada/", "/nada",
    "/explore/", "/search?q=nginx", "/r/ana2026/docker-is-cool", "/r/ana2026/docker-is-cool/tags",
]  # fmt: skip
INLINE_OR_FOREIGN = r"<style|<script(?! src=)| style=| on[a-z]+=|javascript:|https?://(?!127)"
MY_PAGES = [
    "/perfil/", "/conta/senha/", "/logout", "/conta/tokens/", "/conta/tokens/novo/", "/conta/privacidade/",
    "/repositories/novo/", "/repositories/ana2026/docker-is-cool/configuracoes", "/repositories/",
    "/repositories/ana2026/docker-is-cool/tags", "/repositories/ana2026/docker-is-cool/visao-geral",
]  # fmt: skip


def refresh_of(page: Page) -> str:
    """The address that the open page asks for, every other second."""
    shown = re.search(r'id="lista"[^>]* hx-get="([^"]+)"', page.text)
    assert shown
    return unescape(shown[1])


@pytest.fixture
def cool(ana: User) -> Repository:
    found = Repository.objects.create(namespace="ana2026", name="docker-is-cool", owner=ana)
    digest = "sha256:8d9495d05463" + "0" * 52
    Tag.objects.create(repository=found, name="latest", digest=digest, size=1_950_000)
    return found


@pytest.fixture
def secret(ana: User) -> Repository:
    return Repository.objects.create(namespace="ana2026", name="segredo", owner=ana, is_private=True)


@pytest.mark.parametrize("path", [*OPEN_PAGES, *MY_PAGES])
def test_every_page_has_the_banner_and_no_inline_code(learner: Learner, cool: Repository, path: str) -> None:
    if path in MY_PAGES:
        learner.signs_in()
    page = learner.opens(path)
    assert page.status == (404 if path == "/nada" else 200)
    assert BANNER in page.text
    assert 'lang="pt-BR"' in page.text
    assert not re.search(INLINE_OR_FOREIGN, page.text)


@pytest.mark.parametrize("path", ["/", "/saude", "/static/hub.css", "/v2/users/ninguem", "/nada"])
def test_every_answer_has_a_strict_policy(db: None, path: str) -> None:
    policy = Client().get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("path", "label"),
    [("/", "(Sign up)"), ("/", "(Sign in)"), ("/signup", "(Sign up)"), ("/login", "(Sign in)")],
)
def test_actions_show_the_real_label(learner: Learner, path: str, label: str) -> None:
    assert learner.opens(path).says(label)


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/u/ana2026", "(Create repository)"),
        ("/u/ana2026", "(Account settings)"),
        ("/conta/tokens/", "(Generate new token)"),
        ("/conta/tokens/novo/", "(Access permissions)"),
        ("/conta/tokens/novo/", "(Repo Public Read-only)"),
        ("/conta/privacidade/", "(Default privacy)"),
        ("/repositories/novo/", "(Repository Name)"),
        ("/repositories/ana2026/docker-is-cool", "(Settings)"),
        ("/repositories/ana2026/docker-is-cool/configuracoes", "(Make private)"),
    ],
)
def test_my_actions_show_the_real_label(learner: Learner, cool: Repository, path: str, label: str) -> None:
    learner.signs_in()
    assert learner.opens(path).says(label)


def test_health_answers_when_the_database_does(db: None) -> None:
    assert Client().get("/saude").json() == {"status": "ok"}


def test_the_front_page_has_the_three_steps(learner: Learner, ana: User) -> None:
    assert learner.opens("/").says("docker login -u SEU_DOCKER_ID")
    learner.signs_in()
    page = learner.opens("/")
    assert page.says("docker login -u ana2026")
    assert page.says("docker tag docker-is-cool ana2026/docker-is-cool")
    assert page.says("docker push ana2026/docker-is-cool")


def test_a_profile_lists_repositories_and_tags(learner: Learner, cool: Repository) -> None:
    page = learner.opens("/u/ana2026")
    assert page.says("ana2026/docker-is-cool")
    assert page.says("latest")
    assert page.says("8d9495d05463")


def test_private_repositories_are_for_the_owner(
    learner: Learner, cool: Repository, secret: Repository, bia: User
) -> None:
    assert not learner.opens("/u/ana2026").says("segredo")
    assert learner.opens("/repositories/ana2026/segredo").status == 404
    learner.signs_in(bia.username)
    assert not learner.opens("/u/ana2026").says("segredo")
    assert learner.opens("/repositories/ana2026/segredo").status == 404
    learner.sends("/logout")
    learner.signs_in()
    assert learner.opens("/u/ana2026").says("segredo")
    assert learner.opens("/repositories/ana2026/segredo").says("(Private)")


def test_an_empty_profile_says_how_to_fill_it(learner: Learner, ana: User) -> None:
    assert learner.opens("/u/ana2026").says("ainda não tem repositórios públicos")
    learner.signs_in()
    assert learner.opens("/u/ana2026").says("Nenhum repositório por enquanto.")


def test_an_open_profile_asks_for_its_list_alone(learner: Learner, ana: User) -> None:
    address = refresh_of(learner.opens("/u/ana2026"))
    assert learner.opens(address).status == 204
    Repository.objects.create(namespace="ana2026", name="nova", owner=ana)
    part = learner.opens(address)
    assert part.says("ana2026/nova")
    assert part.says("A lista de repositórios mudou.")
    assert "<html" not in part.text
    assert learner.opens(refresh_of(part)).status == 204


def test_a_repository_shows_what_to_type(learner: Learner, cool: Repository) -> None:
    page = learner.opens("/repositories/ana2026/docker-is-cool")
    assert page.says("docker pull ana2026/docker-is-cool")
    assert 'data-copy="docker pull ana2026/docker-is-cool:latest"' in page.text
    assert page.says("1,9 MB")
    assert cool.tags.get().digest in page.text


@pytest.mark.parametrize("name", ["docker-is-cool", "com.ponto", "com_dois__riscos", "a--b", "2026"])
def test_every_name_that_docker_takes_has_a_page(learner: Learner, ana: User, name: str) -> None:
    Repository.objects.create(namespace="ana2026", name=name, owner=ana)
    assert learner.opens("/u/ana2026").says(name)
    assert learner.opens(f"/repositories/ana2026/{name}").status == 200


def test_what_people_type_is_escaped(learner: Learner, cool: Repository) -> None:
    Repository.objects.update(description="<script>alert(1)</script>")
    for path in ("/u/ana2026", "/repositories/ana2026/docker-is-cool"):
        assert "<script>alert" not in learner.opens(path).text


@pytest.mark.parametrize("path", ["/u/ninguem", "/u/Ana", "/repositories/ana2026/nada", "/%00", "/nada/"])
def test_what_is_not_there_is_explained(learner: Learner, path: str) -> None:
    page = learner.opens(path)
    assert page.status == 404
    assert page.says("Não achamos esta página")


@pytest.mark.parametrize("path", ["/v2/nada", "/token/nada", "/registry/nada"])
def test_programs_get_json_errors(db: None, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 404
    assert response.json()["detail"]


def test_a_broken_page_is_told_in_portuguese(
    learner: Learner, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("não devia aparecer")

    monkeypatch.setattr("hub.pages.views._repositories", broken)
    learner.client.raise_request_exception = False
    page = learner.opens("/u/ana2026")
    assert page.status == 500
    assert page.says("A falha foi nossa, não sua.")
    assert "não devia aparecer" not in page.text


def test_a_form_that_is_too_large_is_told(learner: Learner) -> None:
    page = learner.sends("/login", login="x" * 5_000_001)
    assert (page.status, page.says("Pedido grande demais")) == (400, True)


def test_a_form_without_its_mark_is_refused(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/login", {"login": "a", "password": "b"})
    assert response.status_code == 403
    assert "O formulário perdeu a validade" in response.content.decode("utf-8")


def test_a_current_asset_is_kept_for_ever(db: None) -> None:
    current = Client().get(assets.address("hub.css"))
    assert current.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in current.headers["Cache-Control"]
    assert Client().get("/static/hub.css?v=velho").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["nada.css", "settings.py", "..%2fsettings.py", "../settings.py", "hub.css.map"]
)
def test_only_assets_are_served(db: None, name: str) -> None:
    assert Client().get(f"/static/{name}").status_code == 404
