"""The people in the rows of a table, and why each row that gives none was left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from checks.classroom.person import Person
from checks.classroom.roster_columns import CANVAS, EMAIL, GITHUB, Columns, plain
from checks.classroom.roster_key import UNIQUE, folded, key_of
from checks.classroom.roster_table import LONGEST_CELL, Row, Table
from checks.classroom.roster_text import INVISIBLE

# https://github.com/docker-archive/docker-registry/issues/23 prints the service's own expression;
# docker/docs content/manuals/accounts/individual/create-account.md says the same in words.
DOCKER_ID: Final = re.compile(r"[a-z0-9]{4,30}", re.ASCII)
_MOST_TOLD = 20  # of one kind of trouble: past that, how many more
_ADDRESS = re.compile(r"@|(?:https?://)?(?:hub\.)?docker\.(?:com|io)/(?:u/|r/|repositories/)?", re.IGNORECASE)
_IN_ANGLES = re.compile(r".*<([^<>]+)>\s*", re.DOTALL)  # Ana Souza <ana@escola.br>
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E\+\d+")  # what Excel makes of a long number
# Rows that an LMS writes among people: maximum points, dates, averages. They have no e-mail and no number.
_NOBODY = frozenset(
    {"points possible", "points", "pontos", "pontuacao", "date", "data", "due date", "data de entrega"}
    | {"class average", "media da turma", "overall average", "media geral"}
)
_TEST_STUDENT = frozenset({"student test", "test student"})  # the one that Canvas adds to each course
_STUDENT = re.compile(r"estudante|alun|student|learner|discente")
_STAFF = re.compile(r"profess|docente|teacher|tutor|gerente|manager|administrador|instructor|coordena")
_LONGEST_EMAIL = 254  # https://www.rfc-editor.org/errata/eid1690

_NO_ONE = "Não tem nome nem e-mail."
_ON_STAFF = "Pela coluna dos papéis, é alguém da equipe, e não estudante."
_NOT_A_PERSON = "É uma linha que o ambiente da escola escreve, e não uma pessoa."
_OF_TESTS = "É o estudante de teste do Canvas."
_ABOVE = "Está acima dos nomes das colunas."
_NOBODY_LOST = frozenset({_ON_STAFF, _NOT_A_PERSON, _OF_TESTS, _ABOVE})
_NOT_OPEN = "As aspas que abrem na linha {} só fecham na linha {}, e há mais de uma pessoa entre elas."
_MORE_CELLS = (
    "Tem mais células do que a linha dos nomes das colunas. Ponha entre aspas o que tem vírgula ou "
    "ponto e vírgula dentro."
)
_LONG = f"Uma das células tem mais de {LONGEST_CELL} caracteres."
_SAME: Mapping[str, str] = {
    "email": "Já há uma pessoa com este e-mail, na linha {}.",
    "id_number": "Já há uma pessoa com esta matrícula, na linha {}.",
    "lms_id": "Já há uma pessoa com este número do ambiente da escola, na linha {}.",
    "username": "Já há uma pessoa com este nome de usuário, na linha {}.",
    "key": "Nada diferencia esta pessoa da que está na linha {}. Dê um e-mail ou uma matrícula a cada uma.",
}
_TROUBLES: Mapping[str, str] = {
    "invisible": "Linha {line}: tirei caracteres invisíveis, que ninguém digita e atrapalham as comparações.",
    "email": "Linha {line}: “{value}” não é um e-mail, e a pessoa entrou sem ele.",
    "rounded": "Linha {line}: o Excel trocou a matrícula por “{value}”, e a pessoa entrou sem ela.",
    "docker_id": "Linha {line}: “{value}” não serve de Docker ID, que tem de 4 a 30 letras minúsculas e "
    "números. A pessoa entrou sem ele.",
    "taken": "Linha {line}: o Docker ID “{value}” já é da pessoa da linha {first}, e esta entrou sem ele.",
}
_MORE: Mapping[str, str] = {
    "invisible": "Em mais {} linhas tirei caracteres invisíveis.",
    "email": "Mais {} pessoas entraram sem e-mail, porque o que está na lista não é um.",
    "rounded": "Mais {} pessoas entraram sem matrícula, porque o Excel a arredondou.",
    "docker_id": "Mais {} pessoas entraram sem Docker ID, porque o que está na lista não serve.",
    "taken": "Mais {} pessoas entraram sem Docker ID, porque o da lista já é de outra.",
}


@dataclass(frozen=True)
class LeftOut:
    """A row that is nobody, or of which nobody can be made; `reason` is a Portuguese sentence."""

    line: int
    text: str
    reason: str

    @property
    def is_nobody(self) -> bool:
        """Nothing was lost with the row: no learner is in it."""
        return self.reason in _NOBODY_LOST


@dataclass(frozen=True)
class _Trouble:
    kind: str
    value: str = ""
    first: int = 0  # the line of who came before


@dataclass
class _Register:
    """What the rows so far have brought: the line of each value, by its kind."""

    lines: dict[tuple[str, str], int] = field(default_factory=dict)
    troubles: dict[str, list[str]] = field(default_factory=dict)

    def add(self, person: Person, line: int) -> None:
        for kind in (*UNIQUE, "key", "docker_id"):
            if value := getattr(person, kind):
                self.lines.setdefault((kind, folded(value)), line)

    def first(self, person: Person, kind: str) -> int | None:
        value = getattr(person, kind)
        return self.lines.get((kind, folded(value))) if value else None

    def tell(self, line: int, troubles: Sequence[_Trouble]) -> None:
        for one in troubles:
            told = _TROUBLES[one.kind].format(line=line, value=one.value, first=one.first)
            self.troubles.setdefault(one.kind, []).append(told)

    def notes(self) -> Iterator[str]:
        for kind, told in self.troubles.items():
            yield from told[:_MOST_TOLD]
            if len(told) > _MOST_TOLD:
                yield _MORE[kind].format(len(told) - _MOST_TOLD)


def people_of(table: Table) -> tuple[tuple[Person, ...], tuple[LeftOut, ...], tuple[str, ...]]:
    """Everybody, every row that gave nobody, and what else there is to tell."""
    register, people = _Register(), []
    left_out = [LeftOut(row.first, row.shown, _ABOVE) for row in table.before]
    for row in table.rows:
        found = _read(row, table, register)
        if isinstance(found, Person):
            people.append(found)
        else:
            left_out.append(LeftOut(row.first, row.shown, found))
    return tuple(people), tuple(left_out), tuple(register.notes())


def _read(row: Row, table: Table, register: _Register) -> Person | str:
    """A person, or why the row gives none."""
    if reason := _broken(row, table):
        return reason
    cells, troubles = _cells(row, table.columns)
    if reason := _nobody(cells, table.columns.format):
        return reason
    person, more = _person(cells, table.columns.format)
    if not person.name:
        return _NO_ONE
    for kind, reason in _SAME.items():
        if (line := register.first(person, kind)) is not None:
            return reason.format(line)
    if (line := register.first(person, "docker_id")) is not None:
        more.append(_Trouble("taken", person.docker_id, line))
        person = replace(person, docker_id="")
    register.add(person, row.first)
    register.tell(row.first, [*troubles, *more])
    return person


def _broken(row: Row, table: Table) -> str:
    """What makes a row impossible to read, or "": its cells may not be where they seem."""
    width = table.columns.width
    if width > 1 and any(_swallowed(cell, table.delimiter, width) for cell in row.cells):
        return _NOT_OPEN.format(row.first, row.last)
    if row.is_endless or any(cell.strip() for cell in row.cells[width:]):
        return _MORE_CELLS
    used = set(table.columns.places.values())
    if any(len(cell) > LONGEST_CELL for at, cell in enumerate(row.cells) if at in used):
        return _LONG
    return ""


def _swallowed(cell: str, delimiter: str, width: int) -> bool:
    """Whether another row is inside of a cell, because somebody's quote closed only there."""
    return "\n" in cell and any(line.count(delimiter) >= width - 1 for line in cell.split("\n"))


