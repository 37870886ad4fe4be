"""Who sees what of the class: every address, for a stranger, a learner, another learner and the teacher."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from hub.accounts.models import User
from hub.classroom import urls
from hub.classroom.models import Member, Result
from hub.classroom.teacher import LASTS
from tests.hub.classroom.conftest import browser_of
from tests.hub.classroom.klass import FAILED, KEY, NAMES, PASSED, add, did, finding, person

SIGN_IN, GONE, ENTRY = 302, 404, 302
WHO = ("stranger", "learner", "newcomer", "teacher")
# {n} is the number of Ana, who is `learner`; `newcomer` has an account and is in no class. The teacher's
# browser has no account.
TABLE: dict[str, tuple[int, int, int, int]] = {
    "/turma/entrar": (SIGN_IN, 302, 200, SIGN_IN),
    "/turma/eu": (SIGN_IN, 200, ENTRY, SIGN_IN),
    "/turma/placar": (GONE, GONE, GONE, 200),
    "/turma/placar/": (GONE, GONE, GONE, 200),
    "/turma/placar/novidades": (GONE, GONE, GONE, 200),
    "/turma/placar/paineis": (GONE, GONE, GONE, 200),
    "/turma/placar/projetor": (GONE, GONE, GONE, 200),
    "/turma/placar/projetor/novidades": (GONE, GONE, GONE, 200),
    "/turma/placar/projetor/paineis": (GONE, GONE, GONE, 200),
    "/turma/placar/sair": (GONE, GONE, GONE, 405),
    "/turma/placar/alunos": (GONE, GONE, GONE, 200),
    "/turma/placar/codigo": (GONE, GONE, GONE, 200),
    "/turma/placar/aluno/{n}": (GONE, GONE, GONE, 200),
    "/turma/placar/aluno/{n}/soltar": (GONE, GONE, GONE, 200),
    "/turma/placar/aluno/{n}/apagar": (GONE, GONE, GONE, 200),
    "/turma/placar/aluno/999": (GONE, GONE, GONE, GONE),
    "/turma/placar/exportar": (GONE, GONE, GONE, 200),
    "/turma/placar/exportar/csv": (GONE, GONE, GONE, 200),
    "/turma/placar/exportar/nada": (GONE, GONE, GONE, GONE),
}
CHANGES = ["/turma/placar/sair", "/turma/placar/aluno/{n}/soltar", "/turma/placar/aluno/{n}/apagar"]


@pytest.fixture
def klass(three: list[Member]) -> list[Member]:
    ana, bia, _ = three
    did(ana, finding(FAILED, message="Falta a etiqueta da Ana."), learner="ana2026")
    did(bia, finding(FAILED, message="Falta a etiqueta da Bia."), learner="biatriz")
    return three


@pytest.fixture
def browsers(klass: list[Member], ana: User, bia: User, teacher: Client) -> dict[str, Client]:
    return dict(zip(WHO, (Client(), browser_of(ana), browser_of(bia), teacher), strict=True))


def of(path: str, klass: list[Member]) -> str:
    return path.format(n=klass[0].number)


@pytest.mark.parametrize("path", TABLE)
def test_every_address_for_everybody(browsers: dict[str, Client], klass: list[Member], path: str) -> None:
    answers = {name: browser.get(of(path, klass)).status_code for name, browser in browsers.items()}
    assert answers == dict(zip(WHO, TABLE[path], strict=True))


def test_the_table_has_every_address() -> None:
    resolver = get_resolver(urls)  # type: ignore[arg-type]
    asked = {resolver.resolve("/" + path.format(n=1).lstrip("/")).url_name for path in TABLE}
    assert asked == {pattern.name for pattern in urls.urlpatterns}


@pytest.mark.parametrize("path", [path for path in TABLE if path.startswith("/turma/placar")])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "head", "options"])
def test_no_method_opens_the_teachers_pages(
    browsers: dict[str, Client], klass: list[Member], path: str, method: str
) -> None:
    for name in WHO[:3]:
        answer = getattr(browsers[name], method)(of(path, klass))
        assert answer.status_code == GONE, name
    assert Member.objects.count() == 3
    assert Member.objects.get(key="a").docker_id == "ana2026"


def test_no_form_is_taken_without_its_mark(klass: list[Member]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get("/turma/placar", {"chave": KEY})
    for path in CHANGES:
        assert browser.post(of(path, klass), {"name": NAMES[0]}).status_code == 403
    assert Member.objects.filter(key="a", docker_id="ana2026").exists()


def test_a_learner_reads_their_own_and_nothing_of_others(browsers: dict[str, Client]) -> None:
    text = browsers["learner"].get("/turma/eu").content.decode()
    assert "Falta a etiqueta da Ana." in text
    assert "Ana Álvares" in text
    for word in ("Brito", "biatriz", "Cunha", "escola.br"):
        assert word not in text


def test_what_is_in_the_address_changes_nothing(browsers: dict[str, Client], klass: list[Member]) -> None:
    own = browsers["learner"].get("/turma/eu").content
    for query in ("?aluno=2", "?number=2", "?docker_id=biatriz", "?member=2", "?id=2", "?chave=x"):
        answer = browsers["learner"].get(f"/turma/eu{query}")
        assert b"etiqueta da Bia" not in answer.content
        assert b"etiqueta da Ana" in answer.content
    assert b"etiqueta da Ana" in own


def test_guessing_numbers_finds_nothing(browsers: dict[str, Client]) -> None:
    answers = [browsers["learner"].get(f"/turma/placar/aluno/{number}").content for number in range(30)]
    assert not any(b"etiqueta" in content or b"Brito" in content for content in answers)


def test_what_is_there_and_what_is_not_look_the_same(
    browsers: dict[str, Client], klass: list[Member]
) -> None:
    """To a learner: neither the address of a person nor one of nobody tells which it is."""
    numbers = (klass[1].number, 999)
    there, nowhere = (browsers["learner"].get(f"/turma/placar/aluno/{number}") for number in numbers)
    mark = rb'csrfmiddlewaretoken" value="\w+"'
    assert re.sub(mark, b"", there.content) == re.sub(mark, b"", nowhere.content)


@pytest.mark.parametrize("path", [path for path in TABLE if "{" not in path])
def test_nobody_keeps_a_copy(browsers: dict[str, Client], path: str) -> None:
    for browser in browsers.values():
        answer = browser.get(path)
        assert "no-store" in answer.headers["Cache-Control"], path


def test_the_projected_board_has_no_names(teacher: Client, klass: list[Member]) -> None:
    did(klass[0], finding(FAILED, message="Falta a etiqueta da Ana."), minutes=1)
    pages = [
        teacher.get(f"/turma/placar/projetor{rest}").content.decode()
        for rest in (
            "",
            "?unidade=push",
            "?travados=1",
            "/novidades",
            "/novidades?versao=0",
            "/paineis?versao=0",
        )
    ]
    assert "aluno 1" in pages[0]
    for member in Member.objects.all():
        for word in (*member.name.split(), member.docker_id, member.email, member.id_number):
            assert not any(word and re.search(rf"\b{re.escape(word)}\b", page) for page in pages), word


def test_nobody_is_looked_for_by_name_on_the_projected_board(teacher: Client, klass: list[Member]) -> None:
    """The one line that stays would tell whose the number is."""
    page = teacher.get("/turma/placar/projetor", {"q": "Ana"}).content.decode()
    assert page.count('<tr id="linha-') == 3


def test_the_projected_board_is_in_the_order_of_the_numbers(teacher: Client, klass: list[Member]) -> None:
    add(*(person(f"k{one}") for one in range(20)))
    page = teacher.get("/turma/placar/projetor", {"ordem": "nome"}).content.decode()
    numbers = [int(number) for number in re.findall(r'<tr id="linha-(\d+)"', page)]
    assert numbers == sorted(numbers)
    assert len(numbers) == 23


# --- the teacher's key ---------------------------------------------------------------------------------


def test_the_key_leaves_the_address(db: None) -> None:
    browser = Client()
    answer = browser.get("/turma/placar/projetor", {"chave": KEY, "unidade": "push"})
    assert answer.headers["Location"] == "/turma/placar/projetor?unidade=push"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert KEY not in str(browser.get("/turma/placar").content)
    assert browser.get("/turma/placar").headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("key", ["", "x", KEY[:-1], f"{KEY} ", KEY.upper(), "é" * 9, "\0"])
def test_another_key_opens_nothing(db: None, key: str) -> None:
    browser = Client()
    assert browser.get("/turma/placar", {"chave": key}).status_code == GONE
    assert browser.get("/turma/placar").status_code == GONE


def test_without_a_key_nobody_is_the_teacher(db: None, settings: Settings, teacher: Client) -> None:
    settings.HUB_TEACHER_KEY = ""
    assert Client().get("/turma/placar", {"chave": ""}).status_code == GONE
    assert teacher.get("/turma/placar").status_code == GONE


def test_another_key_ends_what_the_one_before_opened(teacher: Client, settings: Settings) -> None:
    settings.HUB_TEACHER_KEY = "outra-chave-de-quem-da-aula"
    assert teacher.get("/turma/placar").status_code == GONE
    settings.HUB_TEACHER_KEY = KEY
    assert teacher.get("/turma/placar").status_code == 200


def test_an_open_part_takes_the_whole_page_along(teacher: Client, settings: Settings) -> None:
    settings.HUB_TEACHER_KEY = "outra-chave-de-quem-da-aula"
    answer = teacher.get("/turma/placar/novidades", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (GONE, "true")


def test_the_day_ends(teacher: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    later = time.time() + LASTS + 1
    monkeypatch.setattr("hub.classroom.teacher.time.time", lambda: later)
    assert teacher.get("/turma/placar").status_code == GONE


def test_the_teacher_leaves(teacher: Client) -> None:
    assert teacher.post("/turma/placar/sair").status_code == 302
    assert teacher.get("/turma/placar").status_code == GONE


def test_the_session_gets_another_name(db: None, ana: User) -> None:
    browser = browser_of(ana)
    before = browser.session.session_key
    browser.get("/turma/placar", {"chave": KEY})
    assert browser.session.session_key != before
    assert browser.get("/turma/eu").status_code == 302  # still signed in


def test_guessing_keys_ends_soon_and_shuts_nobody_out(db: None) -> None:
    answers = [Client().get("/turma/placar", {"chave": f"palpite-{one}"}).status_code for one in range(22)]
    assert answers == [GONE] * 20 + [429] * 2
    assert Client().get("/turma/placar", {"chave": KEY}).status_code == 302


def test_two_who_share_a_unit_do_not_share_a_result(klass: list[Member], ana: User, bia: User) -> None:
    did(klass[0], PASSED, learner="biatriz", minutes=9)
    assert Result.objects.get(member=klass[0]).outcome == "failed"


def test_the_api_tells_nothing_of_the_class(browsers: dict[str, Client]) -> None:
    for path in ("/v2/turma", "/v2/classroom", "/v2/users/biatriz", "/v2/placar"):
        answer: Any = browsers["learner"].get(path)
        assert answer.status_code == GONE
        assert "Bia" not in answer.content.decode()
