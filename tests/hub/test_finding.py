"""Explore, search, My Hub and the pages of repositories: addresses, who sees what, and what they cost."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import User
from hub.pages.markdown import render
from hub.repositories.models import LONGEST_OVERVIEW, ImageEntry, Repository, Tag

if TYPE_CHECKING:
    from tests.hub.conftest import Learner

COOL = "ana2026/docker-is-cool"
OWN, PUBLIC = f"/repositories/{COOL}", f"/r/{COOL}"
LISTS = [
    "/explore/", "/search?q=app", "/search", "/u/ana2026", "/repositories/",
    "/repositories/?q=app&ordem=pulls", OWN, f"{OWN}/tags", PUBLIC, f"{PUBLIC}/tags?ordem=nome",
]  # fmt: skip


def push(repository: Repository, *tags: str, by: User | None = None) -> None:
    for tag in tags:
        digest = f"sha256:{tag:0>64}"
        platforms = ["linux/amd64", "unknown/unknown"]
        images = [ImageEntry(platform=one, digest=digest, size=5) for one in platforms]
        Tag.objects.create(repository=repository, name=tag, digest=digest, pushed_by=by, images=images)


@pytest.fixture
def cool(ana: User) -> Repository:
    namespace, name = COOL.split("/")
    return Repository.objects.create(namespace=namespace, name=name, owner=ana, pull_count=7)


@pytest.fixture
def signed_in(learner: Learner, cool: Repository) -> Learner:
    learner.signs_in()
    return learner


@pytest.mark.parametrize("path", LISTS)
def test_no_list_costs_more_with_more_rows(
    signed_in: Learner, cool: Repository, ana: User, path: str
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert signed_in.opens(path).status == 200
        return len(asked)

    Repository.objects.create(namespace="library", name="base")
    push(Repository.objects.create(namespace="ana2026", name="app", owner=ana), "um", by=ana)
    push(cool, "um", by=ana)
    few = cost()
    for number in range(60):
        push(
            Repository.objects.create(namespace="ana2026", name=f"app-{number}", owner=ana),
            "um",
            "dois",
            by=ana,
        )
        push(cool, f"1.{number}", by=ana)
    assert cost() == few


def test_the_older_address_leads_others_to_the_public_page(learner: Learner, cool: Repository) -> None:
    assert learner.opens(OWN).path == PUBLIC
    assert learner.opens(f"{OWN}/tags?q=x").path == f"{PUBLIC}/tags?q=x"
    learner.signs_in()
    assert learner.opens(OWN).path == OWN
    assert learner.opens(PUBLIC).says("É assim que os outros veem o seu repositório.")


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("/r/library/nginx", "/r/library/nginx"),
        ("/r/library/busybox", "/_/busybox"),
        ("/repositories/library/busybox", "/_/busybox"),
        ("/repositories/library/mysql", "/_/mysql"),
        ("/_/mysql/tags", "/_/mysql"),
        ("/r/docker/dockerfile/tags", "/r/docker/dockerfile"),
        ("/repositories/docker/dockerfile", "/r/docker/dockerfile"),
    ],
)
def test_official_and_catalogue_addresses(learner: Learner, asked: str, answered: str) -> None:
    Repository.objects.create(namespace="library", name="busybox")
    assert learner.opens(asked).path == answered


def test_an_entry_shows_where_the_image_really_is_and_nothing_made_up(learner: Learner) -> None:
    page = learner.opens("/_/mysql")
    assert page.says("Entrada do catálogo: aqui não há o que baixar.")
    assert page.says("https://hub.docker.com/_/mysql")
    assert page.says("(Docker Official Image)")
    assert "pulls" not in page.text


def test_a_repository_gives_way_to_nothing_of_the_catalogue(learner: Learner, ana: User) -> None:
    """The page of a real one, and for others of a private one the entry, as if it were not there."""
    Repository.objects.create(namespace="docker", name="dockerfile", is_private=True)
    assert learner.opens("/r/docker/dockerfile").says("Entrada do catálogo")
    Repository.objects.update(is_private=False)
    assert not learner.opens("/r/docker/dockerfile").says("Entrada do catálogo")


@pytest.mark.parametrize("path", [OWN, f"{OWN}/tags", PUBLIC, f"{PUBLIC}/tags", f"{OWN}/visao-geral"])
def test_what_is_private_is_not_there_for_others(
    learner: Learner, cool: Repository, bia: User, path: str
) -> None:
    Repository.objects.update(is_private=True)
    if "visao" not in path:
        assert learner.opens(path).status == 404
    learner.signs_in(bia.username)
    assert learner.opens(path).status == 404
    for found in ("/search?q=docker-is-cool", "/explore/", "/u/ana2026"):
        assert "docker-is-cool</a>" not in learner.opens(found).text


@pytest.mark.parametrize(
    ("query", "status"), [("q=naoexiste", 200), ("pagina=999", 200), ("pagina=x", 200), ("q=%00", 200),
                          ("confianca=invasor&ordem=nada", 200)],
)  # fmt: skip
def test_an_odd_question_has_an_answer(learner: Learner, query: str, status: int) -> None:
    assert learner.opens(f"/search?{query}").status == status


def test_nothing_found_says_what_to_do(learner: Learner) -> None:
    page = learner.opens("/search?q=naoexiste&confianca=verified")
    assert page.says("Desmarque os grupos, ou tente outra palavra.")
    assert learner.opens("/search?q=naoexiste").says("Tente uma palavra só")


def test_what_is_looked_for_is_escaped(learner: Learner) -> None:
    assert "<script>alert" not in learner.opens("/search?q=<script>alert(1)</script>").text


def test_my_hub_narrows_and_orders(signed_in: Learner, ana: User) -> None:
    Repository.objects.create(namespace="ana2026", name="segredo", owner=ana, is_private=True)
    assert signed_in.opens("/repositories/").says("2 repositórios.")
    assert not signed_in.opens("/repositories/?visibilidade=publicos").says("ana2026/segredo")
    assert signed_in.opens("/repositories/?visibilidade=privados").says("1 repositório.")
    assert signed_in.opens("/repositories/?q=nada").says("Nenhum repositório seu é assim.")
    text = signed_in.opens("/repositories/?ordem=pulls").text
    assert text.index("ana2026/docker-is-cool") < text.index("ana2026/segredo")


def test_my_hub_is_only_ones_own(learner: Learner, cool: Repository, bia: User) -> None:
    assert learner.opens("/repositories/").path.startswith("/login")
    learner.signs_in(bia.username)
    assert not learner.opens("/repositories/").says("docker-is-cool</a>")


def test_a_page_left_open_after_signing_out_is_loaded_again(cool: Repository) -> None:
    response = Client().get("/repositories/?parte=lista", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Refresh"]) == (401, "true")


def test_the_tags_page_shows_what_a_person_asks(signed_in: Learner, cool: Repository, ana: User) -> None:
    push(cool, "latest", "1.0", by=ana)
    page = signed_in.opens(f"{OWN}/tags?q=lat")
    assert page.says("1 tag.")
    assert 'data-copy="docker pull ana2026/docker-is-cool:latest"' in page.text
    assert f'data-copy="sha256:{"latest":0>64}"' in page.text
    assert page.says("linux/amd64")
    assert not page.says("unknown/unknown")
    assert page.says('por <a id="quem-')
    assert signed_in.opens(f"{OWN}/tags?q=nada").says("Nenhuma tag tem «nada» no nome.")


def test_the_overview_is_previewed_and_saved(signed_in: Learner, cool: Repository) -> None:
    path, text = f"{OWN}/visao-geral", "# Oi <b>\n\n![x](https://exemplo.com/x.png)"
    shown = signed_in.sends(path, full_description=text, acao="previa")
    assert shown.says("<h3>Oi &lt;b&gt;</h3>")
    assert '<img src="https' not in shown.text
    cool.refresh_from_db()
    assert cool.full_description == ""
    assert signed_in.sends(path, full_description=text).path == OWN
    assert signed_in.opens(PUBLIC).says("<h3>Oi &lt;b&gt;</h3>")


def test_an_overview_too_long_loses_nothing(signed_in: Learner, cool: Repository) -> None:
    page = signed_in.sends(f"{OWN}/visao-geral", full_description="ação " * 5_001)
    assert page.says("o limite é de 25000 caracteres")
    assert page.text.count("ação") > 5_000


def test_an_archived_repository_keeps_its_overview(signed_in: Learner, cool: Repository) -> None:
    Repository.objects.update(is_archived=True)
    assert signed_in.opens(OWN).says("(Archived)")
    assert signed_in.sends(f"{OWN}/visao-geral", full_description="nova").says("está arquivado")
    cool.refresh_from_db()
    assert cool.full_description == ""


def test_only_the_owner_writes_the_overview(learner: Learner, cool: Repository, bia: User) -> None:
    learner.signs_in(bia.username)
    assert learner.sends(f"{OWN}/visao-geral", full_description="minha").status == 404


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](data:text/html,1)",
        "<style>*{}</style>",
        '[x](https://a.b "\\" onclick=alert(1)")', "<iframe src=//a.b>", "![x](javascript:alert(1))",
    ],
)  # fmt: skip
def test_markdown_brings_no_code(signed_in: Learner, cool: Repository, text: str) -> None:
    Repository.objects.update(full_description=text)
    overview = signed_in.opens(PUBLIC).text.partition('class="markdown"')[2].partition("</section>")[0]
    seen = Seen()
    seen.feed(overview)
    assert seen.tags <= {"p", "a", "div"}
    assert seen.attributes <= {"href", "title", "rel"}
    assert not re.search('href="(javascript|data)', overview)


def test_a_table_that_a_few_letters_make_huge_stays_text() -> None:
    long = "|a|b|c|\n|-|-|-|\n" + "|1|2|3|\n" * 1_000
    assert render(long).count("<td>") == 3_000
    wide = "|" + "a|" * 256 + "\n|" + "-|" * 256 + "\n" + "|\n" * 256 + "\n"
    html = render(("|a|b|\n|-|-|\n|1|2|\n\n" + wide * 20)[:LONGEST_OVERVIEW])
    assert html.count("<td>") == 2
    assert len(html) < 2 * LONGEST_OVERVIEW


class Seen(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
