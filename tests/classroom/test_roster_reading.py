"""Lists as they come: what each LMS exports, what a teacher types, in any encoding a spreadsheet saves."""

import pytest

from checks.classroom.person import Person
from checks.classroom.roster import BadRoster, Roster, read
from tests.classroom.roster_samples import (
    BY_HAND,
    CANVAS,
    GITHUB,
    GOOGLE,
    GOOGLE_PORTUGUESE,
    MOODLE_ENGLISH,
    MOODLE_GRADES,
    MOODLE_PARTICIPANTS,
)


def people(text: str) -> list[dict[str, str]]:
    """Everybody, each with what is known of them."""
    return [{key: value for key, value in one.to_dict().items() if value} for one in roster(text).people]


def roster(text: str) -> Roster:
    return read(text.encode(), "turma.csv")


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        (
            MOODLE_GRADES,
            "Moodle",
            [
                {"name": "Ana Souza Lima", "email": "ana.souza@escola.br", "id_number": "2026001"},
                {"name": "José Silva, Filho", "email": "jose@escola.br", "id_number": "2026002"},
            ],
        ),
        (
            MOODLE_PARTICIPANTS,
            "Moodle",
            [
                {
                    "name": "Ana Souza", "email": "ana@escola.br", "username": "anas",
                    "section": "Turma A, Turma B",
                }
            ],
        ),
        (
            MOODLE_ENGLISH,
            "Moodle",
            [
                {
                    "name": "Ana Souza", "email": "ana@escola.br", "username": "anas",
                    "id_number": "2026001", "section": "A",
                }
            ],
        ),
        (
            CANVAS,
            "Canvas",
            [
                {
                    "name": "Souza, Ana", "email": "ana@escola.br", "username": "ana@escola.br",
                    "id_number": "2026001", "lms_id": "1001", "section": "Turma A",
                },
                {
                    "name": "=cmd", "username": "bia", "id_number": "2026002", "lms_id": "1002",
                    "section": "Turma A and Turma B",
                },
            ],
        ),
        (GOOGLE, "Google Classroom", [{"name": "Ana Souza", "email": "ana@escola.br"}]),
        (GOOGLE_PORTUGUESE, "Google Classroom", [{"name": "Ana Souza", "email": "ana@escola.br"}]),
        (
            GITHUB,
            "GitHub Classroom",
            [
                {"name": "Ana Souza", "email": "ana@escola.br", "github": "anasouza"},
                {"name": "2026002", "id_number": "2026002", "github": "biagh"},
                {"name": "Caio, da turma A"},
            ],
        ),
        (
            BY_HAND,
            "lista",
            [
                {
                    "name": "Silva, Filho", "email": "silva@escola.br", "docker_id": "silvafilho",
                    "section": "A",
                },
                {"name": "Bia Lima", "email": "bia@escola.br", "docker_id": "bia2026", "section": "A"},
                {"name": "Caio"},
            ],
        ),
    ],
    ids=["moodle-notas", "moodle-participantes", "moodle-ingles", "canvas", "google", "google-portugues",
         "github", "a-mao"],
)  # fmt: skip
def test_the_export_of_each_system(text: str, form: str, expected: list[dict[str, str]]) -> None:
    found = roster(text)
    assert found.format == form
    assert [{k: v for k, v in one.items() if k != "key"} for one in people(text)] == expected


def test_rows_of_the_system_and_its_teachers_are_no_learners() -> None:
    told = [(out.line, out.reason) for out in roster(CANVAS).left_out]
    assert told == [
        (2, "É uma linha que o ambiente da escola escreve, e não uma pessoa."),
        (3, "É uma linha que o ambiente da escola escreve, e não uma pessoa."),
        (6, "É o estudante de teste do Canvas."),
    ]
    assert [out.line for out in roster(GOOGLE).left_out] == [2, 3]
    (teacher,) = roster(MOODLE_PARTICIPANTS).left_out
    assert "equipe" in teacher.reason
    assert not roster(CANVAS).lost + roster(GOOGLE).lost + roster(MOODLE_PARTICIPANTS).lost
    assert "Carlos Mestre" in teacher.text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_ends_of_lines(codec: str, delimiter: str, end: str) -> None:
    rows = [["nome", "e-mail", "turma"], ["João Müller", "joao@escola.br", "A"], ["Íris", "", "B"]]
    text = end.join(delimiter.join(row) for row in rows)
    found = read(text.encode(codec))
    assert [(one.name, one.email, one.section) for one in found.people] == [
        ("João Müller", "joao@escola.br", "A"),
        ("Íris", "", "B"),
    ]
    assert not found.left_out


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("nome;email\nJoão;j@x.br".encode(), "O arquivo está em UTF-8."),
        ("nome;email\nJoão;j@x.br".encode("utf-16"), "O arquivo está em UTF-16."),
        ("nome;email\nJoão;j@x.br".encode("cp1252"), "Latin-1"),
        (b"nome;email\nJoao;j@x.br", "As células são separadas por ponto e vírgula."),
        (b"nome\temail\nJoao\tj@x.br", "As células são separadas por tabulação."),
        (b"Nome do aluno,x\nJoao,1", "O nome vem da coluna “Nome do aluno”."),
        (b"nome,x\nJoao,1", "A coluna “x” não foi usada."),
        (b"nome,x,y\nJoao,1,2", "Estas colunas não foram usadas: “x”, “y”."),
        (b"nome,x\nJoao,1", "Não há coluna de Docker ID"),
        (b"nome\nJoao", "Entendi o arquivo como uma lista feita à mão."),
    ],
)
def test_what_was_understood_is_told(data: bytes, words: str) -> None:
    assert any(words in note for note in read(data).notes)


