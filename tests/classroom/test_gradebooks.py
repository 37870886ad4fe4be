"""Every format of a gradebook: its golden file, and what holds in all of them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.classroom.grade import Column, Grade, Gradebook, Row
from checks.classroom.person import Person
from checks.classroom.roster import read
from checks.gradebooks import FORMATS, BadBase, Options
from checks.gradebooks.cells import number, text, titles, total
from tests.classroom.gradebook_samples import ANA, BOOK, NINA, NOBODY, PUSH, SILVA, TAG, dump_of

GOLDEN = Path(__file__).parent / "golden"
EXCEL = Options(delimiter=";", bom=True, decimal_comma=True)
BASE = (GOLDEN / "canvas-base.csv").read_bytes()
CASES = {
    **{f"{name}{one.suffix}": (name, Options()) for name, one in FORMATS.items() if name != "xlsx"},
    "xlsx.txt": ("xlsx", Options()),
    "csv.excel.csv": ("csv", EXCEL),
    "moodle.excel.csv": ("moodle", EXCEL),
    "canvas.excel.csv": ("canvas", EXCEL),
    "canvas.filled.csv": ("canvas", Options(base=BASE)),
}
DELIMITED = ["csv", "moodle", "canvas", "google-classroom"]


def shown(name: str, options: Options, book: Gradebook = BOOK) -> bytes:
    written = FORMATS[name].write(book, options)
    return dump_of(written).encode() if name == "xlsx" else written


@pytest.mark.parametrize("file", CASES)
def test_it_is_what_the_golden_file_says(file: str) -> None:
    assert shown(*CASES[file]) == (GOLDEN / file).read_bytes()


def test_every_golden_file_is_of_a_case() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {*CASES, "canvas-base.csv"}


def test_the_formats_of_the_contract_are_there() -> None:
    contract = {"moodle", "canvas", "google-classroom", "csv", "xlsx", "json", "gradescope", "lti"}
    assert set(FORMATS) == contract
    for one in FORMATS.values():
        assert one.title
        assert one.suffix.startswith(".")


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_book_gives_the_same_bytes(name: str) -> None:
    assert FORMATS[name].write(BOOK) == FORMATS[name].write(BOOK)


@pytest.mark.parametrize("name", FORMATS)
def test_a_book_of_nobody_and_of_nothing(name: str) -> None:
    for book in (Gradebook("x", (TAG,), ()), Gradebook("x", (), (Row(ANA),)), Gradebook("x", (), ())):
        assert isinstance(FORMATS[name].write(book), bytes)
        assert all(note.endswith(".") for note in FORMATS[name].notes(book))
        assert FORMATS[name].left_out(book) == ()


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("options", [Options(), EXCEL], ids=["plain", "excel"])
@pytest.mark.parametrize("name", DELIMITED)
def test_no_cell_is_a_formula(name: str, options: Options) -> None:
    evil = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\0=1", "\u200b=1", '="x"']
    people = [Person(f"k{at}@x.br", name, f"k{at}@x.br", section=name) for at, name in enumerate(evil)]
    given = tuple(Row(one, {"tag": Grade(1, one.name), "=2": Grade(2, one.name)}) for one in people)
    book = Gradebook("=x", (TAG, Column("=2", "=cmd|'/c calc'!A1", 10)), given)
    found = rows(FORMATS[name].write(book, options), options.delimiter)
    cells = [cell for row in found for cell in row if cell != "-"]  # Moodle's own word for no grade
    assert len(found) > len(evil)
    assert not [cell for cell in cells if cell.lstrip()[:1] in ("=", "+", "-", "@", "＝") and cell.strip()]
    assert not [cell for cell in cells if cell[:1] in ("\t", "\r", "\n")]


@pytest.mark.parametrize("name", ["csv", "google-classroom", "moodle"])
def test_no_grade_is_never_a_zero(name: str) -> None:
    header, *found = rows(FORMATS[name].write(BOOK))
    place = next(at for at, title in enumerate(header) if title.startswith(PUSH.title))
    silva = next(row for row in found if "silva@escola.br" in row)
    assert silva[place] in ("", "-")
    assert silva[header.index(next(one for one in header if one.startswith(TAG.title)))] == "0"


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=80)), max_size=6))
def test_names_and_comments_survive(pairs: list[tuple[str, str]]) -> None:
    people = [Person(f"p{at}@x.br", name, f"p{at}@x.br") for at, (name, _) in enumerate(pairs)]
    given = tuple(
        Row(one, {"tag": Grade(at, comment)})
        for at, (one, (_, comment)) in enumerate(zip(people, pairs, strict=True))
    )
    _, *found = rows(FORMATS["csv"].write(Gradebook("x", (TAG,), given)))
    assert [row[0] for row in found] == [text(" ".join(name.split())) for name, _ in pairs]
    assert [row[2] for row in found] == [str(at) for at in range(len(pairs))]
    assert [row[4] for row in found] == [text(comment) for _, comment in pairs]


_PLAIN = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Co")))


@given(_PLAIN)
def test_text_changes_only_where_it_would_run(value: str) -> None:
    if value.lstrip()[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠") and value.strip():
        assert text(value) == f"'{value}"
    else:
        assert text(value) == value


def test_a_monstrous_comment_fits_a_cell() -> None:
    assert len(text("=" * 1_000_000)) == 32_767


@pytest.mark.parametrize(
    ("score", "point", "comma", "fixed"),
    [
        (None, "", "", ""),
        (0, "0", "0", "0.00"),
        (-0.0, "0", "0", "0.00"),
        (10, "10", "10", "10.00"),
        (100, "100", "100", "100.00"),
        (7.5, "7.5", "7,5", "7.50"),
        (10 / 3, "3.33", "3,33", "3.33"),
        (9.999, "10", "10", "10.00"),
        (1234.5, "1234.5", "1234,5", "1234.50"),
    ],
)
def test_numbers(score: float | None, point: str, comma: str, fixed: str) -> None:
    assert number(score) == point
    assert number(score, decimal_comma=True) == comma
    assert number(score, decimals=2) == fixed


def test_half_a_total_is_no_total() -> None:
    ana, silva, nina, _ = BOOK.rows
    assert [total(BOOK, row) for row in (ana, silva, nina)] == [17.5, None, None]


def test_units_of_one_title_are_told_apart() -> None:
    book = Gradebook("x", (Column("a", "Leia", 1), Column("b", "leia", 1), Column("c", "", 1)), ())
    assert list(titles(book).values()) == ["Leia [a]", "leia [b]", "c"]


def test_the_plain_table_is_a_list_of_the_class_too() -> None:
    """What a teacher exports today can be imported in another class next year."""
    for options in (Options(), EXCEL):
        found = read(FORMATS["csv"].write(BOOK, options))
        assert [one.name for one in found.people] == [ANA.name, SILVA.name, NINA.name, NOBODY.name]
        assert [one.docker_id for one in found.people] == [ANA.docker_id, "", NINA.docker_id, ""]
        assert found.people[0].key == ANA.key


def test_json_has_everything() -> None:
    found = json.loads(FORMATS["json"].write(BOOK))
    assert found["schema"] == 1
    assert [one["grades"]["push"]["score"] for one in found["learners"]] == [7.5, None, 10 / 3, None]
    assert found["learners"][1]["name"] == "Silva, Filho"
    assert [Person.from_dict(one) for one in found["learners"]] == [row.person for row in BOOK.rows]


def test_gradescope_adds_up_or_has_no_score() -> None:
    found = json.loads(FORMATS["gradescope"].write(BOOK))["learners"]
    assert found["ana@escola.br"]["score"] == sum(test["score"] for test in found["ana@escola.br"]["tests"])
    for key in ("silva@escola.br", "nina@escola.br", "name:ze"):
        assert "score" not in found[key]
        assert not any("score" in test for test in found[key]["tests"])
        assert "ainda não há um total" in found[key]["output"]


def scores() -> Iterator[tuple[str, dict[str, object]]]:
    for line in FORMATS["lti"].write(BOOK).decode().splitlines():
        found = json.loads(line)
        yield found["lineItem"]["resourceId"], found["score"]


def test_lti_grades_fully_or_not_at_all() -> None:
    progress = {"FullyGraded": True, "Pending": False}
    for _, score in scores():
        assert progress[str(score["gradingProgress"])] == ("scoreGiven" in score)
        assert ("scoreGiven" in score) == ("scoreMaximum" in score)
        assert str(score["timestamp"]) == "2026-11-23T12:30:05.250Z"
        assert score["activityProgress"] in ("Completed", "Submitted")
    assert [(unit, score["userId"]) for unit, score in scores()] == [
        ("tag", "1001"), ("push", "1001"), ("tag", "1002"), ("tag", "1003"), ("push", "1003"),
        ("tag", "name:ze"),
    ]  # fmt: skip


def test_lti_tells_when_people_have_no_number() -> None:
    assert FORMATS["lti"].notes(BOOK)
    assert not FORMATS["lti"].notes(Gradebook("x", (TAG,), BOOK.rows[:3]))


def test_the_spreadsheet_has_numbers_texts_and_no_formulas() -> None:
    lines = dump_of(FORMATS["xlsx"].write(BOOK)).splitlines()
    kinds = {line.split(" ")[1] for line in lines}
    assert kinds == {"s", "n"}
    assert "Notas!G2 n 10" in lines
    assert "Notas!H2 n 7.5" in lines
    assert not [line for line in lines if line.startswith("Notas!H3")]  # no grade: no cell
    assert 'Comentários!D4 s "\'=1+1"' in lines


@pytest.mark.parametrize(
    "comment", ["=1+1", "#N/A", "=\x00", "2026-01-01", "1e5", "\ud800\uffff", "x" * 40_000]
)
def test_any_text_is_text_in_the_spreadsheet(comment: str) -> None:
    book = Gradebook("x", (TAG,), (Row(ANA, {"tag": Grade(1, comment)}),))
    lines = dump_of(FORMATS["xlsx"].write(book)).splitlines()
    kinds = [line.split(" ")[1] for line in lines if line.startswith("Comentários!C2 ")]
    assert kinds == (["s"] if text(comment) else [])


def test_the_spreadsheet_does_not_say_when_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"].write(BOOK))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        dates = re.findall(r"\d{4}-\d\d-\d\dT[^<]*", archive.read("docProps/core.xml").decode())
    assert dates == ["2026-01-01T00:00:00Z"] * 2


@pytest.mark.parametrize(
    "data", [b"", b"%PDF", b"nome;email\nAna;a@x.br\n", b"Student,ID,Section\n", b"\0", b'"']
)
def test_another_file_is_no_base(data: bytes) -> None:
    with pytest.raises(BadBase, match="não é o que o Canvas exporta"):
        FORMATS["canvas"].write(BOOK, Options(base=data))