def _cells(row: Row, columns: Columns) -> tuple[dict[str, str], list[_Trouble]]:
    """The cells that are used, each on one line and without what nobody sees."""
    raw = {kind: row.cells[at] for kind, at in columns.places.items() if at < len(row.cells)}
    clean = {kind: " ".join(INVISIBLE.sub("", cell).split()) for kind, cell in raw.items()}
    return clean, [_Trouble("invisible")] if any(map(INVISIBLE.search, raw.values())) else []


def _nobody(cells: Mapping[str, str], form: str) -> str:
    name = plain(cells.get("name") or cells.get("last") or cells.get("first") or "")
    if form == CANVAS and not any(cells.get(kind) for kind in ("name", "lms_id", "username", "id_number")):
        return _NOT_A_PERSON
    if name in _NOBODY and not cells.get("email") and not cells.get("lms_id"):
        return _NOT_A_PERSON
    if form == CANVAS and name in _TEST_STUDENT:
        return _OF_TESTS
    role = plain(cells.get("role", ""))
    return _ON_STAFF if _STAFF.search(role) and not _STUDENT.search(role) else ""


def _person(cells: Mapping[str, str], form: str) -> tuple[Person, list[_Trouble]]:
    told: dict[str, str] = {**cells, **_identified(cells)} if form == GITHUB else dict(cells)
    troubles: list[_Trouble] = []
    email = _email(told, form, troubles)
    id_number = told.get("id_number", "")
    if _ROUNDED.fullmatch(id_number):
        troubles.append(_Trouble("rounded", id_number))
        id_number = ""
    person = Person(
        key="",
        name=_name(told) or email,
        email=email,
        username=told.get("username", ""),
        id_number=id_number,
        lms_id=told.get("lms_id", ""),
        section=told.get("section", ""),
        github=told.get("github", "").removeprefix("@"),
        docker_id=_docker_id(told.get("docker_id", ""), troubles),
    )
    return replace(person, key=key_of(person)), troubles


