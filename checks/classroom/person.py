"""Somebody in a class, as the teacher's list tells of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

# Who grades on the practice hub. A Docker ID has no hyphen, so nobody in a class can be called this.
GRADER: Final = "hub-corretor"


@dataclass(frozen=True)
class Person:
    """`key` is theirs in this class for as long as it lasts: nobody else has it, and it never changes.

    What a list does not tell is empty. Each text is as the list has it, less the spaces around it, but for
    `email` and `docker_id`, which are in lower case.
    """

    key: str
    name: str
    email: str = ""
    username: str = ""  # Moodle's `username`, Canvas's SIS Login ID
    id_number: str = ""  # Moodle's `idnumber`, Canvas's SIS User ID
    lms_id: str = ""  # Canvas's ID
    section: str = ""
    github: str = ""
    docker_id: str = ""

    def to_dict(self) -> dict[str, str]:
        return {item.name: getattr(self, item.name) for item in fields(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Person:
        """Reads what `to_dict` wrote; KeyError or TypeError when it is not that."""
        known = {item.name for item in fields(cls)}
        return cls(**{name: str(value) for name, value in data.items() if name in known})
