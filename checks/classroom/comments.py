"""What goes beside a grade: a few Portuguese lines, for the learner, out of what the checks said."""

from __future__ import annotations

from typing import Final

from checks.outcome import Outcome
from checks.report import Finding, Report

LONGEST: Final = 1000  # letters: a column of comments is to be read in a gradebook
_LONGEST_LINE = 300
DONE: Final = "Parabéns: tudo o que se confere nesta unidade está certo."
_EMPTY = "Esta unidade não tem nada que se confira."
_NO_LOSS = "O que não pôde ser conferido agora não tira nenhum ponto."
_ONE_MORE = "Há mais um item para acertar."
_MORE = "Há mais {} itens para acertar."


def comment_of(report: Report) -> str:
    """A sentence when all passed; else a line for each check that did not, at most LONGEST letters in all."""
    waiting = [finding for finding in report.checks if finding.outcome is not Outcome.PASSED]
    if not waiting:
        return DONE if report.checks else _EMPTY
    end = [] if report.gradable else [_NO_LOSS]
    lines = [_line(finding) for finding in waiting]
    told = len(lines)
    while len("\n".join(comment := [*lines[:told], *_more(len(lines) - told), *end])) > LONGEST:
        told -= 1
    return "\n".join(comment)


def _line(finding: Finding) -> str:
    line = " ".join(f"{finding.title}: {finding.message}".split())
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def _more(count: int) -> list[str]:
    if count == 0:
        return []
    return [_ONE_MORE if count == 1 else _MORE.format(count)]