def _identified(cells: Mapping[str, str]) -> dict[str, str]:
    """GitHub Classroom's identifier is whatever the teacher chose: e-mails, numbers or names."""
    identifier, name = cells.get("identifier", ""), cells.get("name", "")
    shown = name or identifier or cells.get("github", "")
    if EMAIL.fullmatch(identifier):
        return {"email": identifier, "name": name}
    return {"name": shown} if " " in identifier else {"name": shown, "id_number": identifier}


def _name(cells: Mapping[str, str]) -> str:
    whole = f"{cells.get('first', '')} {cells.get('last', '')}".strip()
    name = cells.get("social") or cells.get("name") or whole
    return name.removeprefix('"') if name.count('"') % 2 else name  # a quote that nobody closed


def _email(cells: Mapping[str, str], form: str, troubles: list[_Trouble]) -> str:
    text = cells.get("email", "")
    if not text and form == CANVAS and EMAIL.fullmatch(cells.get("username", "")):
        text = cells["username"]  # Canvas exports no e-mail, but many schools sign in with it
    found = _IN_ANGLES.fullmatch(text)
    email = (found[1] if found else text).strip().removeprefix("mailto:").lower()
    if email and (len(email) > _LONGEST_EMAIL or not EMAIL.fullmatch(email)):
        troubles.append(_Trouble("email", text[:60]))
        return ""
    return email


def _docker_id(text: str, troubles: list[_Trouble]) -> str:
    """The Docker ID that somebody wrote, be it as an address; "" when none is there."""
    if not text or text in ("-", "—", "?"):
        return ""
    address = _ADDRESS.match(text)
    found = text[address.end() if address else 0 :].strip("/ ").lower()
    if DOCKER_ID.fullmatch(found):
        return found
    troubles.append(_Trouble("docker_id", text[:60]))
    return ""
