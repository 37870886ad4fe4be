"""The bytes of a teacher's list as text, in whichever encoding a spreadsheet or an LMS left them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from checks.errors import CourseError

LARGEST: Final = 50 * 1024 * 1024
# What nobody sees and nobody types: control characters, marks that turn the direction of writing, halves of
# surrogate pairs, tags. Joiners (U+200C, U+200D) are part of how some names are written, and stay.
INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_SAMPLE = 100_000  # letters, or bytes, that are looked at to tell text from what is none
_SHEET = "Abra-o no Excel ou no LibreOffice, salve como CSV e importe esse CSV."
_BINARY: Final = (
    (b"%PDF", "é um PDF, e não uma lista em CSV. Exporte a lista de novo, escolhendo CSV."),
    (b"PK\x03\x04", f"é uma planilha ou um arquivo compactado, e não um CSV. {_SHEET}"),
    (b"\xd0\xcf\x11\xe0", f"é uma planilha antiga do Excel, e não um CSV. {_SHEET}"),
    (b"\x1f\x8b", "está compactado. Descompacte-o e importe o CSV que está dentro dele."),
    (b"\x89PNG", "é uma imagem, e não uma lista em CSV. Exporte a lista de novo, escolhendo CSV."),
    (b"\xff\xd8\xff", "é uma imagem, e não uma lista em CSV. Exporte a lista de novo, escolhendo CSV."),
)
_WEB_PAGE = (
    "é uma página da web, e não a lista. É o que se baixa quando a sessão termina: entre de novo no ambiente "
    "da escola e exporte a lista outra vez."
)
_DAMAGED_ONE = "Um caractere do arquivo estava estragado e aparece como “\ufffd”: confira os nomes."
_DAMAGED = "Alguns caracteres do arquivo estavam estragados e aparecem como “\ufffd”: confira os nomes."
_EMPTY = "está vazio. Exporte a lista de novo e confira se ela abre com as pessoas dentro."


class BadRoster(CourseError):  # noqa: N818
    """A file that is no list of people: the message says what it is, and what to do."""

    def __init__(self, problem: str, name: str = "") -> None:
        """`problem` follows the name of the file, in Portuguese, and ends with a full stop."""
        self.problem = problem
        shown = " ".join(INVISIBLE.sub("", name).split())
        shown = shown if len(shown) <= 80 else f"{shown[:77]}…"
        super().__init__(f"O arquivo {shown} {problem}" if shown else f"O arquivo {problem}")


@dataclass(frozen=True)
class Decoded:
    """A file as text, with the ends of lines that it has and without a byte order mark."""

    text: str
    notes: tuple[str, ...]  # Portuguese sentences: the encoding, and what was damaged
    looks_binary: bool


def decode(data: bytes, name: str = "") -> Decoded:
    """BadRoster for what is empty, too big, or plainly something else."""
    if len(data) > LARGEST:
        raise BadRoster(
            f"tem mais de {LARGEST // 1024 // 1024} MB, e a lista de uma turma não chega a 1 MB. "
            "Confira se é o arquivo certo.",
            name,
        )
    problem = next((told for start, told in _BINARY if data.startswith(start)), "")
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html")):
        problem = _WEB_PAGE
    if problem:
        raise BadRoster(problem, name)
    text, notes = _text(data)
    if not text.strip("\0 \t\r\n,;"):
        raise BadRoster(_EMPTY, name)
    sample = text[:_SAMPLE]
    return Decoded(text, notes, len(_CONTROL.findall(sample)) * 20 > len(sample))


def _text(data: bytes) -> tuple[str, tuple[str, ...]]:
    codec = _wide(data)
    if codec:
        return data.decode(codec, "replace").removeprefix("\ufeff"), ("O arquivo está em UTF-16.",)
    try:
        return data.decode("utf-8-sig"), ("O arquivo está em UTF-8.",)
    except UnicodeDecodeError:
        return _not_quite_utf8(data)


def _wide(data: bytes) -> str:
    """UTF-16, which Excel calls "Unicode text"; without its mark, every other byte of Latin text is zero."""
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            return codec
    sample = data[:_SAMPLE]
    for first, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(sample) > 1 and sample[first::2].count(0) * 10 > 9 * len(sample[first::2]):
            return codec if sample[1 - first :: 2].count(0) * 10 < len(sample) else ""
    return ""


def _not_quite_utf8(data: bytes) -> tuple[str, tuple[str, ...]]:
    """One bad byte does not make a file Latin-1: every other accent of it would be lost."""
    text = data.decode("utf-8-sig", "replace")
    damaged = text.count("\ufffd")
    if damaged < len(text) - len(text.encode("ascii", "ignore")) - damaged:
        return text, ("O arquivo está em UTF-8.", _DAMAGED if damaged > 1 else _DAMAGED_ONE)
    # Windows-1252 is Latin-1 with letters where that has control characters, but for five of them.
    text = data.decode("cp1252", "replace")
    return text, ("O arquivo está em Latin-1 (Windows-1252), como o Excel costuma salvar.",)
