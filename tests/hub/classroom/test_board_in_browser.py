"""The board as a teacher looks at it: cells turn in place, within a second, to see and to hear."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from checks.report import Finding
from hub.classroom.course import units
from tests.browser.accessible import page_faults
from tests.browser.chromium import chromium
from tests.browser.hub_pages import sign_in
from tests.browser.practice_hub import PASSWORD, ROOT, PracticeHub, running
from tests.hub.classroom.klass import FAILED, KEY, PASSED, SECRET, finding, person, report

pytestmark = pytest.mark.browser
UNIT = units()[0].id
WIDTHS = {"celular": 360, "mesa": 1280}
PEOPLE = [
    # Nobody on the hub has this account, so that the hub itself says nothing of it meanwhile.
    person("ana", "Ana Álvares", email="ana@escola.br", section="Manhã", docker_id="analvares"),
    person("bia", "Bia Brito", email="bia@exemplo.com", section="Tarde"),
    person("davi", "Davi Duarte", docker_id="ana2026"),
    *(person(f"p{one}", f"Pessoa de Nome Comprido número {one}", section="Tarde") for one in range(40)),
]


def missed(at: object) -> Finding:
    """The same failure as at another moment, of another image."""
    return finding(FAILED, facts={"digest": f"sha256:{at}"})


@dataclass(frozen=True)
class Class:
    hub: PracticeHub

    def says(self, *words: str, typed: Any) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "hub", *words], input=typed, env=self.hub.environment, cwd=ROOT,
            capture_output=True, encoding="utf-8", timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

    def has(self, *people: dict[str, str]) -> None:
        self.says("roster", "--load", typed=json.dumps({"schema": 1, "people": people}))

    def did(self, key: str, *outcomes: Any, seconds_ago: float = 0) -> None:
        moment = datetime.now(UTC) - timedelta(seconds=seconds_ago)
        told = {"key": key, "report": report(*outcomes, unit=UNIT, checked_at=moment).to_dict()}
        self.says("results", "--load", typed=json.dumps(told) + "\n")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture(scope="module")
def klass(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    folder = tmp_path_factory.mktemp("hub")
    for name, secret in (("key", KEY), ("secret", SECRET)):
        (folder / name).write_text(secret, encoding="utf-8")
    files = {"HUB_TEACHER_KEY_FILE": str(folder / "key"), "HUB_CLASS_SECRET_FILE": str(folder / "secret")}
    with running(folder, **files) as hub:
        hub.told()
        found = Class(hub)
        found.has(*PEOPLE)
        for ago in (90, 60):
            found.did("p3", missed(ago), PASSED, seconds_ago=ago)
        yield found


@pytest.fixture
def page(browser: Browser, klass: Class) -> Iterator[Page]:
    """A console that stays silent: a broken policy or a script that fails would speak there."""
    context = browser.new_context(
        locale="pt-BR", base_url=klass.hub.url, viewport={"width": 1280, "height": 900}
    )
    found = context.new_page()
    said: list[str] = []
    found.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    found.on("pageerror", lambda error: said.append(str(error)))
    found.goto(f"/turma/placar?chave={KEY}")
    yield found
    context.close()
    away = re.compile("ERR_INTERNET_DISCONNECTED|htmx:(sendError|sendAbort|afterRequest)")
    assert [words for words in said if not away.search(words)] == []


def cell(page: Page, name: str) -> Any:
    return page.get_by_role("row", name=re.compile(name)).locator("td.cell").first


def test_the_key_is_in_no_address(page: Page) -> None:
    assert page.url.endswith("/turma/placar")


def test_a_cell_turns_in_place(page: Page, klass: Class) -> None:
    page.evaluate("document.body.dataset.same = 'yes'")
    page.get_by_label("Buscar uma pessoa").fill("")
    link = page.get_by_role("link", name="Ana Álvares")
    link.focus()
    table = page.locator("table.board").element_handle()
    klass.did("ana", FAILED, PASSED)
    expect(cell(page, "Ana Álvares")).to_have_class(re.compile("failed turned"))
    expect(cell(page, "Ana Álvares")).to_have_text(re.compile("✘ 5.*falhou, 5 de 10 pontos"))
    expect(page.locator("#novidades")).to_contain_text(f"Ana Álvares, {UNIT}: falhou, 5 de 10 pontos.")
    klass.did("ana", PASSED, PASSED)
    expect(cell(page, "Ana Álvares")).to_have_class(re.compile("passed turned"))
    expect(page.locator("#totais td").first).to_have_text(re.compile("^[12] "))
    expect(link).to_be_focused()
    assert table is not None
    assert table.evaluate("element => element.isConnected")
    assert page.evaluate("document.body.dataset.same") == "yes"


def test_a_page_that_is_up_to_date_is_left_alone(page: Page) -> None:
    quiet = 0
    for _ in range(30):  # at first the judge of the class may still have something to say
        with page.expect_response(re.compile("novidades")) as asked:
            pass
        quiet = quiet + 1 if asked.value.status == 204 else 0
        if quiet == 3:
            return
    raise AssertionError("the page never came to rest")


def test_who_comes_in_is_in_the_table(page: Page, klass: Class) -> None:
    klass.has(*PEOPLE, person("zeca", "Zeca"))
    expect(page.get_by_role("link", name="Zeca")).to_be_visible()
    klass.did("zeca", PASSED)
    expect(cell(page, "Zeca")).to_have_class(re.compile("passed turned"))


def test_filters_stay_while_cells_turn(page: Page, klass: Class) -> None:
    page.get_by_label("Buscar uma pessoa").press_sequentially("bia")
    expect(page.locator("#resumo")).to_have_text("1 pessoa com esses filtros.")
    expect(page).to_have_url(re.compile("q=bia"))
    klass.did("bia", missed(1), seconds_ago=60)
    expect(cell(page, "Bia Brito")).to_have_class(re.compile("failed turned"))
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_label("Buscar uma pessoa")).to_be_focused()
    page.get_by_label("Unidade", exact=True).select_option(UNIT)
    expect(page.get_by_role("columnheader", name="O que falta")).to_be_visible()
    klass.did("bia", missed(2))
    expect(page.locator("td.missing")).to_have_text("pushed: falhou.")
    expect(page.locator("#travados")).to_have_text("Travados 2")


def test_the_teacher_learns_that_the_hub_is_away(page: Page) -> None:
    note = page.locator(".cut-off")
    expect(note).to_be_hidden()
    page.context.set_offline(True)
    expect(note).to_be_visible()
    page.context.set_offline(False)
    expect(note).to_be_hidden()


def test_a_learner_enters_the_class_and_sees_their_own(browser: Browser, klass: Class, page: Page) -> None:
    code = re.search(r"\w{4}-\w{4}", _main(page, "/turma/placar/codigo"))
    assert code
    context = browser.new_context(locale="pt-BR", base_url=klass.hub.url)
    theirs = context.new_page()
    theirs.goto("/turma/entrar")
    theirs.get_by_label(re.compile("^Docker ID")).fill("bia2026")
    theirs.get_by_label("Senha").fill(PASSWORD)
    theirs.get_by_role("button", name=re.compile("^Entrar")).click()
    theirs.get_by_label("Código da turma").fill(code[0].upper())
    theirs.get_by_role("button", name="Entrar na turma").click()
    expect(theirs.get_by_text("Pronto: você está na turma como Bia Brito.")).to_be_visible()
    klass.did("bia", PASSED, PASSED)
    expect(theirs.locator(".unit").first).to_contain_text("passou, 10 de 10 pontos")
    context.close()


def test_a_file_counts_by_what_was_typed_just_before(page: Page, klass: Class) -> None:
    klass.did("p9", PASSED, PASSED, seconds_ago=3600)
    page.goto("/turma/placar/exportar")
    page.get_by_text("Prazo, atraso e o que não foi feito").click()
    page.get_by_label("Prazo", exact=True).fill("2026-11-01T08:00")
    page.get_by_label("O que não foi feito vale zero").check()
    with page.expect_download() as asked:
        page.get_by_role("button", name="Baixar: Tabela em CSV, para qualquer planilha").click()
    rows = csv.DictReader(asked.value.path().read_text(encoding="utf-8").splitlines())
    nine = next(row for row in rows if row["nome"].endswith("número 9"))
    assert "0" in nine.values()
    assert "10" not in nine.values()


def _main(page: Page, path: str) -> str:
    page.goto(path)
    return page.get_by_role("main").inner_text()


@pytest.fixture(params=[(width, scheme) for width in WIDTHS for scheme in ("light", "dark")], ids="-".join)
def screen(request: pytest.FixtureRequest, browser: Browser, klass: Class) -> Iterator[Page]:
    width, scheme = request.param
    size = ViewportSize(width=WIDTHS[width], height=800)
    context = browser.new_context(
        locale="pt-BR", color_scheme=scheme, viewport=size, base_url=klass.hub.url, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


def test_every_page_is_readable_by_all(screen: Page, klass: Class, request: pytest.FixtureRequest) -> None:
    screen.goto(f"/turma/placar?chave={KEY}")
    number = re.search(r"aluno/(\d+)", screen.content())
    assert number
    paths = [
        "", "/projetor", f"?unidade={UNIT}", "?travados=1", "?q=naoexiste", "/alunos", "/codigo", "/exportar",
        "/exportar?prazo=ontem&desconto=10",
        f"/aluno/{number[1]}", f"/aluno/{number[1]}/apagar", f"/aluno/{number[1]}/soltar",
    ]  # fmt: skip
    name = request.node.callspec.id
    klass.did("p5", missed(name), PASSED)
    screen.wait_for_selector(".turned")
    faults = [fault for path in paths for fault in look(screen, f"/turma/placar{path}", name)]
    screen.goto("/")
    sign_in(screen, "ana2026", PASSWORD)
    screen.wait_for_url(re.compile("/u/ana2026"))
    faults += [fault for path in ("/turma/eu", "/turma/entrar") for fault in look(screen, path, name)]
    assert faults == []


def look(page: Page, path: str, name: str) -> list[str]:
    page.goto(path)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if folder := os.environ.get("PICTURES"):
        plain = re.sub(r"[^a-z0-9]+", "-", path).strip("-")
        page.screenshot(path=Path(folder) / f"{name}-{plain}.png", full_page=True)
    faults = [f"{path}: {rule}: {where}" for rule, where in page_faults(page)]
    return faults + ([f"{path}: {wide} pixels to the side"] if wide else [])
