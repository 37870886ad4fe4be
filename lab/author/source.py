"""Reads lesson.md and exercise.md: Jupytext Markdown in, cells with a kind and a line number out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any

import jupytext

from checks.errors import CourseError
from lab.author.errors import BadSource
from lab.author.quizzes import read_quiz


class Kind(Enum):
    """Where a cell goes: `exercise` to the learner's side, `solution` to the solved one, others to both.

    A `quiz` is of a lesson, and holds the answers: its source is not shown.
    """

    PLAIN = "plain"
    EXERCISE = "exercise"
    SOLUTION = "solution"
    CHECK = "check"
    QUIZ = "quiz"


@dataclass(frozen=True)
class Cell:
    """One cell as the author wrote it; `line` is where it starts in the file."""

    kind: Kind
    code: bool
    text: str
    line: int


def read_lesson(path: Path) -> tuple[Cell, ...]:
    """The cells of a lesson: it shows, and asks questions, but there is nothing to hand in."""
    cells = _read(path)
    for cell in cells:
        if cell.kind is Kind.QUIZ:
            _demand_question(path, cell)
        elif cell.kind is not Kind.PLAIN:
            raise BadSource(path, cell.line, _ONLY_PLAIN.format(kind=cell.kind.value))
    return cells


def read_exercise(path: Path) -> tuple[Cell, ...]:
    """The cells of an exercise: each gap with its solution right below, and at least one check."""
    cells = _read(path)
    _demand_pairs(path, cells)
    checks = [cell for cell in cells if cell.kind is Kind.CHECK]
    if not checks:
        raise BadSource(path, cells[-1].line, _NO_CHECK)
    for cell in checks:
        if not cell.code or "verificar" not in cell.text:
            raise BadSource(path, cell.line, _IDLE_CHECK)
    for cell in cells:
        if cell.kind is Kind.QUIZ:
            raise BadSource(path, cell.line, _ONLY_IN_LESSONS)
    return cells


def _demand_question(path: Path, cell: Cell) -> None:
    if not cell.code:
        raise BadSource(path, cell.line, _IDLE_QUIZ)
    try:
        read_quiz(cell.text)
    except CourseError as error:
        raise BadSource(path, cell.line, str(error)) from None


def _read(path: Path) -> tuple[Cell, ...]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadSource(path, 1, _MISSING) from None
    except UnicodeDecodeError:
        raise BadSource(path, 1, _NOT_UTF8) from None
    if text.startswith("---\n"):
        raise BadSource(path, 1, _HEADER)
    # The language is said here because Jupytext would otherwise guess it from the fences.
    notebook = jupytext.reads(_PYTHON + text, fmt="md")
    lines = text.splitlines()
    cells = tuple(_cells(path, lines, notebook.cells))
    if not any(cell.text.strip() for cell in cells):
        raise BadSource(path, 1, _EMPTY)
    return cells


def _cells(path: Path, lines: list[str], found: Iterable[Any]) -> Iterator[Cell]:
    at = 0
    for raw in found:
        code = raw.cell_type == "code"
        source: list[str] = raw.source.splitlines()
        start = _locate(lines, at, source, code)
        line = start + 1
        if code and not re.match(r"```+ *python\b", lines[start]):
            raise BadSource(path, line, _OTHER_LANGUAGE)
        at = start + len(source) + 2 * code  # a code cell has its two fences besides
        if "NBVAL_" in raw.source:
            raise BadSource(path, line, _NBVAL_MARKER)
        yield Cell(_kind(path, line, raw.metadata), code, raw.source, line)


def _locate(lines: list[str], at: int, source: list[str], code: bool) -> int:
    """Jupytext forgets the lines, so each cell is looked for from the end of the one before."""
    if not code:
        return next((n for n in range(at, len(lines)) if source and lines[n] == source[0]), at)
    return next((n for n in range(at, len(lines)) if lines[n].startswith("```")), at)


def _kind(path: Path, line: int, metadata: dict[str, Any]) -> Kind:
    tags = metadata.get("tags", [])
    # Jupytext's own notes on blank lines say nothing about the cell.
    others = sorted(key for key in metadata if key != "tags" and not key.startswith("lines_to_"))
    if others:
        raise BadSource(path, line, _ONLY_TAGS.format(names=", ".join(others)))
    if len(tags) > 1:
        raise BadSource(path, line, _TWO_KINDS.format(tags=", ".join(tags)))
    try:
        return Kind(tags[0]) if tags else Kind.PLAIN
    except ValueError:
        raise BadSource(path, line, _UNKNOWN_KIND.format(tag=tags[0])) from None


def _demand_pairs(path: Path, cells: tuple[Cell, ...]) -> None:
    for before, cell in pairwise((_EDGE, *cells, _EDGE)):
        if cell.kind is Kind.SOLUTION and before.kind not in (Kind.EXERCISE, Kind.SOLUTION):
            raise BadSource(path, cell.line, _SOLUTION_ALONE)
        if before.kind is Kind.EXERCISE and cell.kind not in (Kind.EXERCISE, Kind.SOLUTION):
            raise BadSource(path, before.line, _EXERCISE_ALONE)
        if (before.kind, cell.kind) == (Kind.EXERCISE, Kind.SOLUTION) and before.text == cell.text:
            raise BadSource(path, cell.line, _NOTHING_TO_DO)


_EDGE = Cell(Kind.PLAIN, False, "", 0)
_PYTHON = "---\njupyter:\n  jupytext:\n    main_language: python\n---\n\n"

_MISSING = "este arquivo falta; toda unidade tem lesson.md e exercise.md."
_NOT_UTF8 = "o arquivo não está em UTF-8; salve-o de novo nessa codificação."
_HEADER = "tire o cabeçalho entre `---`; o que ele diria está em unit.toml."
_EMPTY = "o arquivo está vazio; escreva ao menos um título."
_OTHER_LANGUAGE = (
    "esta cerca viraria uma célula executada em outra linguagem; "
    "para executar use ```python com `!` antes do comando, e para só mostrar use ```console."
)
_NBVAL_MARKER = "tire a marca NBVAL_: toda célula é executada e comparada, sem exceção."
_ONLY_TAGS = 'uma célula só leva tags=["…"]; tire da cerca: {names}.'
_TWO_KINDS = "uma célula tem um tipo só, e esta tem vários: {tags}."
_UNKNOWN_KIND = "o tipo `{tag}` não existe; use `exercise`, `solution`, `check`, `quiz` ou nenhum."
_ONLY_PLAIN = "uma lição só tem células comuns e perguntas; a célula `{kind}` vai em exercise.md."
_ONLY_IN_LESSONS = "a célula `quiz` é das lições; num exercício, o aluno responde com `ex.responder(…)`."
_IDLE_QUIZ = "uma célula `quiz` é de código: a pergunta vai numa cerca ```python."
_SOLUTION_ALONE = "esta célula `solution` não tem a célula `exercise` logo acima dela."
_EXERCISE_ALONE = "esta célula `exercise` não tem a célula `solution` logo abaixo dela."
_NOTHING_TO_DO = "a solução é igual ao exercício; deixe uma lacuna na célula `exercise`."
_NO_CHECK = 'falta uma célula ```python tags=["check"] com `ex.verificar()`.'
_IDLE_CHECK = "uma célula `check` é de código e chama `ex.verificar()`."
