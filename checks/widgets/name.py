"""`nome`: type the name of an image, and see its parts, what Docker fills in and what is wrong with it."""

from __future__ import annotations

from html import escape

import ipywidgets

from checks.render import html
from checks.widgets.anatomy import Anatomy, Kind, Part, Wrong, dissect
from checks.widgets.piece import Piece, button, code, column, page, said, show, table

_BEFORE = {Kind.NAMESPACE: "/", Kind.REPOSITORY: "/", Kind.TAG: ":", Kind.DIGEST: "@"}
_EMPTY = "Escreva o nome de uma imagem, como `ana/app:1.0`."
_LIVE = "Execute esta célula no laboratório para escrever outros nomes."


class Name(Piece):
    """A text field over the anatomy of what is in it."""

    def __init__(self, text: str) -> None:
        self._first = text
        self._field = ipywidgets.Text(text, description="Nome da imagem", continuous_update=True)
        self._field.style.description_width = "initial"
        self._seen = page()
        self._fix = button("", "Troca o nome por este", "magic", self._mend)
        self._fix.add_class("dhp-fix")
        self.widget = column(self._field, self._seen, self._fix)
        self._field.observe(lambda change: self._look(change["new"]), "value")
        self._look(text)

    def __repr__(self) -> str:
        seen = dissect(self._first)
        return _text_wrong(seen) if isinstance(seen, Wrong) else _text(self._first, seen)

    def _repr_html_(self) -> str:
        seen = dissect(self._first)
        body = _wrong(seen) if isinstance(seen, Wrong) else _table(seen)
        return f"<p>Nome da imagem: {code(self._first)}</p>{body}<p><em>{_LIVE}</em></p>"

    def _look(self, text: str) -> None:
        seen = dissect(text)
        nearest = seen.nearest if isinstance(seen, Wrong) else None
        show(self._seen, _seen(text, seen))
        self._fix.description = f"Usar {nearest}" if nearest else ""
        self._fix.layout.display = None if nearest else "none"

    def _mend(self) -> None:
        """The button goes away when the name is right: whoever uses the keyboard goes on in the field."""
        seen = dissect(self._field.value)
        if isinstance(seen, Wrong) and seen.nearest:
            self._field.focus()
            self._field.value = seen.nearest


def nome(texto: object = "") -> Name:
    """The anatomy of an image's name, to be typed in."""
    return Name(str(texto))


# The widget.


def _seen(text: str, seen: Anatomy | Wrong) -> str:
    if not text.strip():
        return said(_EMPTY)
    return _wrong(seen, live=True) if isinstance(seen, Wrong) else _parts(seen)


def _parts(seen: Anatomy) -> str:
    parts = "".join(f"<li{_classes(part)}>{_part(part)}</li>" for part in seen.parts)
    full = f"<p>Nome completo: {code(seen.full)}</p>"
    return f'<ol class="dhp-parts">{parts}</ol>{full}{_notes(seen)}'


def _classes(part: Part) -> str:
    return f' class="dhp-{part.kind.name.lower()}{"" if part.written else " dhp-filled"}"'


def _part(part: Part) -> str:
    mark = _BEFORE.get(part.kind, "")
    before = f'<span class="dhp-mark">{mark}</span>' if mark else ""
    return (
        f"<span>{before}<strong>{escape(part.text)}</strong></span>"
        f"<small>{part.kind}<br><i>{part.who}</i></small>"
    )


def _notes(seen: Anatomy) -> str:
    return "".join(said(note) for note in seen.notes)


def _wrong(seen: Wrong, *, live: bool = False) -> str:
    mend = "" if live or not seen.nearest else f" O nome certo mais parecido é {code(seen.nearest)}."
    about = f"<strong>Parte com problema: {escape(seen.part)}.</strong> {html.prose(_sentence(seen.reason))}"
    return f'<div class="dhp-note dhp-wrong"><p>✗ {about}{mend}</p></div>'


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."


# What stays.


def _table(seen: Anatomy) -> str:
    rows = [(str(part.kind), code(part.text), part.who) for part in seen.parts]
    full = f"<p>Nome completo: {code(seen.full)}</p>"
    return table("Partes do nome", ("Parte", "Valor", "Quem põe"), rows) + full + _notes(seen)


def _text(text: str, seen: Anatomy) -> str:
    rows = [f"  {part.kind}: {part.text} ({part.who})" for part in seen.parts]
    return "\n".join([f"Nome da imagem: {text}", *rows, f"Nome completo: {seen.full}", *seen.notes])


def _text_wrong(seen: Wrong) -> str:
    lines = [f"Nome da imagem: {seen.text}", f"Parte com problema: {seen.part}. {_sentence(seen.reason)}"]
    return "\n".join([*lines, f"O nome certo mais parecido é {seen.nearest}."] if seen.nearest else lines)
