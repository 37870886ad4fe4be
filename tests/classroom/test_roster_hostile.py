"""Lists that somebody spoiled, by mistake or on purpose: a clear word, nothing lost, nobody else affected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.classroom.roster import LeftOut, Roster, read

GOOD = [f"Pessoa {at};pessoa{at}@escola.br;pessoa{at:04};A" for at in range(50)]
HEADER = "nome;email;docker id;turma"


def roster(*rows: str) -> Roster:
    return read("\n".join([HEADER, *rows, ""]).encode())


def among(bad: str) -> tuple[Roster, list[LeftOut]]:
    """A bad row between two good ones, which come out as if it were not there."""
    found = roster(GOOD[0], bad, GOOD[1])
    assert [one.name for one in found.people if one.email.startswith("pessoa")] == ["Pessoa 0", "Pessoa 1"]
    return found, list(found.left_out)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("Ana;" + "x" * 1_000_000 + ";;", "Uma das células tem mais de 1000 caracteres."),
        ('Ana;"' + "x\n" * 500_000 + '";;', "Uma das células tem mais de 1000 caracteres."),
        ("\0" * 1_000_000 + ";;;", "Uma das células tem mais de 1000 caracteres."),
        (";;anasouza;A", "Não tem nome nem e-mail."),
        (";não é e-mail;anasouza;A", "Não tem nome nem e-mail."),
        ("Ana;a@x.br;anasouza;A;B;C", "Tem mais células"),
        ("Silva; Filho;s@x.br;silva;A", "Tem mais células"),
        (";" * 5_000 + "x", "Tem mais células"),
        ('"Ana;a@x.br;anas;A\nBia;b@x.br;bias;A\nCaio";c@x.br;;', "na linha 3 só fecham na linha 5"),
        ("Outra;PESSOA0@escola.br;;", "Já há uma pessoa com este e-mail, na linha 2."),
    ],
)  # fmt: skip
def test_a_bad_row_is_left_out_alone(bad: str, reason: str) -> None:
    found, (out,) = among(bad)
    assert len(found.people) == 2
    assert out.line == 3
    assert reason in out.reason
    assert len(out.text) <= 100
    assert out.text.isprintable()


@pytest.mark.parametrize(
    "bad", ['"Ana;ana@x.br;;', 'Ana";ana@x.br;;', '"Ana"x;ana@x.br;;', 'Ana;ana@x.br;;"']
)
def test_a_quote_that_nobody_closed_takes_nobody_along(bad: str) -> None:
    found, left_out = among(bad)
    assert not left_out
    assert [one.email for one in found.people] == ["pessoa0@escola.br", "ana@x.br", "pessoa1@escola.br"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "../../etc/passwd"),
        ("..\\..\\windows", "..\\..\\windows"),
        ("/etc/shadow", "/etc/shadow"),
        ("C:\\aux", "C:\\aux"),
        ("Ana\0Souza", "AnaSouza"),
        ("\x1b[2JAna", "[2JAna"),
        ("Ana\u202egnp.exe", "Anagnp.exe"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("💥", "💥"),
        ("李小龍", "李小龍"),
        ("x" * 1000, "x" * 1000),
    ],
)
def test_names_are_kept_and_keys_are_never_paths(name: str, shown: str) -> None:
    (person,) = roster(f"{name};;;").people
    assert person.name == shown
    assert person.name.isprintable()
    assert person.key.isascii()
    assert len(person.key) <= 100
    assert not {"/", "\\", "\0"} & set(person.key)
    assert ".." not in person.key


@pytest.mark.parametrize(
    "email", ["../../x@x.br", "a" * 64 + "@" + "b" * 180 + ".br", "joão@x.br", "a/b@x.br"]
)
def test_the_key_of_a_strange_address_is_safe_too(email: str) -> None:
    (person,) = roster(f"Ana;{email};;").people
    assert person.email == email
    assert ".." not in person.key
    assert "/" not in person.key
    assert len(person.key) <= 100


def test_invisible_characters_are_told() -> None:
    found = roster("Ana\0;a@x.br;;", "Bia;b@x.br;;")
    assert (
        "Linha 2: tirei caracteres invisíveis, que ninguém digita e atrapalham as comparações." in found.notes
    )
    assert not any("Linha 3" in note for note in found.notes)


def test_two_people_with_one_docker_id() -> None:
    found = roster("Ana;a@x.br;mesmoid;", "Bia;b@x.br;MesmoID;", "Caio;c@x.br;outroid;")
    assert [one.docker_id for one in found.people] == ["mesmoid", "", "outroid"]
    assert "Linha 3: o Docker ID “mesmoid” já é da pessoa da linha 2, e esta entrou sem ele." in found.notes


def test_namesakes_without_anything_else() -> None:
    found = roster("João da Silva;;;", "joao da silva;;;", "João da Silva;outro@x.br;;")
    assert [one.key for one in found.people] == ["name:joao-da-silva", "outro@x.br"]
    assert found.left_out[0].reason == (
        "Nada diferencia esta pessoa da que está na linha 2. Dê um e-mail ou uma matrícula a cada uma."
    )


def test_what_went_wrong_often_is_told_once_for_the_rest() -> None:
    found = roster(*(f"Pessoa {at};p{at}@x.br;não;" for at in range(100)))
    assert sum("não serve de Docker ID" in note for note in found.notes) == 20
    assert "Mais 80 pessoas entraram sem Docker ID, porque o que está na lista não serve." in found.notes


def test_ten_thousand_rows_of_all_kinds() -> None:
    kinds = (
        "Pessoa {0};p{0}@x.br;docker{0};A",
        "=cmd|'/c calc'!A{0};f{0}@x.br;;A",
        "../../etc/{0};t{0}@x.br;;A",
        "Nulo\0{0};n{0}@x.br;;A",
        '"Aspas {0};q{0}@x.br;;A',
        "Repetida {0};p0@x.br;;A",
        ";;;A",
        "Longa {0};" + "y" * 2000 + ";;A",
        "Mesmo ID {0};m{0}@x.br;docker0;A",
        "Sobra {0};s{0}@x.br;;A;B",
    )
    found = roster(*(kinds[at % 10].format(at) for at in range(10_000)))
    assert len(found.people) + len(found.left_out) == 10_000
    assert len(found.people) == 6_000
    assert len({one.key for one in found.people}) == 6_000
    assert len({one.docker_id for one in found.people} - {""}) == 1_000
    assert len(found.notes) < 100
    lines = {out.line for out in found.left_out}
    assert lines == {at + 2 for at in range(10_000) if at % 10 in (5, 6, 7, 9)}


@given(st.lists(st.text(max_size=60), max_size=15))
def test_whatever_is_in_a_file_every_row_is_somebody_or_is_told(rows: list[str]) -> None:
    found = roster(*GOOD[:2], *rows)
    assert [one.name for one in found.people][:2] == ["Pessoa 0", "Pessoa 1"]
    for person in found.people:
        assert person.name or person.email
        assert all("\0" not in value and len(value) <= 1000 for value in person.to_dict().values())
    assert len({one.key for one in found.people}) == len(found.people)
    assert all(out.reason.endswith(".") for out in found.left_out)


_NAME = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp")), min_size=1)


@given(st.lists(_NAME.map(lambda name: " ".join(name.split())).filter(bool), max_size=20))
def test_quoted_names_come_out_as_they_went_in(names: list[str]) -> None:
    kept = [name for name in names if name[0] not in "='" and name.count('"') % 2 == 0]
    rows = ['"{}";p{}@x.br;;'.format(name.replace('"', '""'), at) for at, name in enumerate(kept)]
    assert [one.name for one in roster(GOOD[0], *rows).people][1:] == kept
