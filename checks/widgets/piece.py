"""What all pieces are: native widgets in the colours of the theme, HTML for pages without Jupyter, text."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets
from IPython.core.getipython import get_ipython
from IPython.display import display

from checks.errors import CourseError
from checks.render import html

STYLE = html.STYLE + f"<style>\n{Path(__file__).with_name('widgets.css').read_text(encoding='utf-8')}</style>"


class Piece(ABC):
    """The value of a cell, in three forms: a widget, and two that stay the same from run to run.

    GitHub, nbconvert and the site show the HTML, a terminal the text, and nbval compares both.
    """

    widget: ipywidgets.Widget

    @abstractmethod
    def __repr__(self) -> str: ...

    @abstractmethod
    def _repr_html_(self) -> str:
        """Reads well without any stylesheet: GitHub takes them out."""

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle: dict[str, Any] = dict(self.widget._repr_mimebundle_())
        return {**bundle, "text/html": self._repr_html_(), "text/plain": repr(self)}


def page(content: str = "") -> ipywidgets.HTML:
    """A widget of HTML; `show` changes it."""
    widget = ipywidgets.HTML()
    show(widget, content)
    return widget


def show(widget: ipywidgets.HTML, content: str) -> None:
    """Nothing to show takes no room."""
    widget.value = f'<div class="dhp">{content}</div>' if content else ""
    widget.layout.display = None if content else "none"


def column(*children: ipywidgets.Widget) -> ipywidgets.VBox:
    """The whole piece, with its stylesheet."""
    box = ipywidgets.VBox([ipywidgets.HTML(STYLE), *children])
    box.add_class("dhp-piece")
    return box


def button(text: str, tooltip: str, icon: str, on_click: Callable[[], None]) -> ipywidgets.Button:
    made = ipywidgets.Button(description=text, tooltip=tooltip, icon=icon)
    made.layout.width = "auto"
    made.layout.align_self = "flex-start"
    made.on_click(lambda _: on_click())
    return made


def said(text: str, *, aloud: bool = False) -> str:
    """A sentence; a screen reader says an alert as soon as it appears."""
    role = ' role="alert"' if aloud else ""
    return f"<p{role}>{html.prose(text)}</p>"


def heading(text: str) -> str:
    return f'<p class="dhp-title" role="heading" aria-level="3">{html.prose(text)}</p>'


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def table(label: str, heads: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells of HTML, the first of each row its header; nothing without rows. `docutils` is for the site."""
    body = "".join(f"<tr>{_row(row)}</tr>" for row in rows)
    if not body:
        return ""
    columns = "".join(f"<th scope='col'>{head}</th>" for head in heads)
    inside = f"<table class='docutils'><thead><tr>{columns}</tr></thead><tbody>{body}</tbody></table>"
    return scrolling(label, inside)


def scrolling(label: str, content: str) -> str:
    """What may be wider than a phone, and then scrolls, by keyboard too."""
    region = f"tabindex='0' role='region' aria-label='{escape(label)}'"
    return f"<div style='overflow-x: auto' {region}>{content}</div>"


def _row(cells: Sequence[str]) -> str:
    return f"<th scope='row'>{cells[0]}</th>" + "".join(f"<td>{cell}</td>" for cell in cells[1:])


def in_notebook() -> bool:
    return hasattr(get_ipython(), "kernel")


def display_live(widget: ipywidgets.Widget) -> None:
    """Shows a widget at once, before the cell ends; nothing of it stays in the saved notebook."""
    if in_notebook():
        live = {key: view for key, view in widget._repr_mimebundle_().items() if "widget" in key}
        display(live, raw=True)  # type: ignore[no-untyped-call]


def sentence_of(error: Exception) -> str:
    """What went wrong, for a learner: never a traceback."""
    if isinstance(error, CourseError):
        return str(error)
    kind, text = type(error).__name__, str(error)[:200]
    return f"Esta peça tropeçou, e a culpa não é sua. Avise quem mantém o curso: {kind}: {text}"


class Aside:
    """Work that a button starts: in a thread of its own, and one at a time, so that no press waits."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._turn = threading.Lock()

    def start(self, work: Callable[[], None]) -> None:
        """Does nothing when the work of the last press still goes on; `work` must not raise."""
        if self._turn.acquire(blocking=False):
            threading.Thread(target=self._do, args=(work,), name=self._name, daemon=True).start()

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self._turn.release()
