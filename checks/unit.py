"""unit.toml -> Unit: a unit is a folder, its number is its order, the rest of the name is its id."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks import place
from checks.entry import Check, read_check
from checks.errors import BadUnit
from checks.image import Container
from checks.table import Table, did_you_mean

_FOLDER = re.compile(r"(\d{2,})-([a-z0-9]+(?:-[a-z0-9]+)*)")
_KEYS = ("title", "points", "after", "minutes", "by_hand", "hints", "check")


@dataclass(frozen=True)
class Unit:
    id: str
    number: int
    folder: Path
    title: str
    points: int
    checks: tuple[Check, ...]
    after: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    minutes: int = 0

    @property
    def runs_containers(self) -> bool:
        """Whether checking it holds the learner's image in use for a moment, so that it can't be removed."""
        parameters = (parameter for check in self.checks for parameter in check.rule.parameters)
        return any(parameter.kind is Container for parameter in parameters)


@dataclass(frozen=True)
class _Folder:
    number: int
    id: str
    path: Path


def load_course(course: Path | None = None) -> tuple[Unit, ...]:
    """Every unit, in course order."""
    folders = _folders(course)
    return tuple(_load(folder, folders) for folder in folders.values())


def load_unit(unit_id: str, course: Path | None = None) -> Unit:
    """One unit by its id; a fault in another unit does not matter."""
    folders = _folders(course)
    if unit_id not in folders:
        known = ", ".join(f"`{name}`" for name in folders) or "nenhuma"
        raise BadUnit(
            f"Não existe a unidade `{unit_id}`.{did_you_mean(unit_id, folders)} As unidades são: {known}."
        )
    return _load(folders[unit_id], folders)


def _folders(course: Path | None) -> dict[str, _Folder]:
    home = course or place.course_home()
    if not home.is_dir():
        raise BadUnit(f"A pasta do curso, {home}, não existe. Confira a variável COURSE_HOME.")
    found = [
        _Folder(int(match[1]), match[2], path)
        for path in home.iterdir()
        if path.is_dir() and (match := _FOLDER.fullmatch(path.name))
    ]
    folders: dict[str, _Folder] = {}
    for folder in sorted(found, key=lambda item: (item.number, item.id)):
        if twin := folders.get(folder.id):
            raise BadUnit(
                f"{twin.path} e {folder.path}: as duas pastas têm o id `{folder.id}`. Renomeie uma delas."
            )
        folders[folder.id] = folder
    return folders


def _load(folder: _Folder, folders: Mapping[str, _Folder]) -> Unit:
    table = Table(folder.path / "unit.toml", "início do arquivo", _read(folder.path / "unit.toml"))
    table.only(_KEYS)
    checks = tuple(
        read_check(table.within(f"[[check]] número {at}", entry))
        for at, entry in enumerate(table.get("check", list, []), start=1)
    )
    return Unit(
        id=folder.id,
        number=folder.number,
        folder=folder.path,
        title=table.need("title", str),
        points=_points(table, checks),
        checks=checks,
        after=_after(table, folder, folders),
        hints=table.texts("hints"),
        by_hand=table.texts("by_hand"),
        minutes=table.points("minutes", default=0),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadUnit(f"{path} não existe: toda pasta de unidade tem um unit.toml.") from None
    except UnicodeDecodeError:
        raise BadUnit(f"{path} não está em UTF-8. Salve o arquivo de novo nessa codificação.") from None
    except tomllib.TOMLDecodeError as error:
        raise BadUnit(f"{path} não é um TOML válido: {error}. Corrija o arquivo nesse ponto.") from None


def _points(table: Table, checks: tuple[Check, ...]) -> int:
    points, total = table.points("points", default=0), sum(check.points for check in checks)
    if points != total:
        raise table.complain(
            f"`points` é {points}, mas os pontos dos [[check]] somam {total}. Faça os dois concordarem."
        )
    return points


def _after(table: Table, folder: _Folder, folders: Mapping[str, _Folder]) -> tuple[str, ...]:
    after = table.texts("after")
    for unit_id in after:
        if unit_id not in folders:
            raise table.complain(
                f"`after` cita a unidade `{unit_id}`, que não existe.{did_you_mean(unit_id, folders)}"
            )
        if folders[unit_id].number >= folder.number:
            raise table.complain(f"`after` cita `{unit_id}`, que não vem antes de `{folder.id}` no curso.")
    return after
