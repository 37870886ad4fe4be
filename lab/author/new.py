"""Starts a unit: a folder that derives, that an untouched lab does not pass, and that its solution passes."""

import re
from pathlib import Path
from string import Template

from checks.errors import CourseError
from checks.unit import load_course
from lab.author import templates


class BadName(CourseError):  # noqa: N818
    """A number, id or title that no unit can have."""


def new_unit(course: Path, number: int, unit_id: str, title: str) -> Path:
    """Write the folder and say where it is; nothing is overwritten."""
    units = load_course(course)
    _refuse(not 0 <= number <= 99, f"O número vai de 0 a 99, e {number} não serve.")
    _refuse(not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", unit_id), _BAD_ID.format(id=unit_id))
    _refuse(not title.strip(), "Escreva um título para a unidade, entre aspas.")
    for unit in units:
        _refuse(unit.id == unit_id, f"A unidade `{unit_id}` já existe, em {unit.folder}.")
        _refuse(unit.number == number, f"O número {number:02} já é da unidade `{unit.id}`.")
    before = [unit.id for unit in units if unit.number < number]
    words = {
        **templates.DIGESTS,
        "title": title.strip(),
        "quoted": title.strip().replace("\\", "\\\\").replace('"', '\\"'),
        "id": unit_id,
        "after": f'["{before[-1]}"]' if before else "[]",
    }
    folder = course / f"{number:02}-{unit_id}"
    for name, text in templates.FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template(text).substitute(words), encoding="utf-8")
    return folder


def _refuse(bad: bool, why: str) -> None:
    if bad:
        raise BadName(why)


_BAD_ID = "O id `{id}` não serve: use letras minúsculas sem acento, números e hifens, como `push`."
