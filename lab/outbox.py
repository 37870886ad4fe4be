"""Files that the learner takes elsewhere: each gets a name of its own and is never written over another."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lab.errors import UsageError


def keep(folder: Path, name: str, moment: datetime, text: str) -> Path:
    """Writes `name-2026-11-23-12h00m00.json`; a number follows when that one is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    stem, number = f"{name}-{moment.astimezone():%Y-%m-%d-%Hh%Mm%S}", 1
    while True:
        path = folder / (f"{stem}.json" if number == 1 else f"{stem}-{number}.json")
        try:
            return write_new(path, text)
        except FileExistsError:
            number += 1


def write_new(path: Path, text: str) -> Path:
    """FileExistsError when something is there; a full disk leaves nothing behind."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
        except OSError:
            path.unlink(missing_ok=True)
            raise
    return path


def write_chosen(path: Path, text: str) -> Path:
    """Where the person said, if nothing is there yet."""
    try:
        return write_new(path, text)
    except FileExistsError:
        raise UsageError(f"{path} já existe, e não vou escrever por cima. Escolha outro nome.") from None
    except FileNotFoundError:
        raise UsageError(f"A pasta {path.parent} não existe. Crie-a, ou escolha outra.") from None
