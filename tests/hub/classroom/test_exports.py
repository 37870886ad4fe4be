"""The grades as files: what is in them, and that no grade is never a zero."""

from __future__ import annotations

import csv
import html
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from checks.classroom.book import ALL_LATE
from checks.classroom.comments import DONE
from checks.classroom.policy import Policy
from checks.gradebooks import FORMATS
from hub.classroom.book import gradebook, reports
from hub.classroom.course import units
from hub.classroom.exports import NO_BASE
from hub.classroom.forms import BAD_DAY, BAD_HOUR, BAD_PART, CHANCE_FIRST, NO_DUE
from hub.classroom.models import Member
from tests.hub.classroom.klass import FAILED, NAMES, NOTHING, PASSED, UNSEEN, at, did

FIRST, LAST = units()[0], units()[-1]


@pytest.fixture
def graded(three: list[Member]) -> list[Member]:
    ana, bia, caio = three
    did(ana, PASSED, PASSED, unit=FIRST.id)
    did(ana, UNSEEN, unit=LAST.id)
    did(bia, PASSED, FAILED, unit=FIRST.id, minutes=1)
    did(bia, FAILED, FAILED, unit=FIRST.id, minutes=2)
    did(caio, NOTHING, unit=FIRST.id)
    return three


def grades(policy: Policy | None = None) -> dict[str, list[float | None]]:
    book = gradebook(policy)
    shown = (FIRST.id, LAST.id)
    return {row.person.key: [row.grade(unit).score for unit in shown] for row in book.rows}


def test_the_best_that_was_reached_counts(graded: list[Member]) -> None:
    assert grades() == {"a": [10, None], "b": [5, None], "c": [None, None]}
    assert [column.unit for column in gradebook().columns] == [unit.id for unit in units()]


def test_what_came_late_counts_by_the_policy(graded: list[Member]) -> None:
    did(graded[1], PASSED, PASSED, unit=FIRST.id, minutes=90)
    half = Policy(due=at(30), off_each_day=0.4)
    assert grades()["b"][0] == 10
    assert grades(half)["b"][0] == 6
    assert grades(Policy(due=at(30)))["b"][0] == 5


def test_comments_are_sentences(graded: list[Member]) -> None:
    ana, bia, _ = gradebook().rows
    assert ana.grade(FIRST.id).comment == DONE
    assert ana.grade(LAST.id).comment.endswith("não tira nenhum ponto.")
    assert "pushed: falhou." in bia.grade(FIRST.id).comment
    assert bia.grade(FIRST.id).checked_at == at(2)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_a_file(teacher: Client, graded: list[Member], name: str) -> None:
    answer = teacher.get(f"/turma/placar/exportar/{name}")
    assert answer.status_code == 200
    assert answer.content == FORMATS[name].write(gradebook())
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="notas-{name}-20')
    assert disposition.endswith(f'{FORMATS[name].suffix}"')


def test_the_table_is_in_the_order_of_the_roster(teacher: Client, graded: list[Member]) -> None:
    answer = teacher.get("/turma/placar/exportar/csv", {"separador": "ponto-e-virgula", "bom": "1"})
    text = answer.content.decode("utf-8-sig")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["nome"] for row in rows] == list(NAMES)


def test_the_page_offers_every_format_and_says_who_is_left_out(teacher: Client, graded: list[Member]) -> None:
    page = teacher.post("/turma/placar/exportar", {"separador": "tabulacao"}).content.decode()
    assert '<option value="tabulacao" selected>' in page
    for format_ in FORMATS.values():
        assert f'formaction="/turma/placar/exportar/{format_.name}"' in page
        assert format_.title in page


def posted(teacher: Client, content: bytes) -> Any:
    base = SimpleUploadedFile("notas.csv", content, "text/csv")
    return teacher.post("/turma/placar/exportar/canvas", {"base": base})


def test_an_export_of_canvas_is_filled(teacher: Client, graded: list[Member]) -> None:
    base = (
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        "    Points Possible,,,,\n"
        '"Álvares, Ana",501,00a,a@escola.br,A\n'
    ).encode()
    answer = posted(teacher, base)
    assert answer.status_code == 200
    assert '"Álvares, Ana",501,00a' in answer.content.decode()


def test_a_file_that_canvas_did_not_export_is_told(teacher: Client, graded: list[Member]) -> None:
    answer = posted(teacher, b"lixo\0\xff")
    assert answer.status_code == 400
    assert "não é o que o Canvas exporta" in answer.content.decode()


def test_the_json_is_one_that_programs_read(teacher: Client, graded: list[Member]) -> None:
    assert json.loads(teacher.get("/turma/placar/exportar/json").content)


