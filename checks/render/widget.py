"""The panel of an exercise: native buttons over escaped HTML, in the colours of JupyterLab's theme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import ipywidgets

from checks.entry import Check
from checks.render import html
from checks.render.text import WORKING, points
from checks.report import Report


class Panel:
    """What the learner sees and presses; what the buttons do is given from outside."""

    def __init__(
        self,
        title: str,
        on_check: Callable[[], None],
        on_hint: Callable[[], None],
        on_solution: Callable[[], None],
    ) -> None:
        self._title = title
        self._header = ipywidgets.HTML()
        self._body = ipywidgets.HTML()
        self._status = ipywidgets.HTML()
        self._note = ipywidgets.HTML()
        self._check = _button("Verificar", "Verifica agora o que você fez", "check", "primary", on_check)
        self._hint = _button(
            "Dica", "Mostra uma dica; peça de novo para a seguinte", "lightbulb-o", "", on_hint
        )
        self._solution = _button("Solução", "Diz onde está a solução", "key", "", on_solution)
        buttons = ipywidgets.HBox([self._check, self._hint, self._solution])
        self.widget = ipywidgets.VBox([self._header, self._body, buttons, self._status, self._note])

    def where(self, mode: str, url: str) -> None:
        """Practice or real, with the link to it."""
        self._header.value = _wrap(html.STYLE + html.header(self._title, mode, url))

    def untouched(self, checks: Iterable[Check]) -> None:
        checks = list(checks)
        possible = sum(check.points for check in checks)
        rows = html.items(html.pending(check.title, check.points) for check in checks)
        self._body.value = _wrap(html.score(0, possible) + rows)

    def show(self, report: Report) -> None:
        self._body.value = _wrap(html.score(report.score, report.max_score) + html.findings(report))

    def finished(self, report: Report) -> None:
        """Says it aloud too: a screen reader announces an alert when it appears."""
        worth = points(report.score, report.max_score)
        self._say(f"Verificação terminada: {report.outcome.label}, {worth}.")

    def tell(self, text: str) -> None:
        self._note.value = _wrap(html.note(text))

    @contextmanager
    def working(self) -> Iterator[None]:
        """At once and until done: the buttons rest, and the panel says why."""
        buttons = (self._check, self._hint, self._solution)
        for button in buttons:
            button.disabled = True
        self._check.description = WORKING
        self._note.value = ""
        self._say(WORKING)
        try:
            yield
        finally:
            self._check.description = "Verificar"
            for button in buttons:
                button.disabled = False
            if WORKING in self._status.value:
                self._status.value = ""

    def _say(self, text: str) -> None:
        self._status.value = _wrap(f'<div role="alert">{html.prose(text)}</div>')


def _button(
    text: str, tooltip: str, icon: str, style: str, on_click: Callable[[], None]
) -> ipywidgets.Button:
    button = ipywidgets.Button(description=text, tooltip=tooltip, icon=icon, button_style=style)
    button.layout.width = "auto"
    button.on_click(lambda _: on_click())
    return button


def _wrap(content: str) -> str:
    return f'<div class="dhp">{content}</div>'
