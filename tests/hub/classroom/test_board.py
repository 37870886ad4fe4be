"""The board: what a cell tells, what has turned, filters, order; and what it costs."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hub.classroom import board, course, versions
from hub.classroom.claims import release
from hub.classroom.erasure import erase
from hub.classroom.models import Member
from hub.classroom.results import record_many
from hub.classroom.seen import Seen
from tests.hub.classroom.klass import (
    FAILED,
    NAMES,
    NOTHING,
    PASSED,
    UNSEEN,
    add,
    did,
    finding,
    many,
    person,
    report,
)

BOARD, NEWS, PANELS = "/turma/placar", "/turma/placar/novidades", "/turma/placar/paineis"
UNITS = [unit.id for unit in course.units()]
FIRST, LAST = UNITS[0], UNITS[-1]


def text_of(answer: Any) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def lines_of(answer: Any) -> list[int]:
    return [int(number) for number in re.findall(r'<tr id="linha-(\d+)"', answer.content.decode())]


def names_of(answer: Any) -> list[str]:
    found = re.findall(r'id="aluno-\d+" href="[^"]+">([^<]+)</a>', answer.content.decode())
    return [html.unescape(name) for name in found]


def cells_of(answer: Any, member: Member) -> list[str]:
    """What a screen reader says of each cell of the line."""
    found = re.search(rf'<tr id="linha-{member.number}".*?</tr>', answer.content.decode(), re.DOTALL)
    assert found
    return re.findall(r'<td class="cell.*?<span class="unseen">([^<]*)</span></td>', found.group())


class Page:
    """An open board: it asks as htmx does."""

    def __init__(self, client: Client, address: str = BOARD) -> None:
        self.client = client
        self._heard(client.get(address))

    def asks(self) -> Any:
        answer = self.client.get(self.address, headers={"HX-Request": "true"})
        if answer.status_code == 200:
            self._heard(answer)
        return answer

    def _heard(self, answer: Any) -> None:
        found = re.search(r'id="pulso"[^>]*hx-get="([^"]+)"', answer.content.decode())
        assert found
        self.address = html.unescape(found[1])


def test_a_class_without_people_says_how_they_come_in(teacher: Client) -> None:
    assert "A turma ainda não tem ninguém." in text_of(teacher.get(BOARD))


def test_a_cell_tells_all_in_words(teacher: Client, three: list[Member]) -> None:
    ana, bia, caio = three
    did(ana, PASSED, PASSED, unit=LAST)
    for minute in range(3):
        did(bia, PASSED, FAILED, unit=LAST, minutes=minute)
    did(caio, PASSED, unit=LAST)
    did(caio, FAILED, unit=LAST, minutes=1)
    did(caio, UNSEEN, unit=LAST, minutes=2)
    page = teacher.get(BOARD)
    assert cells_of(page, ana) == ["sem conferência"] * (len(UNITS) - 1) + ["passou, 10 de 10 pontos"]
    assert cells_of(page, bia)[-1] == "falhou, 5 de 10 pontos, 3 vezes a mesma falha"
    assert cells_of(page, caio)[-1] == (
        "falhou, 0 de 5 pontos, já tinha passado, da última vez não deu para verificar"
    )


def test_what_could_not_be_graded_has_no_points(teacher: Client, three: list[Member]) -> None:
    did(three[0], UNSEEN, unit=FIRST)
    assert cells_of(teacher.get(BOARD), three[0])[0] == "não foi possível verificar"


def test_the_totals_count_the_whole_class(teacher: Client, three: list[Member]) -> None:
    did(three[0], PASSED, unit=FIRST)
    did(three[1], FAILED, unit=FIRST)
    found = re.search(r'<tr id="totais".*?</tr>', teacher.get(BOARD).content.decode(), re.DOTALL)
    assert found
    assert re.sub(r"<[^>]+>|\s+", " ", found.group()).split()[:5] == ["Passaram", "1", "de", "3,", "33%"]


def test_what_people_write_is_text(teacher: Client) -> None:
    [member] = add(person("a", "<script>alert(1)</script>", section='"><b>'))
    did(member, finding(FAILED, message="<img src=x onerror=alert(1)>", title="<i>t</i>"), unit=FIRST)
    for path in (
        BOARD,
        f"{BOARD}?unidade={FIRST}",
        "/turma/placar/alunos",
        f"/turma/placar/aluno/{member.number}",
    ):
        page = teacher.get(path).content.decode()
        assert "&lt;script&gt;" in page
        for tag in ("<script>alert", "<img", "<i>", "<b>"):
            assert tag not in page.replace('<img src="/static', "")


# --- what turns ----------------------------------------------------------------------------------------


def test_nothing_new_is_204_and_one_cheap_question(teacher: Client) -> None:
    many(300)
    page = Page(teacher)
    with CaptureQueriesContext(connection) as asked:
        assert page.asks().status_code == 204
    assert len(asked) == 2  # whose session it is, and the newest version
    assert "classroom_newest" in asked[1]["sql"]


def test_only_the_lines_that_turned_come(teacher: Client, three: list[Member]) -> None:
    page = Page(teacher)
    did(three[1], PASSED, unit=FIRST)
    answer = page.asks()
    assert lines_of(answer) == [three[1].number]
    assert "HX-Retarget" not in answer.headers
    content = answer.content.decode()
    assert content.count('class="cell passed turned"') == content.count("turned") == 1
    assert f"{NAMES[1]}, {FIRST}: passou, 5 de 5 pontos." in text_of(answer)
    assert 'id="totais" class="totals" hx-swap-oob="true"' in content
    assert page.asks().status_code == 204


def test_each_change_is_told_once(teacher: Client, three: list[Member]) -> None:
    page = Page(teacher)
    did(three[0], FAILED, unit=FIRST)
    assert lines_of(page.asks()) == [three[0].number]
    did(three[2], FAILED, unit=LAST)
    assert lines_of(page.asks()) == [three[2].number]
    did(three[2], FAILED, unit=LAST, minutes=1)
    assert cells_of(page.asks(), three[2])[-1] == "falhou, 0 de 5 pontos, 2 vezes a mesma falha"


def test_many_changes_are_told_in_a_few_words(teacher: Client) -> None:
    members = many(6)
    page = Page(teacher)
    for member in members:
        did(member, PASSED, unit=FIRST)
    answer = page.asks()
    assert len(lines_of(answer)) == 6
    assert "Mais 3 mudanças." in text_of(answer)


def test_a_page_sees_only_what_it_shows(
    teacher: Client, three: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "PER_PAGE", 2)
    first, second = Page(teacher), Page(teacher, f"{BOARD}?pagina=2")
    did(three[2], PASSED, unit=FIRST)
    assert lines_of(first.asks()) == []
    assert lines_of(second.asks()) == [three[2].number]


@pytest.mark.parametrize(
    "change",
    [
        lambda: add(person("d", "Davi")),
        lambda: add(person("a", "Ana Maria", docker_id="ana2026")),
        lambda: release(Member.objects.get(key="a")),
        lambda: erase(Member.objects.get(key="b")),
    ],
    ids=["new", "renamed", "released", "erased"],
)
def test_other_lines_are_another_table(
    teacher: Client, three: list[Member], change: Callable[[], object]
) -> None:
    page = Page(teacher)
    change()
    answer = page.asks()
    assert (answer.headers["HX-Retarget"], answer.headers["HX-Reswap"]) == ("#quadro", "outerHTML")
    assert lines_of(answer) == [member.number for member in Member.objects.all()]
    assert "hx-swap-oob" not in answer.content.decode()
    assert page.asks().status_code == 204


@pytest.mark.parametrize("said", ["", "x", "-1", "99999999", "9" * 40, "²"])
def test_a_strange_mark_gets_the_whole_table(teacher: Client, three: list[Member], said: str) -> None:
    answer = teacher.get(NEWS, {"versao": said})
    assert (answer.status_code, len(lines_of(answer))) == (200, 3)
    assert answer.headers["HX-Retarget"] == "#quadro"


def test_who_gets_stuck_comes_into_the_filtered_table(teacher: Client, three: list[Member]) -> None:
    page = Page(teacher, f"{BOARD}?travados=1")
    did(three[0], FAILED, unit=FIRST)
    assert lines_of(page.asks()) == []
    did(three[0], FAILED, unit=FIRST, minutes=1)
    assert lines_of(page.asks()) == [three[0].number]
    did(three[0], PASSED, unit=FIRST, minutes=2)
    assert "Ninguém é assim agora." in text_of(page.asks())


def test_the_panels_turn_too(teacher: Client, three: list[Member]) -> None:
    known = versions.newest()
    assert teacher.get(PANELS, {"versao": known}).status_code == 204
    for minute in (1, 2):
        did(three[0], PASSED, FAILED, unit=FIRST, minutes=minute)
    words = text_of(teacher.get(PANELS, {"versao": known}))
    assert f"{NAMES[0]} em {FIRST} , 2 vezes a mesma falha, desde 02/11 09:01. public: falhou." in words
    assert f"{FIRST} : A regra public 1 pessoa erra agora; 1 já errou." in words


# --- filters and order ---------------------------------------------------------------------------------


@pytest.fixture
def ranked(db: None) -> list[Member]:
    ana, bia, caio = add(
        person("a", "Ângela", section="B"), person("b", "Bia", section="A"), person("c", "Caio", section="B")
    )
    add(person("d", "andré"))
    did(bia, PASSED, PASSED, unit=FIRST)
    did(caio, PASSED, unit=FIRST)
    for minute in (1, 2):
        did(ana, FAILED, unit=LAST, minutes=minute)
    return [ana, bia, caio]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Ângela", "Bia", "Caio", "andré"]),
        ({"ordem": "nome"}, ["andré", "Ângela", "Bia", "Caio"]),
        ({"ordem": "pontos"}, ["Bia", "Caio", "Ângela", "andré"]),
        ({"ordem": "menos"}, ["Ângela", "andré", "Caio", "Bia"]),
        ({"ordem": "nada"}, ["Ângela", "Bia", "Caio", "andré"]),
        ({"secao": "B"}, ["Ângela", "Caio"]),
        ({"secao": "Z"}, []),
        ({"q": "angela"}, ["Ângela"]),
        ({"q": "a", "secao": "A"}, ["Bia"]),
        ({"travados": "1"}, ["Ângela"]),
        ({"travados": "1", "unidade": FIRST}, []),
        ({"travados": "1", "unidade": LAST}, ["Ângela"]),
        ({"unidade": "nada"}, ["Ângela", "Bia", "Caio", "andré"]),
        ({"pagina": "7"}, ["Ângela", "Bia", "Caio", "andré"]),
        ({"q": "\0"}, ["Ângela", "Bia", "Caio", "andré"]),
    ],
)
def test_what_is_shown_and_in_which_order(
    teacher: Client, ranked: list[Member], query: dict[str, str], names: list[str]
) -> None:
    assert names_of_table(teacher.get(BOARD, query)) == names


def names_of_table(answer: Any) -> list[str]:
    table = answer.content.decode().partition('<table class="board">')[2]
    return [html.unescape(name) for name in re.findall(r'id="aluno-\d+"[^>]*>([^<]+)</a>', table)]


def test_one_unit_has_one_column_and_says_what_is_missing(teacher: Client, ranked: list[Member]) -> None:
    page = teacher.get(BOARD, {"unidade": LAST})
    assert len(cells_of(page, ranked[0])) == 1
    assert "pushed: falhou." in text_of(page)


def test_an_open_page_keeps_its_filters(teacher: Client, ranked: list[Member]) -> None:
    page = Page(teacher, f"{BOARD}?secao=B&ordem=nome&unidade={LAST}")
    did(ranked[2], PASSED, unit=LAST)
    assert lines_of(page.asks()) == [ranked[2].number]
    assert "secao=B" in page.address
    assert "ordem=nome" in page.address


# --- what it costs -------------------------------------------------------------------------------------


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(
    "address",
    [
        BOARD, f"{BOARD}?ordem=pontos", f"{BOARD}?travados=1", f"{BOARD}/projetor", NEWS, f"{NEWS}?versao=1",
        f"{PANELS}?versao=1", "/turma/placar/alunos", "/turma/placar/exportar/csv",
    ],
)  # fmt: skip
def test_the_board_of_300_costs_what_the_board_of_10_costs(teacher: Client, address: str) -> None:
    def filled(number: int) -> int:
        told = [Seen.of(report(FAILED, PASSED, unit=unit, minutes=at)) for unit in UNITS for at in (1, 2)]
        record_many([(member.pk, one) for member in many(number) for one in told], tried=True)
        return cost(teacher, address)

    few = filled(10)
    assert filled(300) == few <= 14


def test_news_of_100_in_200_cost_what_news_of_1_in_10_costs(teacher: Client) -> None:
    def news(number: int, of: int) -> int:
        members = many(of)
        page = Page(teacher)
        record_many([(member.pk, Seen.of(report(PASSED, unit=FIRST))) for member in members[-number:]])
        with CaptureQueriesContext(connection) as asked:
            assert len(lines_of(page.asks())) == number
        return len(asked)

    few = news(1, 10)
    assert news(100, 200) == few <= 8


def test_nothing_of_a_nothing_is_read(teacher: Client, three: list[Member]) -> None:
    """The checks of each result are long, and no cell shows them."""
    did(three[0], NOTHING, unit=FIRST)
    with CaptureQueriesContext(connection) as asked:
        teacher.get(BOARD)
    assert not [query for query in asked if '"checks"' in query["sql"]]