def test_the_teacher_hears_nothing_of_what_is_not_there() -> None:
    notes = " ".join(roster("nome,docker id\nAna,anasouza\n").notes)
    assert "Não há coluna" not in notes
    assert "não foi usada" not in notes


def test_one_bad_byte_does_not_take_the_accents_of_the_others() -> None:
    found = read("nome;email\nJoão;j@x.br\nÂngela;a@x.br\nLu".encode() + b"\xff" + b"s;l@x.br\n")
    assert [one.name for one in found.people] == ["João", "Ângela", "Lu\ufffds"]
    assert any("estragado" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("sep=;\nnome;email\nSilva, Filho;s@x.br\n", ["Silva, Filho"]),
        ('"sep=;"\r\nnome;email\r\nAna;a@x.br\r\n', ["Ana"]),
        ("nome\nSouza, Ana\nBia; a outra\n", ["Souza, Ana", "Bia; a outra"]),
        ('nome,email\n"Ana\nSouza",a@x.br\n', ["Ana Souza"]),
        ('nome,email\n"Ana ""Nina"" Souza",a@x.br\n', ['Ana "Nina" Souza']),
        ('nome,email\nAna "Nina" Souza,a@x.br\n', ['Ana "Nina" Souza']),
        ("Turma de Docker 2026;;\n;;\nnome;email;turma\nAna;a@x.br;A\n", ["Ana"]),
        ("ana@x.br;Ana Souza;10\nbia@x.br;Bia\n", ["Ana Souza", "Bia"]),
        ("nome,nome social\nJoão,Joana\nBia,\n", ["Joana", "Bia"]),
        ("nome,email\n,a@x.br\n", ["a@x.br"]),
        ("\n\n ;; \nNOME ; E-MAIL\n Ana  Souza ; a@x.br\n\n", ["Ana Souza"]),
        ('nome,matrícula\nAna,"=""0012"""\n', ["Ana"]),
        ("nome,email\n'=SOMA(1),a@x.br\n", ["=SOMA(1)"]),
    ],
)
def test_shapes_that_people_make(text: str, names: list[str]) -> None:
    assert [one.name for one in roster(text).people] == names


def test_a_number_kept_as_text_by_excel_keeps_its_zeros() -> None:
    assert roster('nome,matrícula\nAna,"=""0012"""\n').people[0].id_number == "0012"


def test_a_number_that_excel_rounded_is_no_number() -> None:
    found = roster("nome;matrícula\nAna;2,02601E+11\nBia;2,02601E+11\n")
    assert [one.id_number for one in found.people] == ["", ""]
    assert "Linha 2: o Excel trocou a matrícula por “2,02601E+11”, e a pessoa entrou sem ela." in found.notes


@pytest.mark.parametrize(
    ("typed", "docker_id"),
    [
        ("AnaSouza", "anasouza"),
        ("@anasouza", "anasouza"),
        ("docker.io/anasouza", "anasouza"),
        ("https://hub.docker.com/u/anasouza/", "anasouza"),
        ("", ""),
        ("-", ""),
        ("ana", ""),
        ("ana souza", ""),
        ("ana-souza", ""),
        ("ana@2026", ""),
        ("joão2026", ""),
        ("a" * 31, ""),
    ],
)
def test_docker_ids(typed: str, docker_id: str) -> None:
    found = roster(f"nome;docker id\nAna;{typed}\n")
    assert [one.docker_id for one in found.people] == [docker_id]
    is_wrong = not docker_id and typed not in ("", "-")
    assert any("não serve de Docker ID" in note for note in found.notes) == is_wrong


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("Ana;Ana@X.br;20;anas;anagh", "ana@x.br"),
        ("Ana;;20;anas;anagh", "id:20"),
        ("Ana;;;AnaS;anagh", "user:anas"),
        ("Ana;;;;anagh", "github:anagh"),
        ("José da  Silva;;;;", "name:jose-da-silva"),
    ],
)
def test_people_are_known_by_what_is_steadiest(row: str, key: str) -> None:
    assert roster(f"nome;email;matrícula;usuário;github\n{row}\n").people[0].key == key


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "está vazio"),
        (b"\xef\xbb\xbf\r\n ;;\r\n", "está vazio"),
        (b"nome;email\n", "tem só os nomes das colunas"),
        (b"nome;email\n;\n;\n", "tem só os nomes das colunas"),
        (b"%PDF-1.7\n", "é um PDF"),
        (b"PK\x03\x04\x14\x00", "salve como CSV"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "salve como CSV"),
        (b"\x1f\x8b\x08\x00", "está compactado"),
        (b"\x89PNG\r\n", "é uma imagem"),
        (b"\n<!DOCTYPE html><html><body>Entrar</body></html>", "é uma página da web"),
        (bytes(range(256)) * 50, "não é um texto"),
        (b"cidade;estado\nSanto Andre;SP\n", "nenhuma coluna de nome ou de e-mail"),
        (b"nome\n" + b"Ana\n" * 20_001, "mais de 20000 linhas"),
        (b"nome\n" + b"x" * (50 * 1024 * 1024), "tem mais de 50 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes, words: str) -> None:
    with pytest.raises(BadRoster, match=words) as refused:
        read(data, "turma.csv")
    assert str(refused.value).startswith("O arquivo turma.csv ")
    assert str(refused.value).endswith(".")


def test_the_most_people_still_fit() -> None:
    rows = "".join(f"Pessoa {at};p{at}@x.br\n" for at in range(20_000))
    assert len(roster(f"nome;email\n{rows}").people) == 20_000


def test_a_person_has_what_the_list_tells_and_no_more() -> None:
    (ana,) = roster("nome\nAna\n").people
    assert ana == Person(key="name:ana", name="Ana")
