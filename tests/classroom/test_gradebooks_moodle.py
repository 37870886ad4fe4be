"""Our file given to Moodle's importer, or to something small that follows the same rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.classroom.grade import Column, Grade, Gradebook, Row
from checks.classroom.person import Person
from checks.gradebooks import FORMATS, Options
from checks.gradebooks.cells import text
from tests.classroom.gradebook_samples import ANA, BOOK, NINA, NOBODY, PUSH, SILVA, TAG

MOODLE = FORMATS["moodle"]
_TRIMMED = " \t\n\r\0\x0b"  # what PHP's trim takes off


class Refused(Exception):  # noqa: N818
    """The import stopped, and nothing of it is kept."""


def fgetcsv(content: str, delimiter: str) -> list[list[str]]:
    """As PHP reads a CSV: what follows a backslash in a quoted cell is a letter, even a quote."""
    quoted = re.compile(rf'[ \t]*"((?:[^"\\]|\\.|"")*)"([^{delimiter}\n]*)', re.DOTALL)
    plain = re.compile(rf"[^{delimiter}\n]*")
    rows: list[list[str]] = [[]]
    at = 0
    while True:
        if found := quoted.match(content, at):
            rows[-1].append(found[1].replace('""', '"') + found[2])
        else:
            found = plain.match(content, at)
            assert found
            rows[-1].append(found[0])
        at = found.end() + 1
        if at > len(content):
            return [row for row in rows if row != [""]]
        if content[at - 1] == "\n":
            rows.append([])


@dataclass
class Moodle:
    """A course of grade/import/csv: people to find, items to fill; None is no grade."""

    users: list[Person]
    items: dict[str, float] = field(default_factory=dict)  # title: its largest grade
    unlimited: bool = False
    grades: dict[tuple[str, str], float | None] = field(default_factory=dict)  # (key, title)
    feedback: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, data: bytes, mapping: Mapping[str, str], delimiter: str = ",") -> None:
        """`mapping` has what the teacher chose for a header: a field of Person, "new", an item, feedback."""
        content = data.decode("utf-8").removeprefix("\ufeff")
        header, *lines = fgetcsv(re.sub("\r\n?", "\n", content).strip(_TRIMMED), delimiter)
        header = [title.strip(_TRIMMED) for title in header]
        grades, feedback = dict(self.grades), dict(self.feedback)
        user: Person | None = None  # and not forgotten from one line to the next
        for line in lines:
            if len(line) != len(header):
                raise Refused("csvweirdcolumns")
            new: dict[str, float | None] = {}
            said: dict[str, str] = {}
            for title, raw in zip(header, line, strict=True):
                value, kind = raw.strip(_TRIMMED), mapping.get(title, "")
                if kind in ("email", "username", "id_number"):
                    user = self.user(kind, value) if value else user
                elif kind == "new":
                    new[title] = self.new_grade(value)
                elif kind.startswith("feedback "):
                    said[kind.removeprefix("feedback ")] = value
                elif kind:
                    new[kind] = self.grade(value)
            if user is None:
                raise Refused("usermappingerrorusernotfound")
            grades |= {(user.key, title): score for title, score in new.items()}
            feedback |= {(user.key, title): words for title, words in said.items()}
        self.grades, self.feedback = grades, feedback

    def user(self, kind: str, value: str) -> Person:
        found = [one for one in self.users if getattr(one, kind) == value]
        if len(found) != 1:
            raise Refused("usermappingerror")
        return found[0]

    def grade(self, value: str) -> float | None:
        if value in ("", "-"):
            return None
        try:
            return self.within(float(value.replace(" ", "").replace(",", ".")))
        except ValueError:
            raise Refused("badgrade") from None

    def new_grade(self, value: str) -> float | None:
        """Stored as it is written; what is empty becomes a zero in the database."""
        return None if value == "-" else self.within(float(value or 0))

    def within(self, score: float) -> float:
        if score > 100 and not self.unlimited:
            raise Refused("gradevaluetoobig")
        return score


def school(*people: Person) -> Moodle:
    return Moodle([*people, Person("outra", "Outra", "outra@escola.br", username="outra", id_number="9")])


def mapping(book: Gradebook, by: str = "email", *, new: bool = False) -> dict[str, str]:
    chosen = {"email": "email", "username": "username", "idnumber": "id_number"}
    found = {by: chosen[by]}
    for column in book.columns:
        found[f"{column.title} (nota)"] = "new" if new else column.title
        if not new:
            found[f"{column.title} (comentário)"] = f"feedback {column.title}"
    return found


def expected(book: Gradebook, suffix: str = "") -> dict[tuple[str, str], float | None]:
    out = MOODLE.left_out(book)
    return {
        (row.person.key, column.title + suffix): None if score is None else round(score, 2)
        for row in book.rows
        if row.person not in out
        for column in book.columns
        for score in [row.grade(column.unit).score]
    }


@pytest.mark.parametrize("by", ["email", "username", "idnumber"])
@pytest.mark.parametrize(
    "options", [Options(), Options(";", bom=True, decimal_comma=True)], ids=["plain", "excel"]
)
def test_moodle_takes_the_whole_file(by: str, options: Options) -> None:
    moodle = school(ANA, SILVA, NINA, NOBODY)
    moodle.take(MOODLE.write(BOOK, options), mapping(BOOK, by), options.delimiter)
    assert moodle.grades == expected(BOOK)
    assert moodle.feedback[ANA.key, TAG.title] == "Parabéns: está tudo certo."
    assert moodle.feedback[SILVA.key, TAG.title] == "A imagem não está lá;\nuse `docker push`."
    assert moodle.feedback[NINA.key, PUSH.title] == "'=1+1"


def test_a_new_item_has_no_zero_that_nobody_earned() -> None:
    moodle = school(ANA, SILVA, NINA)
    moodle.take(MOODLE.write(BOOK), mapping(BOOK, new=True))
    assert moodle.grades == expected(BOOK, " (nota)")
    assert moodle.grades[SILVA.key, f"{PUSH.title} (nota)"] is None
    assert moodle.grades[SILVA.key, f"{TAG.title} (nota)"] == 0


def test_who_cannot_be_found_is_told_apart() -> None:
    assert MOODLE.left_out(BOOK) == (NOBODY,)
    assert "Zé".encode() not in MOODLE.write(BOOK)


def test_no_grade_goes_to_the_person_above() -> None:
    """Of people with holes in their e-mails and numbers, each gets their own grades or none."""
    people = [
        Person("a", "A", "a@x.br", username="a"),
        Person("b", "B", username="b", id_number="2"),
        Person("c", "C", "c@x.br"),
        Person("d", "D", "d@x.br", username="d", id_number="4"),
    ]
    book = Gradebook("x", (TAG,), tuple(Row(one, {"tag": Grade(at)}) for at, one in enumerate(people)))
    moodle = school(*people)
    moodle.take(MOODLE.write(book), mapping(book))
    assert moodle.grades == {("a", TAG.title): 0, ("c", TAG.title): 2, ("d", TAG.title): 3}
    assert MOODLE.left_out(book) == (people[1],)
    assert MOODLE.write(book).splitlines()[0].decode() == f"email,{TAG.title} (nota),{TAG.title} (comentário)"


@pytest.mark.parametrize("email", ["=a@x.br", "+a@x.br", "-a@x.br", "a\u200b@x.br", "a  b@x.br"])
def test_an_address_that_had_to_change_would_undo_the_import(email: str) -> None:
    book = Gradebook("x", (TAG, PUSH), (*BOOK.rows[:3], Row(Person("k", "K", email), {"tag": Grade(5)})))
    moodle = school(ANA, SILVA, NINA, book.rows[-1].person)
    moodle.take(MOODLE.write(book), mapping(book))
    assert MOODLE.left_out(book) == (book.rows[-1].person,)
    assert len(moodle.grades) == 6


def test_the_teacher_is_told_how() -> None:
    notes = MOODLE.notes(BOOK)
    assert any("a coluna `email` é o e-mail" in note for note in notes)
    assert not any("mais de 100 pontos" in note for note in notes)
    big = Gradebook("x", (Column("x", "Tudo", 120),), BOOK.rows)
    assert "A unidade “Tudo” vale mais de 100 pontos" in MOODLE.notes(big)[0]
    assert "Ninguém da turma" in MOODLE.notes(Gradebook("x", (TAG,), (Row(NOBODY),)))[0]


_WORDS = st.text(max_size=60) | st.text('ab\\" \n,;', max_size=30)


@given(st.lists(_WORDS, min_size=1, max_size=5))
def test_comments_arrive_as_they_are(comments: list[str]) -> None:
    people = [Person(f"p{at}@x.br", "P", f"p{at}@x.br") for at in range(len(comments))]
    rows = tuple(Row(one, {"tag": Grade(1, words)}) for one, words in zip(people, comments, strict=True))
    book = Gradebook("x", (TAG,), rows)
    moodle = school(*people)
    moodle.take(MOODLE.write(book), mapping(book))
    arrived = [moodle.feedback[one.key, TAG.title] for one in people]
    # Of a backslash before a quote PHP makes one letter, so a space is between them.
    assert arrived == [text(words).replace('\\"', '\\ "').strip(_TRIMMED) for words in comments]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("email,x\nana@escola.br,1\nninguem@x.br,2\n", "usermappingerror"),
        ("email,x\n,1\nana@escola.br,2\n", "usermappingerrorusernotfound"),
        ("email,x\nana@escola.br,101\n", "gradevaluetoobig"),
        ("email,x\nana@escola.br,dez\n", "badgrade"),
        ("email,x\nana@escola.br\n", "csvweirdcolumns"),
    ],
)
def test_one_bad_row_undoes_it_all(data: str, reason: str) -> None:
    """What our file is kept from: so refuses the importer."""
    moodle = school(ANA)
    with pytest.raises(Refused, match=f"^{reason}$"):
        moodle.take(data.encode(), {"email": "email", "x": "X"})
    assert moodle.grades == {}


def test_a_hole_is_worse_than_an_error() -> None:
    moodle = school(ANA, SILVA)
    moodle.take(b"email,x\nana@escola.br,10\n,0\n", {"email": "email", "x": "X"})
    assert moodle.grades == {(ANA.key, "X"): 0}


def test_a_backslash_before_a_quote_loses_the_end_of_a_cell() -> None:
    assert fgetcsv('"a\\""b",c\n', ",") == [['a\\"b"', "c"]]
    assert fgetcsv('"a\\ ""b",c\n', ",") == [['a\\ "b', "c"]]
