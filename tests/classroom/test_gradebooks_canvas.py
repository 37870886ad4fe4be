"""Our file given to Canvas's importer, or to something small that follows the same rules."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.classroom.grade import Column, Grade, Gradebook, Row
from checks.classroom.person import Person
from checks.gradebooks import FORMATS, Options
from tests.classroom.fake_canvas import Assignment, Canvas, Malformed, Student, ruby_csv
from tests.classroom.gradebook_samples import ANA, BOOK, NOBODY, PUSH, TAG

CANVAS = FORMATS["canvas"]
BASE = (Path(__file__).parent / "golden" / "canvas-base.csv").read_bytes()
EXCEL = Options(";", bom=True, decimal_comma=True)


def course(**assignments: Assignment) -> Canvas:
    return Canvas(
        [
            Student(1001, "Conceição, Ana", "2026001", "ana"),
            Student(1002, "Silva, Filho", "2026002", "silva"),
            Student(1003, 'Sá, =Antônia "Nina"', "2026003", "nina"),
            Student(1004, "Zé", "", "ze"),
            Student(1009, "Outra, Pessoa", "2026009", "outra"),
        ],
        {int(number.removeprefix("a")): one for number, one in assignments.items()},
    )


@pytest.mark.parametrize("options", [Options(), EXCEL, Options("\t")], ids=["plain", "excel", "tab"])
def test_canvas_takes_the_file_without_a_base(options: Options) -> None:
    canvas = course()
    canvas.take(CANVAS.write(BOOK, options))
    assert canvas.grades == {
        (1001, TAG.title): "10.00", (1001, PUSH.title): "7.50", (1002, TAG.title): "0.00",
        (1003, PUSH.title): "3.33", (1004, TAG.title): "9.00",
    }  # fmt: skip
    assert {one.title: one.points for one in canvas.assignments.values()} == {
        TAG.title: "10.00",
        PUSH.title: "10.00",
    }
    assert canvas.strangers == []


@pytest.mark.parametrize("only", ["lms_id", "id_number", "username"])
def test_canvas_finds_people_by_any_one_thing_that_the_list_told(only: str) -> None:
    hidden = {name: "" for name in ("lms_id", "id_number", "username") if name != only}
    rows = tuple(replace(row, person=replace(row.person, name="?", **hidden)) for row in BOOK.rows[:3])
    canvas = course()
    canvas.take(CANVAS.write(replace(BOOK, rows=rows)))
    assert {key for key, _ in canvas.grades} == {1001, 1002, 1003}
    assert canvas.strangers == []


@pytest.mark.parametrize("options", [Options(base=BASE), replace(EXCEL, base=BASE)], ids=["plain", "excel"])
def test_canvas_takes_its_own_export_filled(options: Options) -> None:
    canvas = course(a501=Assignment(TAG.title, "10.00"), a502=Assignment("Prova", "100.00"))
    canvas.take(CANVAS.write(BOOK, options))
    ours = {key: score for key, score in canvas.grades.items() if key[1] != "Prova"}
    assert ours == {
        (1001, TAG.title): "10.00", (1001, PUSH.title): "7.50", (1002, TAG.title): "0.00",
        (1003, PUSH.title): "3.33", (1009, TAG.title): "5.00",
    }  # fmt: skip
    assert {key: score for key, score in canvas.grades.items() if key[1] == "Prova"} == {
        (1001, "Prova"): "95.50", (1003, "Prova"): "EX", (1009, "Prova"): "50.00",
    }  # fmt: skip
    assert [one.title for one in canvas.assignments.values()] == [TAG.title, "Prova", PUSH.title]
    assert canvas.strangers == ["Student, Test"]
    assert CANVAS.left_out(BOOK, options) == (NOBODY,)


def cells(data: bytes, delimiter: str = ",") -> list[list[str]]:
    text = data.decode("utf-8-sig")
    return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_every_other_cell_is_as_it_came(codec: str, delimiter: str) -> None:
    rows = cells(BASE)
    rows[3][5], rows[4][5], rows[6][5] = "duas\nlinhas; e, um\r\nresto", " com espaços ", "'=já protegido"
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    filled = CANVAS.write(BOOK, Options(base=file.getvalue().encode(codec)))
    found = cells(filled, delimiter)
    filled_cells = {(4, 6): "10.00", (5, 6): "0.00"}
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            assert found[at][place] == filled_cells.get((at, place), cell)
    course(a501=Assignment(TAG.title), a502=Assignment("Prova")).take(filled)


def test_a_note_of_two_lines_does_not_hide_the_delimiter() -> None:
    rows = cells(BASE)
    rows[1][5] = "a\nb"
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)
    canvas = course(a501=Assignment(TAG.title), a502=Assignment("Prova"))
    canvas.take(CANVAS.write(BOOK, Options(base=file.getvalue().encode())))
    assert canvas.grades[1001, TAG.title] == "10.00"


@pytest.mark.parametrize(
    ("worth", "score"), [("100.00", "75.00"), ("5,00", "3.75"), ("", "7.50"), ("0", "7.50")]
)
def test_grades_are_out_of_what_the_assignment_is_worth(worth: str, score: str) -> None:
    rows = [
        f'Student,ID,SIS Login ID,Section,"{PUSH.title} (7)"',
        f'    Points Possible,,,,"{worth}"',
        '"Conceição, Ana",1001,ana,A,',
    ]
    options = Options(base="\n".join(rows).encode())
    assert cells(CANVAS.write(BOOK, options))[2][4] == score
    assert any("convertidas" in note for note in CANVAS.notes(BOOK, options)) == (score != "7.50")


@pytest.mark.parametrize("cell", ["EX", "ex", "N/A"])
def test_what_the_teacher_decided_in_canvas_stays(cell: str) -> None:
    base = f"Student,ID,SIS Login ID,Section,tag (7)\n    Points Possible,,,,10\nAna,1001,ana,A,{cell}\n"
    assert cells(CANVAS.write(BOOK, Options(base=base.encode())))[2][4] == cell


def test_last_names_first() -> None:
    rows = [
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section",
        "    Points Possible,,,,,",
        "Conceição,Ana,1001,,,A",
        ",Zé,1004,,,A",
    ]
    base = "\n".join(rows)
    canvas = course()
    canvas.take(CANVAS.write(BOOK, replace(EXCEL, base=base.encode())))
    assert canvas.grades == {
        (1001, TAG.title): "10.00",
        (1001, PUSH.title): "7.50",
        (1004, TAG.title): "9.00",
    }


def test_nobody_gets_the_grades_of_a_namesake() -> None:
    people = [
        Person("a", "João da Silva"),
        Person("b", "João da Silva", username="joao2"),
        Person("c", "Points Possible", username="pp"),
        Person("d", "=Dora"),
        Person("e", "Eva", username="=eva"),
        Person("f", "=Fábio", id_number="7"),
    ]
    book = Gradebook("x", (TAG,), tuple(Row(one, {"tag": Grade(1)}) for one in people))
    assert [one.key for one in CANVAS.left_out(book)] == ["a", "c", "d"]
    assert [row[0] for row in cells(CANVAS.write(book))[2:]] == ["João da Silva", "Eva", "'=Fábio"]


def test_a_title_that_ends_like_a_number_of_canvas() -> None:
    book = Gradebook("x", (Column("p", "Prova (501)", 10),), (Row(ANA, {"p": Grade(3)}),))
    canvas = course(a501=Assignment("Outra tarefa", "10"))
    canvas.take(CANVAS.write(book))
    assert canvas.grades == {(1001, "Prova [501]"): "3.00"}


def test_the_teacher_is_told_what_canvas_will_do() -> None:
    assert "dê esse CSV como base" in CANVAS.notes(BOOK)[0]
    new, comments = CANVAS.notes(BOOK, Options(base=BASE))
    assert new.startswith(f"A unidade “{PUSH.title}” não está entre as tarefas da base")
    assert comments == "O Canvas não importa comentários por CSV; eles estão nos outros formatos."


_ANY = st.text(max_size=30) | st.text(',;"\n\r\t =', max_size=12)


@given(st.lists(_ANY, min_size=1, max_size=4), _ANY, st.sampled_from([Options(), EXCEL]))
def test_whatever_people_and_units_are_called(names: list[str], title: str, options: Options) -> None:
    people = [Person(str(at), name, lms_id=str(2000 + at), section=name) for at, name in enumerate(names)]
    given = tuple(Row(one, {"u": Grade(at + 0.25)}) for at, one in enumerate(people))
    book = Gradebook("x", (Column("u", f"Unidade {title}", 10),), given)
    canvas = Canvas([Student(2000 + at, "Fulano", "", "") for at in range(len(names))])
    canvas.take(CANVAS.write(book, options))
    assert [
        canvas.grades[2000 + at, one.title] for at in range(len(names)) for one in canvas.assignments.values()
    ] == [f"{at}.25" for at in range(len(names))]
    assert len(canvas.assignments) == 1


def test_the_importer_guesses_as_the_real_one_does() -> None:
    assert course().delimiter("a;b\nc;d\n") == ";"
    assert course().delimiter('Student,ID\n"a;b;c",1\nd,2\n') == ","
    assert course().delimiter('"a\nb";c;d\n') == ","
    with pytest.raises(Malformed):
        ruby_csv('\ufeff"Student",ID\n', ",")
