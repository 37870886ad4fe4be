"""`repositorio`: the tags that Docker Hub shows, which are one thing, and every trouble as a sentence."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from checks import repositorio
from checks.auth import Credential
from checks.errors import HubUnreachable, RateLimited, StrangeAnswer
from checks.hub_tags import HubTag, HubTags, TaggedImage, TagList, fresh, pushes_of
from checks.image import Event, Platform, Repository
from checks.reference import parse
from checks.web import Web, open_session
from checks.widgets.look import Facts
from checks.widgets.repository import RepositoryBrowser
from tests.checks.conftest import ANA, FakeHub

APP = parse("ana/app")
ONE, TWO = "sha256:" + "1" * 64, "sha256:" + "2" * 64
AMD, ARM = (
    TaggedImage(Platform("linux", "amd64"), 2_100_000),
    TaggedImage(Platform("linux", "arm64"), 950_000),
)
NOON = 1_795_456_800.0
TAGS = (
    HubTag("1.0", ONE, (AMD,), NOON),
    HubTag("1.1", TWO, (AMD, ARM), NOON),
    HubTag("latest", TWO, (AMD, ARM), NOON),
)


def listed(*tags: HubTag, private: bool | None = False, exists: bool = True, total: int = 0) -> TagList:
    return TagList(Repository(APP, exists, private), tags, total or len(tags))


def browser(*answers: TagList | Exception) -> RepositoryBrowser:
    """A browser whose hub answers so, one after another."""
    left = list(answers)

    def ask(reference: object) -> Facts:
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Facts(answer)

    return RepositoryBrowser(APP, ask)


def shown(made: RepositoryBrowser) -> str:
    return " ".join(getattr(child, "value", "") for child in made.widget.children[1:])


def test_the_text_tells_tags_contents_and_platforms_and_nothing_that_changes() -> None:
    assert repr(browser(listed(*TAGS))).splitlines() == [
        "`ana/app` (público) está no Docker Hub com 3 tags e 2 conteúdos.",
        "  1.0: conteúdo A, linux/amd64",
        "  1.1: conteúdo B, linux/amd64, linux/arm64",
        "  latest: conteúdo B, linux/amd64, linux/arm64",
        "`1.1` e `latest` apontam para o mesmo digest, o do conteúdo B.",
    ]


def test_the_page_has_short_digests_to_open_and_sizes_as_brazilians_write_them() -> None:
    page = shown(browser(listed(*TAGS)))
    assert page.count("<details>") == 3
    assert f'<code class="dhp-whole">{TWO}</code>' in page
    for words in ("sha256:111111111111…", "linux/amd64, 2,1 MB", "linux/arm64, 0,950 MB", "Hub real"):
        assert words in page
    stays = browser(listed(*TAGS))._repr_html_()
    assert "<th scope='row'><code>latest</code></th><td>B <code>sha256:222222222222…</code></td>" in stays


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (listed(exists=False), "ou é privado e de outra conta"),
        (TagList(Repository(parse("nada"), exists=False)), "docker search nada"),
        (listed(), "mas vazio. Envie a primeira imagem com `docker push ana/app`"),
        (listed(TAGS[0], private=True), "(privado) está no Docker Hub com 1 tag e 1 conteúdo."),
        (listed(TAGS[0], private=None), "`ana/app` está no Docker Hub"),
        (listed(*TAGS, total=2300), "com 2300 tags; aqui estão 3 delas"),
        (listed(HubTag("velha")), "velha: digest desconhecido"),
    ],
)
def test_what_there_is_is_told_in_sentences(found: TagList, words: str) -> None:
    made = browser(found)
    assert words in repr(made)
    assert "<table>" not in made._repr_html_() or found.tags


def test_names_from_the_hub_never_become_markup() -> None:
    odd = HubTag("1", ONE, (TaggedImage(Platform("<b>", "<i>"), 3),))
    made = browser(listed(odd))
    assert "<b>" not in shown(made) + made._repr_html_()


def test_an_outage_is_a_sentence_and_the_button_tries_again() -> None:
    made = browser(HubUnreachable("hub.docker.com", "caiu"), listed(*TAGS))
    assert repr(made) == str(HubUnreachable("hub.docker.com", "caiu"))
    assert "O Docker Hub em hub.docker.com não pôde ser consultado" in shown(made)
    press(made)
    assert "com 3 tags e 2 conteúdos" in shown(made)
    assert "Atualizado agora." in shown(made)


def press(made: RepositoryBrowser) -> None:
    refresh = next(
        child for child in made.widget.children if getattr(child, "description", "") == "Atualizar"
    )
    refresh.click()
    for thread in threading.enumerate():
        if thread.name == "repository":
            thread.join(10)


def test_a_fault_of_ours_is_a_sentence_too() -> None:
    assert "a culpa não é sua" in repr(browser(ValueError("<x>")))
    assert "<x>" not in shown(browser(ValueError("<x>")))


@pytest.mark.parametrize(
    ("name", "words"),
    [("Ana/App", "só aceita minúsculas"), ("ghcr.io/ana/app", "`ghcr.io`"), (None, "minúsculas")],
)
def test_a_name_that_is_no_repository_of_docker_hub_is_a_sentence(name: object, words: str) -> None:
    assert words in str(repositorio(name))


# What Docker Hub's API answers.


def row(name: str, **changed: Any) -> dict[str, Any]:
    """A tag as the API of Docker Hub writes it."""
    image = {
        "architecture": "amd64",
        "os": "linux",
        "variant": None,
        "digest": TWO,
        "size": 42,
        "features": "",
    }
    told = {"id": 1, "name": name, "digest": ONE, "full_size": 42, "images": [image], "v2": True}
    return told | {"tag_last_pushed": "2026-11-23T18:00:00.5Z"} | changed


def ask_hub(hub: FakeHub, page: object, credential: Credential | None = None) -> TagList:
    """The list of ana/app's tags, when the hub answers with this page."""

    async def pages(request: web.Request) -> web.Response:
        hub.authorizations.append(request.headers.get("Authorization", ""))
        return web.json_response(page) if not isinstance(page, str) else web.Response(text=page)

    async def story() -> TagList:
        async with open_session() as session:
            return await HubTags(Web(session, HubUnreachable), hub.url).tag_list(APP, credential)

    hub.push("ana/app", hub.image())
    hub.faults["/repositories/app/tags?page_size=100"] = pages
    return asyncio.run(story())


