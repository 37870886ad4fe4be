"""A report as plain text; it holds no digest, no time and nothing else that changes by itself.

But for what is left of Docker Hub's limit, of which the practice hub has none.
"""

import re

from checks.outcome import Outcome
from checks.report import Finding, Report

WORKING = "Verificando, aguarde…"
# A message may repeat what a registry said, and a terminal would obey it.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def render(report: Report) -> str:
    head = f"{report.title}: {report.outcome.label}, {points(report.score, report.max_score)}"
    tail = ["", report.allowance.sentence] if report.allowance else []
    text = "\n".join([head, *(line for finding in report.checks for line in _finding(finding)), *tail])
    return _CONTROL.sub("\ufffd", text)


def points(score: int, max_score: int) -> str:
    return f"{score} de {worth(max_score)}"


def worth(max_score: int) -> str:
    return "1 ponto" if max_score == 1 else f"{max_score} pontos"


def _finding(finding: Finding) -> list[str]:
    outcome = finding.outcome
    head = f"{outcome.icon} {finding.title}: {outcome.label} ({points(finding.score, finding.max_score)})"
    # What passed needs no more words; what did not, says what to do.
    return ["", head] if outcome is Outcome.PASSED else ["", head, f"    {finding.message}"]
