"""A teacher's list of people, read from CSV as it comes: who is in it, what could not be kept, and why.

No row is lost without a word: each one with something in it becomes a person or is told in `left_out`.
Nothing that a list says is ever the name of a file, and people's names are kept as they are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from checks.classroom.person import Person
from checks.classroom.roster_people import LeftOut, people_of
from checks.classroom.roster_table import LONGEST_CELL, MOST_ROWS, read_table
from checks.classroom.roster_text import LARGEST, BadRoster, decode

__all__ = ["LARGEST", "BadRoster", "LeftOut", "Roster", "from_json", "read", "to_json"]

SCHEMA: Final = 1
_KIND = "roster"
_OTHER = (
    "não é a lista de uma turma que este curso gravou. Importe a lista outra vez com `lab turma importar`."
)


@dataclass(frozen=True)
class Roster:
    """People in the order of the list; `notes` are whole Portuguese sentences; `format` names its origin."""

    people: tuple[Person, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    format: str = ""


def read(data: bytes, name: str = "") -> Roster:
    """BadRoster, which says what to do, when the bytes are no list of people at all.

    `name` is how messages call the file. Of what is wrong in a row only that row knows.
    """
    decoded = decode(data, name)
    table = read_table(decoded, name)
    people, left_out, notes = people_of(table)
    return Roster(
        people=people,
        left_out=left_out,
        notes=(*table.columns.notes[:1], *decoded.notes, *table.notes, *table.columns.notes[1:], *notes),
        format=table.columns.format,
    )


def to_json(people: Sequence[Person]) -> str:
    """The same text for the same people, in their order."""
    document = {"kind": _KIND, "schema": SCHEMA, "people": [person.to_dict() for person in people]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def from_json(text: str, name: str = "") -> tuple[Person, ...]:
    """Reads what `to_json` wrote; BadRoster for anything else."""
    try:
        found = json.loads(text)
        people = tuple(map(_person, found["people"])) if _is_ours(found) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        people = None
    if people is None or len(people) > MOST_ROWS or len({person.key for person in people}) < len(people):
        raise BadRoster(_OTHER, name)
    return people


def _is_ours(found: Any) -> bool:
    return found["kind"] == _KIND and type(found["schema"]) is int and found["schema"] == SCHEMA


def _person(data: Any) -> Person:
    values = [data.get(item.name, "") for item in fields(Person)]
    if not all(isinstance(value, str) and len(value) <= LONGEST_CELL for value in values):
        raise TypeError("not a person")
    if not data["key"]:
        raise ValueError("nobody without a key")
    return Person.from_dict(data)
