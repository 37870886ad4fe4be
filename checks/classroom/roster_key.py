"""What a person is known by in a class: the steadiest thing that the list tells of them.

A key is for looking somebody up in a table, never the name of a file. Should it become one all the same, it
has no slash, no backslash and no two dots together, is at most 100 characters long, and is ASCII.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

from checks.classroom.person import Person
from checks.classroom.roster_columns import plain

# Of two people of one class only one has each of these.
UNIQUE: Final = ("email", "id_number", "lms_id", "username")
_LONGEST = 100
# An e-mail is known by its @; of the others the key tells the kind, so that none is taken for another.
_KINDS = {"id_number": "id", "lms_id": "lms", "username": "user", "github": "github"}
_SAFE = re.compile(r"[a-z0-9](?:[a-z0-9@_+-]|\.(?!\.))*", re.ASCII)


def folded(value: str) -> str:
    """As values are compared: capitals tell no two people apart."""
    return value.casefold()


def key_of(person: Person) -> str:
    if person.email:
        return _safe("", folded(person.email))
    for field, kind in _KINDS.items():
        if value := getattr(person, field):
            return _safe(f"{kind}:", folded(value))
    return _safe("name:", "-".join(plain(person.name).split()) or person.name)


def _safe(kind: str, value: str) -> str:
    if _SAFE.fullmatch(value) and len(kind) + len(value) <= _LONGEST:
        return kind + value
    slug = re.sub(r"[^a-z0-9@]+", "-", value[:60], flags=re.ASCII).strip("-")
    # Letters were lost: what is left of two values may be the same.
    digest = hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{kind}{slug}-{digest}".replace(":-", ":")
