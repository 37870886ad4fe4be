"""Which column of a list is what, told by its header, be it of an LMS or of a person.

Headers were taken from: Canvas's lib/gradebook_exporter.rb; Moodle's exports of participants and of grades,
in Portuguese and in English; GitHub Classroom's classroom_roster.csv (identifier, github_username, github_id,
name); Google Classroom's download of grades (last name, first name, e-mail address).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CANVAS: Final = "Canvas"
MOODLE: Final = "Moodle"
GOOGLE: Final = "Google Classroom"
GITHUB: Final = "GitHub Classroom"
BY_HAND: Final = "lista"

EMAIL: Final = re.compile(r"[^\s@,;:<>\"'()\[\]\\]{1,64}@[^\s@,;:<>\"'()\[\]\\/]{1,190}")

# Each is compared without accents, capitals and punctuation. Of two columns of one kind, the first in the
# order here is taken.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "name": (
        "nome completo", "full name", "nome do aluno", "nome da aluna", "nome do estudante", "student name",
        "nome do participante", "student", "aluno", "aluna", "estudante", "discente", "participante", "nome",
        "name", "nome / sobrenome", "first name / surname", "first name / last name",
    ),
    "first": ("primeiro nome", "first name", "firstname", "given name", "prenome"),
    "last": (
        "sobrenome", "surname", "last name", "lastname", "family name", "apelido", "apelidos", "apelido(s)",
        "último nome",
    ),
    "social": ("nome social",),
    "email": (
        "endereço de email", "endereço de e-mail", "email address", "e-mail address", "email", "e-mail",
        "correio eletrônico", "email do aluno", "e-mail do aluno", "email do estudante",
        "e-mail do estudante", "student email", "email institucional", "e-mail institucional", "mail",
    ),
    "username": (
        "identificação de usuário", "username", "user name", "nome de usuário", "usuário", "login",
        "sis login id",
    ),
    "id_number": (
        "número de identificação", "id number", "idnumber", "sis user id", "matrícula", "número de matrícula",
        "nº de matrícula", "ra", "registro acadêmico", "rgm", "prontuário", "número usp", "student id",
        "código do aluno", "registration number",
    ),
    "lms_id": ("canvas user id", "user id", "userid", "id do usuário", "id"),
    "section": (
        "section", "sections", "turma", "turmas", "grupos", "groups", "grupo", "group", "sala", "classe",
        "class", "seção", "série",
    ),
    "github": (
        "github username", "usuário do github", "usuário no github", "conta do github", "github user",
        "github login", "github",
    ),
    "docker_id": (
        "docker id", "dockerid", "seu docker id", "docker hub id", "dockerhub id", "docker hub username",
        "dockerhub username", "usuário do docker hub", "usuário do dockerhub", "usuário no docker hub",
        "conta do docker hub", "docker username", "usuário docker", "usuário do docker", "docker hub",
        "dockerhub", "docker",
    ),
    "identifier": ("identifier", "roster identifier"),
    "role": ("papéis", "papel", "roles", "role", "função", "perfil"),
}  # fmt: skip
_SAID: Mapping[str, str] = {
    "name": "O nome vem da coluna “{}”.",
    "first": "O primeiro nome vem da coluna “{}”.",
    "last": "O sobrenome vem da coluna “{}”.",
    "social": "Quem tem nome social, na coluna “{}”, aparece com ele.",
    "email": "O e-mail vem da coluna “{}”.",
    "username": "O nome de usuário vem da coluna “{}”.",
    "id_number": "A matrícula vem da coluna “{}”.",
    "lms_id": "O número de cada pessoa no ambiente da escola vem da coluna “{}”.",
    "section": "A turma vem da coluna “{}”.",
    "github": "A conta do GitHub vem da coluna “{}”.",
    "docker_id": "O Docker ID vem da coluna “{}”.",
    "identifier": "O que identifica cada pessoa no GitHub Classroom vem da coluna “{}”.",
    "role": "Quem é estudante se vê na coluna “{}”.",
}
_FORMATS: Mapping[str, str] = {
    CANVAS: "Entendi o arquivo como as notas que o Canvas exporta.",
    MOODLE: "Entendi o arquivo como uma exportação do Moodle.",
    GOOGLE: "Entendi o arquivo como uma exportação do Google Classroom.",
    GITHUB: "Entendi o arquivo como a lista que o GitHub Classroom exporta.",
    BY_HAND: "Entendi o arquivo como uma lista feita à mão.",
}
_BY_CONTENT = (
    "A primeira linha já é de uma pessoa, e não diz o que é cada coluna: usei só a coluna dos e-mails e a "
    "dos nomes."
)
_NO_DOCKER_ID = "Não há coluna de Docker ID: cada pessoa diz o seu na página da turma, com o código dela."
# What only Moodle calls so, how other columns of its exports begin or end, and what it has beside two names.
_MOODLE_ALONE = ("número de identificação", "identificação de usuário")
_MOODLE_BEGINS = ("ultimo acesso", "ultimo download", "last access", "last downloaded")
_MOODLE_ENDS = " real"
_MOODLE_TOO = frozenset({"id number", "instituicao", "institution", "departamento", "department"})
_GROUPS = frozenset({"grupos", "groups"})
_WHO = ("name", "first", "last", "email", "identifier")


@dataclass(frozen=True)
class Columns:
    """Where each kind of column is, from 0; the kinds are the keys of the table above."""

    format: str
    places: Mapping[str, int]
    width: int
    notes: tuple[str, ...]
    has_header: bool = True

    @property
    def is_enough(self) -> bool:
        """Whether the columns tell who is who."""
        return any(kind in self.places for kind in _WHO)


def plain(text: str) -> str:
    """Without accents, capitals, punctuation or spaces to spare: how headers and names are compared."""
    letters = unicodedata.normalize("NFKD", text[:2000]).casefold()
    kept = "".join(one if one.isalnum() else " " for one in letters if not unicodedata.combining(one))
    return " ".join(kept.split())


_HEADERS: Mapping[str, tuple[str, ...]] = {kind: tuple(map(plain, names)) for kind, names in _NAMES.items()}
_OF_MOODLE = frozenset(map(plain, _MOODLE_ALONE))


def from_header(cells: Sequence[str]) -> Columns:
    headers = [plain(cell) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    places = _places(headers)
    kind = _format(headers, places)
    if (
        kind != CANVAS
        and "lms_id" in places
        and "id_number" not in places
        and headers[places["lms_id"]] == "id"
    ):
        places["id_number"] = places.pop("lms_id")  # anywhere else "ID" is the school's own number
    return Columns(kind, places, len(headers), (_FORMATS[kind], *_notes(cells, headers, places)))


def from_content(cells: Sequence[str]) -> Columns | None:
    """For a list without a header: only an e-mail is sure to be what it looks like."""
    email = next((at for at, cell in enumerate(cells) if EMAIL.fullmatch(cell.strip())), None)
    if email is None:
        return None
    name = next((at for at, cell in enumerate(cells) if at != email and _like_a_name(cell)), None)
    places = {"email": email} | ({} if name is None else {"name": name})
    return Columns(BY_HAND, places, len(cells), (_BY_CONTENT, _NO_DOCKER_ID), has_header=False)


def _like_a_name(cell: str) -> bool:
    return any(one.isalpha() for one in cell) and not any(one.isdigit() or one == "@" for one in cell)


def _places(headers: Sequence[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for kind, known in _HEADERS.items():
        found = next((headers.index(header) for header in known if header in headers), None)
        if found is not None and found not in places.values():
            places[kind] = found
    if "last" in places and "first" not in places and "name" in places and headers[places["name"]] == "nome":
        places["first"] = places.pop("name")  # Moodle in Portuguese: "Nome" beside "Sobrenome"
    if "email" not in places:
        found = next((at for at, one in enumerate(headers) if re.search(r"\be ?mails?\b", one)), None)
        if found is not None and found not in places.values():
            places["email"] = found
    return places


def _format(headers: Sequence[str], places: Mapping[str, int]) -> str:
    if ("student" in headers[:1] and "id" in headers) or headers[:3] == ["lastname", "firstname", "id"]:
        return CANVAS
    if "identifier" in places and "github" in places:
        return GITHUB
    if _is_of_moodle(headers) or ("last" in places and (_MOODLE_TOO | _GROUPS) & set(headers)):
        return MOODLE
    if "last" in places and "email" in places and len(headers) >= 3:
        return GOOGLE
    return BY_HAND


def _is_of_moodle(headers: Sequence[str]) -> bool:
    return any(
        one in _OF_MOODLE or one.startswith(_MOODLE_BEGINS) or one.endswith(_MOODLE_ENDS) for one in headers
    )


def _notes(cells: Sequence[str], headers: Sequence[str], places: Mapping[str, int]) -> list[str]:
    shown = [" ".join(cell.split())[:60] for cell in cells]
    notes = [_SAID[kind].format(shown[at]) for kind, at in places.items()]
    unused = [f"“{shown[at]}”" for at, one in enumerate(headers) if one and at not in places.values()]
    if len(unused) == 1:
        notes.append(f"A coluna {unused[0]} não foi usada.")
    elif unused:
        more = f" e mais {len(unused) - 8}" if len(unused) > 8 else ""
        notes.append(f"Estas colunas não foram usadas: {', '.join(unused[:8])}{more}.")
    return notes if "docker_id" in places else [*notes, _NO_DOCKER_ID]