def test_tags_are_read_by_name_with_digest_platforms_and_sizes(hub: FakeHub) -> None:
    found = ask_hub(hub, {"count": 2, "results": [row("b"), row("a")]})
    assert [tag.name for tag in found.tags] == ["a", "b"]
    assert found.tags[0] == HubTag("a", ONE, (TaggedImage(Platform("linux", "amd64"), 42),), NOON + 0.5)
    assert (found.total, found.repository.private) == (2, False)


def last_push(hub: FakeHub, status: int, page: object) -> datetime | None:
    async def pages(request: web.Request) -> web.Response:
        return web.json_response(page, status=status)

    async def story() -> datetime | None:
        async with open_session() as session:
            return await HubTags(Web(session, HubUnreachable), hub.url).last_push(APP)

    hub.faults["/repositories/app/tags?page_size=100"] = pages
    return asyncio.run(story())


def test_the_last_push_is_of_the_newest_tag(hub: FakeHub) -> None:
    older = row("b", tag_last_pushed="2026-11-20T18:00:00Z")
    assert last_push(hub, 200, {"results": [older, row("a")]}) == datetime.fromtimestamp(NOON + 0.5, UTC)
    assert last_push(hub, 200, {"results": [row("a", tag_last_pushed=None), older, 7]}) == datetime(
        2026, 11, 20, 18, tzinfo=UTC
    )
    for results in ([], None, 7, [row("a", tag_last_pushed="ontem")]):
        assert last_push(hub, 200, {"results": results}) is None
    for status in (401, 403, 404):
        assert last_push(hub, status, {}) is None
    with pytest.raises(StrangeAnswer):
        last_push(hub, 200, "nada")


def test_attestations_are_no_platform(hub: FakeHub) -> None:
    both = [*row("a")["images"], {"architecture": "unknown", "os": "unknown", "size": 9, "digest": ONE}]
    assert len(ask_hub(hub, {"count": 1, "results": [row("a", images=both)]}).tags[0].images) == 1


def test_an_old_tag_takes_the_digest_of_its_only_image(hub: FakeHub) -> None:
    assert ask_hub(hub, {"count": 1, "results": [row("a", digest=None)]}).tags[0].digest == TWO


