"""The panel of an exercise: native buttons over escaped HTML, in the colours of JupyterLab's theme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import ipywidgets

from checks.entry import Check
from checks.outcome import Outcome
from checks.render import html
from checks.render.text import WORKING, points
from checks.report import Report

CHECK = "Verificar"
FOLLOW = "Verificar sozinho"
STYLE = html.style("buttons.css")

# Who presses a button is not told to type a method.
_BUTTONS = (
    ("experimente `ex.dica()`", "experimente o botão Dica"),
    ("peça `ex.solucao()` de novo", "aperte Solução de novo"),
    ("a mensagem de `ex.verificar()` diz", "a mensagem que aparece depois de Verificar diz"),
)


class Panel:
    """What the learner sees and presses; what the buttons do is given from outside."""

    def __init__(
        self,
        title: str,
        on_check: Callable[[], None],
        on_hint: Callable[[], None],
        on_solution: Callable[[], None],
        on_follow: Callable[[bool], None],
    ) -> None:
        self._title = title
        self._on_follow = on_follow
        self._header = ipywidgets.HTML()
        self._body = ipywidgets.HTML()
        self._status = ipywidgets.HTML()
        self._note = ipywidgets.HTML()
        self._check = _button(CHECK, "Verifica agora o que você fez", "check", "primary", on_check)
        self._hint = _button(
            "Dica", "Mostra uma dica; peça de novo para a seguinte", "lightbulb-o", "", on_hint
        )
        self._solution = _button("Solução", "Diz onde está a solução", "key", "", on_solution)
        self._follow = ipywidgets.Checkbox(
            description=FOLLOW, indent=False, tooltip="Verifica de novo a cada comando docker que você der"
        )
        self._follow.layout.width, self._follow.layout.margin = "auto", "0 0 0 8px"
        self._follow.add_class("dhp-follow")
        self._follow.observe(lambda change: self._on_follow(change["new"]), "value")
        buttons = ipywidgets.HBox([self._check, self._hint, self._solution, self._follow])
        buttons.layout.flex_flow, buttons.layout.align_items = "row wrap", "center"
        self.widget = ipywidgets.VBox([self._header, self._body, buttons, self._status, self._note])

    def where(self, mode: str, url: str) -> None:
        """Practice or real, with the link to it."""
        self._header.value = _wrap(html.STYLE + STYLE + html.header(self._title, mode, url))

    def untouched(self, checks: Iterable[Check]) -> None:
        checks = list(checks)
        possible = sum(check.points for check in checks)
        rows = html.items(html.pending(check.title, check.points) for check in checks)
        self._body.value = _wrap(html.score(0, possible) + rows)

    def show(self, report: Report) -> None:
        self._body.value = _wrap(html.score(report.score, report.max_score) + html.findings(report))

    def finished(self, report: Report, *, aloud: bool = True) -> None:
        """Says it aloud too: a screen reader announces an alert when it appears."""
        if report.outcome is Outcome.PASSED:
            self._note.value = ""  # a hint has nothing more to say
        worth = points(report.score, report.max_score)
        self._say(f"Verificação terminada: {report.outcome.label}, {worth}.", aloud=aloud)

    def tell(self, text: str) -> None:
        self._note.value = _wrap(html.note(_for_buttons(text)))

    def following(self, on: bool) -> None:
        """Whether it checks by itself; `on_follow` hears of it, as when the learner says so."""
        self._follow.value = on

    @contextmanager
    def working(self, *, asked: bool = True) -> Iterator[None]:
        """At once and until done the panel says so; what was asked for also clears the last hint.

        The buttons stay as they are: one that is disabled loses the focus, and with it goes whoever
        uses the keyboard alone.
        """
        if asked:
            self._note.value = ""
            self._check.description = WORKING
            self._check.add_class("dhp-busy")
        self._say(WORKING if asked else f"Vi um comando docker. {WORKING}", aloud=asked)
        try:
            yield
        finally:
            self._check.description = CHECK
            self._check.remove_class("dhp-busy")
            if WORKING in self._status.value:
                self._status.value = ""

    def _say(self, text: str, *, aloud: bool) -> None:
        role = ' role="alert"' if aloud else ""
        self._status.value = _wrap(f"<div{role}>{html.prose(text)}</div>")


def _button(
    text: str, tooltip: str, icon: str, style: str, on_click: Callable[[], None]
) -> ipywidgets.Button:
    button = ipywidgets.Button(description=text, tooltip=tooltip, icon=icon, button_style=style)
    button.layout.width = "auto"
    button.on_click(lambda _: on_click())
    return button


def _for_buttons(said: str) -> str:
    for method, button in _BUTTONS:
        said = said.replace(method, button)
    return said


def _wrap(content: str) -> str:
    return f'<div class="dhp">{content}</div>'
