"""A teacher's list of people, read from CSV as it comes: who is in it, what could not be kept, and why.

No row is lost without a word: each one with something in it becomes a person or is told in `left_out`.
Nothing that a list says is ever the name of a file, and people's names are kept as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from checks.classroom.person import Person
from checks.classroom.roster_people import LeftOut, people_of
from checks.classroom.roster_table import read_table
from checks.classroom.roster_text import LARGEST, BadRoster, decode

__all__ = ["LARGEST", "BadRoster", "LeftOut", "Roster", "read"]


@dataclass(frozen=True)
class Roster:
    """People in the order of the list; `notes` are whole Portuguese sentences; `format` names its origin."""

    people: tuple[Person, ...]
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    format: str = ""

    @property
    def lost(self) -> tuple[LeftOut, ...]:
        """Rows of somebody who should have been kept, or may have been."""
        return tuple(one for one in self.left_out if not one.is_nobody)


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
