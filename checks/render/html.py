"""A report as HTML: every text is escaped, and a word always goes with the colour and the icon."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from checks.outcome import Outcome
from checks.render.text import points
from checks.report import Finding, Report


def style(name: str) -> str:
    """A style sheet of this folder, to be put in a page."""
    return f"<style>\n{Path(__file__).with_name(name).read_text(encoding='utf-8')}</style>"


STYLE = style("panel.css")


def render(report: Report) -> str:
    """The whole report, standing alone."""
    head = f'<div class="dhp-head"><p class="dhp-title">{escape(report.title)}</p></div>'
    return f'{STYLE}<div class="dhp">{head}{score(report.score, report.max_score)}{findings(report)}</div>'


def header(title: str, mode: str, url: str) -> str:
    badge = f'<span class="dhp-badge">{link(url, mode)}</span>'
    heading = f'<p class="dhp-title" role="heading" aria-level="2">{escape(title)}</p>'
    return f'<div class="dhp-head">{heading}{badge}</div>'


def score(earned: int, possible: int) -> str:
    share = round(100 * earned / possible) if possible else 100
    return (
        f'<div class="dhp-score"><div class="dhp-bar" role="progressbar" aria-label="Pontos" '
        f'aria-valuemin="0" aria-valuemax="{possible}" aria-valuenow="{earned}">'
        f'<div style="width: {share}%"></div></div><span>{escape(points(earned, possible))}</span></div>'
    )


def findings(report: Report) -> str:
    return items(_finding(finding) for finding in report.checks)


def pending(title: str, worth: int) -> str:
    """A check that was not run yet."""
    return _item("", "·", title, "ainda não verificado", points(0, worth), "")


def items(parts: Iterable[str]) -> str:
    return f'<ul class="dhp-list">{"".join(parts)}</ul>'


def note(text: str) -> str:
    paragraphs = "".join(f"<p>{prose(line)}</p>" for line in text.splitlines() if line.strip())
    return f'<div class="dhp-note" role="alert">{paragraphs}</div>'


def prose(text: str) -> str:
    """Escaped text whose `backticks` are code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def link(url: str, text: str) -> str:
    if not url.startswith(("http://", "https://")):
        return escape(text)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener">{escape(text)}</a>'


def _finding(finding: Finding) -> str:
    outcome = finding.outcome
    message = "" if outcome is Outcome.PASSED else f"<p>{prose(finding.message)}</p>"
    worth = points(finding.score, finding.max_score)
    return _item(f"dhp-{outcome.value}", outcome.icon, finding.title, outcome.label, worth, message)


def _item(kind: str, icon: str, title: str, word: str, worth: str, message: str) -> str:
    return (
        f'<li class="{kind}"><span class="dhp-icon" aria-hidden="true">{icon}</span><div>'
        f'{prose(title)}: <span class="dhp-word">{escape(word)}</span> ({escape(worth)}){message}</div></li>'
    )
