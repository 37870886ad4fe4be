"""A list imported again."""

import pytest

from checks.classroom.person import Person
from checks.classroom.roster import Roster, read
from checks.classroom.roster_merge import Merged, merge

ANA = Person("ana@x.br", "Ana Souza", "ana@x.br", id_number="1", docker_id="anasouza")
BIA = Person("id:2", "Bia Lima", id_number="2", section="A")
CAIO = Person("name:caio", "Caio")
CLASS = (ANA, BIA, CAIO)


def again(rows: str, old: tuple[Person, ...] = CLASS) -> Merged:
    return merge(old, read(f"nome;email;matrícula;turma;docker id\n{rows}".encode()))


def keys(people: tuple[Person, ...]) -> list[str]:
    return [person.key for person in people]


def test_the_same_list_changes_nothing() -> None:
    found = again("Ana Souza;ana@x.br;1;;\nBia Lima;;2;A;\nCaio;;;;\n")
    assert found.people == found.kept == CLASS
    assert (found.added, found.changed, found.missing, found.notes) == ((), (), (), ())


def test_who_is_missing_stays_at_the_end() -> None:
    found = again("Duda;duda@x.br;;;\nBia Lima;;2;A;\n")
    assert keys(found.people) == ["duda@x.br", "id:2", "ana@x.br", "name:caio"]
    assert keys(found.added) == ["duda@x.br"]
    assert found.missing == (ANA, CAIO)
    assert found.kept == (BIA,)


def test_an_empty_cell_takes_nothing_away() -> None:
    found = again("Ana Souza;ana@x.br;;;\n")
    assert found.kept == (ANA,)
    assert found.people[0].docker_id == "anasouza"


def test_a_list_without_names_takes_no_name_away() -> None:
    assert again(";ana@x.br;;;\n").people[0].name == "Ana Souza"


def test_another_docker_id_wins_and_is_told() -> None:
    found = again("Ana Souza;ana@x.br;1;;ana2026\n")
    (change,) = found.changed
    assert change.fields == ("docker_id",)
    assert change.after.docker_id == "ana2026"
    assert found.notes == ("O Docker ID de Ana Souza era anasouza e agora é ana2026, como está na lista.",)


def test_a_first_docker_id_is_no_news_to_tell() -> None:
    found = again("Bia Lima;;2;A;bialima\n")
    assert found.changed[0].after.docker_id == "bialima"
    assert found.notes == ()


@pytest.mark.parametrize(
    "rows", ["Ana Souza;ana@x.br;1;;\nBia Lima;;2;A;anasouza\n", "Bia Lima;;2;A;anasouza\n"]
)
def test_the_list_says_whose_a_docker_id_is(rows: str) -> None:
    found = again(rows)
    owners = {person.key: person.docker_id for person in found.people}
    assert owners == {"ana@x.br": "", "id:2": "anasouza", "name:caio": ""}
    assert found.notes == (
        "O Docker ID anasouza agora é de Bia Lima, como está na lista, e Ana Souza ficou sem Docker ID.",
    )


def test_a_number_goes_to_whom_the_list_gives_it() -> None:
    found = again("Bia Lima;bia@x.br;;;\nCaio;caio@x.br;;;\nOutra Ana;ana@x.br;2;;\n")
    assert {one.key: one.id_number for one in found.people} == {"id:2": "", "name:caio": "", "ana@x.br": "2"}


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("Ana Maria Souza;ANA@x.br;;;", "ana@x.br"),
        ("Ana;nova@x.br;1;;", "ana@x.br"),
        ("Bia de Lima;bia@x.br;2;;", "id:2"),
        ("CAIO;caio@x.br;3;;", "name:caio"),
        ("Ana Souza;outra@x.br;9;;", "outra@x.br"),
        ("Bia Lima;bia@x.br;;;", "id:2"),
    ],
)
def test_people_are_recognized_and_keep_their_keys(row: str, key: str) -> None:
    assert again(f"{row}\n").people[0].key == key


def test_no_two_people_become_one() -> None:
    found = again("Ana;ana@x.br;;;\nNova;;1;;\n")
    assert keys(found.people) == ["ana@x.br", "id:1", "id:2", "name:caio"]
    assert [one.id_number for one in found.people] == ["", "1", "2", ""]


def test_a_newcomer_never_gets_the_key_of_another() -> None:
    moved = Person("ana@x.br", "Ana", "ana.nova@x.br")
    found = again("Ana;ana.nova@x.br;;;\nOutra;ana@x.br;;;\n", (moved,))
    assert keys(found.people) == ["ana@x.br", "ana@x.br-2"]


def test_namesakes_are_not_recognized_by_name() -> None:
    twins = (Person("name:ana", "Ana"), Person("a@x.br", "Ana", "a@x.br"))
    found = merge(twins, Roster((Person("id:7", "Ana", id_number="7"),)))
    assert keys(found.added) == ["id:7"]
    assert found.missing == twins
