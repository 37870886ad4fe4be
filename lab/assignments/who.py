"""Whose work a folder is: docker-id.txt tells the Docker ID, or a receipt that was handed in with it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

from checks import place, receipt
from checks.document import Malformed, docker_id_of
from checks.errors import BadDocument, CourseError

FILE: Final = "docker-id.txt"
_LARGEST = 4096
_MOST_RECEIPTS = 20


class WhoIsThis(CourseError):  # noqa: N818
    """A folder that does not tell; the text is for whoever handed it in."""


class NotToldYet(WhoIsThis):
    """Nothing in it tells, as before the learner began."""

    def __init__(self) -> None:
        super().__init__(_NOBODY)


def learner_of(folder: Path) -> str:
    """The Docker ID, in lower case. WhoIsThis when nothing tells it, or when two tell different ones."""
    told = _told(folder / FILE)
    signed = _signed(folder)
    names = {name for name in (told, *signed) if name}
    if len(names) > 1:
        raise WhoIsThis(_TWO.format(names=" e ".join(f"`{name}`" for name in sorted(names))))
    if not names:
        raise NotToldYet()
    return names.pop()


def _told(path: Path) -> str:
    """What the file says; empty when it is not there, or still as it was given."""
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError):
        raise WhoIsThis(_UNREADABLE) from None
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        return ""
    try:
        return docker_id_of(lines[0]).lower() if len(lines) == 1 else _refuse(text)
    except Malformed:
        return _refuse(lines[0])


def _refuse(text: str) -> str:
    shown = ascii(text)[1:-1] if not text.isprintable() else text
    raise WhoIsThis(_NOT_ONE.format(shown=shown if len(shown) <= 60 else f"{shown[:57]}…"))


def _signed(folder: Path) -> list[str]:
    """Whose receipts are there; a JSON that is no receipt, or was changed, tells nothing.

    Nor does one of a practice hub where the real one is asked: there the same name may be somebody else.
    """
    names = []
    for path in islice(sorted(folder.glob("*.json")), _MOST_RECEIPTS):
        try:
            found = receipt.read(path)
        except BadDocument:
            continue
        if found.hub == place.REAL_HUB or place.is_practice():
            names.append(found.learner.lower())
    return names


_NOBODY = (
    f"Ainda não sei qual é o seu Docker ID. Escreva-o no arquivo {FILE}, numa linha só, e entregue de novo; "
    "ou entregue também o comprovante que `lab entregar` grava quando o hub é este."
)
_TWO = "A entrega fala de dois Docker IDs diferentes: {names}. Deixe só o seu e entregue de novo."
_UNREADABLE = f"O arquivo {FILE} não pôde ser lido: ele tem de ser um texto em UTF-8, com o seu Docker ID."
_NOT_ONE = (
    f"O que está em {FILE} não é um Docker ID: `{{shown}}`. Ele só tem letras minúsculas e números: "
    "escreva o seu numa linha só, sem aspas e sem e-mail, e entregue de novo."
)