def test_the_first_time_that_it_was_passed_is_kept(graded: list[Member]) -> None:
    """A later failure takes nothing away."""
    later = datetime.now(UTC) - timedelta(minutes=1)
    did(graded[0], FAILED, FAILED, unit=FIRST.id, checked_at=later)
    row = gradebook().rows[0].grade(FIRST.id)
    assert (row.score, row.comment) == (10, DONE)


def test_what_nobody_could_see_later_is_told(graded: list[Member]) -> None:
    did(graded[2], UNSEEN, unit=FIRST.id, minutes=9)
    told = {line["key"]: line.get("unseen") for line in reports() if line["report"]["unit"] == FIRST.id}
    assert told == {"a": None, "b": None, "c": True}


def csv_grades(teacher: Client, **rules: str) -> dict[str, str]:
    """What the file has that the page's button brings."""
    answer = teacher.post("/turma/placar/exportar/csv", rules)
    assert answer.content == teacher.get("/turma/placar/exportar/csv", rules).content
    assert answer.status_code == 200
    rows = csv.DictReader(io.StringIO(answer.content.decode()))
    return {row["nome"]: next(row[name] for name in row if name.startswith(FIRST.title)) for row in rows}


def local(minutes: float) -> str:
    return timezone.localtime(at(minutes)).strftime("%Y-%m-%dT%H:%M")


def test_what_came_late_counts_by_the_rules_of_the_page(teacher: Client, graded: list[Member]) -> None:
    did(graded[1], PASSED, PASSED, unit=FIRST.id, minutes=90)
    bia = NAMES[1]
    assert csv_grades(teacher)[bia] == "10"
    assert csv_grades(teacher, prazo=local(30))[bia] == "5"
    assert csv_grades(teacher, prazo=local(30), desconto="40")[bia] == "6"
    assert csv_grades(teacher, prazo=local(30), segunda=local(120), vale="80")[bia] == "8"
    assert csv_grades(teacher, prazo=local(30), segunda=local(120), desconto="0")[bia] == "10"
    assert csv_grades(teacher, prazo=local(30), segunda=local(60), vale="80")[bia] == "5"
    assert csv_grades(teacher, prazo=local(30), desconto="12,5")[bia] == "8.75"


def test_who_was_late_with_everything_has_no_grade_either(teacher: Client, graded: list[Member]) -> None:
    """Else whoever did it late would stand behind whoever never did it."""
    ana, _, caio = NAMES
    late = csv_grades(teacher, prazo=local(-30))
    assert (late[ana], late[caio]) == ("", "")
    late = csv_grades(teacher, prazo=local(-30), zero="1")
    assert (late[ana], late[caio]) == ("0", "0")
    row = gradebook(Policy(due=at(-30))).rows[0].grade(FIRST.id)
    assert row.comment == f"{DONE} {ALL_LATE}"


def test_what_was_not_done_may_be_worth_zero(teacher: Client, graded: list[Member]) -> None:
    assert csv_grades(teacher)[NAMES[2]] == ""
    assert csv_grades(teacher, zero="1")[NAMES[2]] == "0"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"prazo": "amanhã"}, BAD_DAY),
        ({"prazo": "2026-12-10"}, BAD_DAY),
        ({"desconto": "muito"}, BAD_PART),
        ({"vale": "101"}, BAD_PART),
        ({"segunda": "2026-12-10T18:00"}, NO_DUE),
        ({"desconto": "10"}, NO_DUE),
        ({"vale": "60"}, NO_DUE),
        ({"prazo": "2018-11-04T00:30"}, BAD_HOUR),
        ({"prazo": "2026-12-10T18:00", "segunda": "2026-12-09T18:00"}, CHANCE_FIRST),
    ],
)
def test_rules_that_make_no_sense_write_no_file(
    teacher: Client, graded: list[Member], rules: dict[str, str], said: str
) -> None:
    for path in ("/turma/placar/exportar", "/turma/placar/exportar/csv"):
        answer = teacher.post(path, rules)
        assert answer.status_code == 400
        assert said in html.unescape(answer.content.decode())
        assert "attachment" not in answer.headers.get("Content-Disposition", "")


def test_what_was_typed_stays_on_the_page(teacher: Client, graded: list[Member]) -> None:
    page = teacher.post("/turma/placar/exportar", {"prazo": "2026-11-02T09:30"}).content.decode()
    assert 'value="2026-11-02T09:30"' in page
    assert "<details open>" in page
    assert "<details open>" not in teacher.get("/turma/placar/exportar").content.decode()


def test_to_fill_a_file_of_canvas_one_has_to_be_chosen(teacher: Client, graded: list[Member]) -> None:
    answer = teacher.post("/turma/placar/exportar/canvas", {"com": "base"})
    assert answer.status_code == 400
    assert NO_BASE in answer.content.decode()