def test_a_private_repository_is_asked_for_as_its_owner(hub: FakeHub) -> None:
    hub.private.add("ana/app")
    found = ask_hub(hub, {"count": 1, "results": [row("a")]}, ANA)
    assert found.repository.private
    assert hub.authorizations[-1] == "Bearer jwt-ana"
    assert len(found.tags) == 1


def test_a_repository_that_nobody_shows_costs_no_second_question(hub: FakeHub) -> None:
    hub.private.add("ana/app")
    assert ask_hub(hub, {"count": 0, "results": []}) == TagList(Repository(APP, exists=False))
    assert not [asked for asked in hub.asked if asked.endswith("/tags")]


@pytest.mark.parametrize(
    "page",
    [{}, {"results": None}, {"results": "x", "count": "y"}, {"results": [3, {}, {"name": "não é tag"}]},
     {"results": [row("a", images=[None, {"os": 3, "size": "x"}], digest=7, tag_last_pushed="ontem")]}],
)  # fmt: skip
def test_a_strange_page_never_breaks(hub: FakeHub, page: object) -> None:
    found = ask_hub(hub, page)
    assert all(tag.digest is None and tag.pushed is None for tag in found.tags)


def test_what_is_no_json_is_not_believed(hub: FakeHub) -> None:
    with pytest.raises(StrangeAnswer):
        ask_hub(hub, "<html>")


def test_too_many_questions_are_told_as_such(hub: FakeHub) -> None:
    async def enough(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "60"})

    hub.faults["/v2/namespaces/"] = enough
    with pytest.raises(RateLimited):
        ask_hub(hub, {})


# Whoever has just pushed sees what was pushed.


def push(tag: str, digest: str = "", ago: float = 1.0) -> Event:
    return Event("push", f"ana/app:{tag}", "", time.time() - ago, digest)


def asked_until_fresh(answers: Iterable[TagList], *pushes: Event) -> int:
    """How many times the hub was asked."""
    left = list(answers)
    count = 0

    async def ask() -> TagList:
        nonlocal count
        count += 1
        return left.pop(0) if len(left) > 1 else left[0]

    async def remembered() -> tuple[Event, ...]:
        return pushes

    asyncio.run(fresh(ask, remembered, patience=0.9))
    return count


OLD, NEW = listed(HubTag("1", ONE, (AMD,))), listed(HubTag("1", TWO, (AMD,)))


@pytest.mark.parametrize(
    ("answers", "pushes", "questions"),
    [
        ([OLD], [], 1),
        ([OLD], [(ONE, 1)], 1),
        ([OLD], [(TWO, 90)], 1),  # moved since from another computer
        ([listed(), OLD, NEW], [(TWO, 1)], 3),
        ([NEW, NEW], [(ONE, 2), (TWO, 1)], 1),
        ([listed(HubTag("1", TWO)), NEW], [(TWO, 1)], 2),  # the hub has not read the manifest yet
    ],
)
def test_the_hub_is_asked_again_until_it_knows_of_the_last_pushes(
    answers: list[TagList], pushes: list[tuple[str, float]], questions: int
) -> None:
    """Each push: the digest, and how many seconds ago."""
    assert asked_until_fresh(answers, *(push("1", digest, ago) for digest, ago in pushes)) == questions


def test_a_hub_that_never_hears_of_a_push_is_not_waited_for_for_ever() -> None:
    assert 2 < asked_until_fresh([OLD], push("1", TWO)) < 8


@pytest.mark.parametrize(("mode", "patient"), [("treino", True), ("real", False)])
def test_only_the_lab_has_a_recorder_to_wait_for(
    monkeypatch: pytest.MonkeyPatch, mode: str, patient: bool
) -> None:
    monkeypatch.setenv("LAB_MODE", mode)
    assert (asked_until_fresh([OLD], push("1")) > 1) is patient


def test_pushes_of_a_repository_are_not_those_of_one_that_begins_alike() -> None:
    others = [Event("push", name) for name in ("ana/app2:1", "ana/app:1", "bia/app:1")]
    told: Callable[[Event], str] = lambda event: event.name  # noqa: E731
    assert list(map(told, pushes_of([*others, Event("pull", "ana/app:2")], APP))) == ["ana/app:1"]
