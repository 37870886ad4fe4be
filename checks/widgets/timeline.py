"""`linha_do_tempo`: which digest each tag pointed to, push after push, and where each points now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from checks import place
from checks.about import Note
from checks.errors import CourseError
from checks.hub_tags import TagList
from checks.reference import Reference
from checks.render import html
from checks.widgets.contents import chip, copyable, moment, short
from checks.widgets.drawing import draw, picture
from checks.widgets.look import Facts, look, on_docker_hub, remembered_pushes
from checks.widgets.moves import NOW, Move, Timeline, timeline
from checks.widgets.piece import (
    Aside,
    Piece,
    button,
    code,
    column,
    page,
    said,
    scrolling,
    sentence_of,
    show,
    table,
)
from checks.widgets.repository import state

_HEADS = ("Nº", "Tag", "Conteúdo e digest", "Quando")


class TagTimeline(Piece):
    """The drawing, the same as a table, and a button that asks again."""

    def __init__(self, reference: Reference, ask: Callable[[Reference], Facts] = look) -> None:
        self._reference = reference
        self._ask = ask
        self._aside = Aside("timeline")
        self._drawing = page()
        self._status = page()
        refresh = button("Atualizar", "Pergunta de novo ao Docker Hub", "refresh", self._press)
        title = html.header(
            f"Linha do tempo de {reference.familiar_name}", place.mode_label(), place.hub_url()
        )
        self.widget = column(page(title), self._drawing, refresh, self._status)
        self.atualizar()

    def atualizar(self) -> None:
        """Asks Docker Hub again."""
        try:
            seen, self._trouble = self._ask(self._reference), ""
            self._list: TagList | None = seen.tag_list
            self._line = timeline(seen.pushes, seen.tag_list)
        except Exception as error:
            self._list, self._trouble = None, sentence_of(error)
            self._line = timeline(remembered_pushes(self._reference), None)
        show(self._drawing, self._drawn())

    def __repr__(self) -> str:
        letters = self._line.letters
        rows = [f"  {at}. {_told(move, letters)}" for at, move in enumerate(self._line.moves, 1)]
        title = f"Linha do tempo de {self._reference.familiar_name}"
        return "\n".join([title, *rows, *self._sentences()])

    def _repr_html_(self) -> str:
        title = said(f"Linha do tempo de `{self._reference.familiar_name}`")
        return title + self._picture(picture) + self._table(live=False) + self._notes()

    def _press(self) -> None:
        show(self._status, said("Consultando o Docker Hub, aguarde…", aloud=True))
        self._aside.start(self._refresh)

    def _refresh(self) -> None:
        self.atualizar()
        show(
            self._status,
            said("Não deu para atualizar." if self._trouble else "Atualizado agora.", aloud=True),
        )

    def _drawn(self) -> str:
        rows = self._table(live=True)
        folded = f"<details><summary>Ver como tabela</summary>{rows}</details>" if rows else ""
        return self._picture(draw) + self._notes() + folded

    def _picture(self, drawn: Callable[[Timeline, str], str]) -> str:
        if not self._line.tags:
            return ""
        told = " ".join(_told(move, self._line.letters) for move in self._line.moves)
        drawing = drawn(self._line, f"{told} {' '.join(self._sentences())}".replace("`", "").strip())
        return scrolling(f"Linha do tempo de {self._reference.familiar_name}", drawing)

    def _notes(self) -> str:
        return "".join(map(said, self._sentences()))

    def _sentences(self) -> Iterator[str]:
        if self._trouble:
            yield self._trouble
        elif self._list and not self._list.tags:
            yield state(self._list)
        if self._line.is_now_known and self._line.tags:
            yield _now(self._line)
        if self._line.left_out:
            yield f"Outras {self._line.left_out} tags ficaram de fora do desenho."
        if self._list and self._list.tags and not self._line.moves:
            yield _no_record()

    def _table(self, *, live: bool) -> str:
        moves = enumerate(self._line.moves, 1)
        rows = [
            (str(at), code(move.tag), self._content(move.digest, live), moment(move.time))
            for at, move in moves
        ]
        if self._line.is_now_known:
            now = ((tag, places[-1]) for tag, places in self._line.tags.items())
            rows += [(NOW, code(tag), self._content(digest, live), "") for tag, digest in now if digest]
        return table(f"Para onde cada tag de {self._reference.familiar_name} apontou", _HEADS, rows)

    def _content(self, digest: str, live: bool) -> str:
        letter = self._line.letters[digest]
        return chip(letter) + copyable(digest) if live else f"{letter} {code(short(digest))}"


def linha_do_tempo(nome: object) -> TagTimeline | Note:
    """Which digest each tag of a repository pointed to over time."""
    try:
        return TagTimeline(on_docker_hub(nome))
    except CourseError as error:
        return Note(str(error))


def _told(move: Move, letters: Mapping[str, str]) -> str:
    after = letters[move.digest]
    if move.before is None:
        return f"`{move.tag}` chegou, apontando para o conteúdo {after}."
    return f"`{move.tag}` saiu do conteúdo {letters[move.before]} e foi para o {after}."


def _now(line: Timeline) -> str:
    places = {tag: places[-1] for tag, places in line.tags.items()}
    told = [
        f"`{tag}` → {line.letters[digest]}" if digest else f"`{tag}` não está mais lá"
        for tag, digest in places.items()
    ]
    return f"Agora, no Docker Hub: {'; '.join(told)}."


def _no_record() -> str:
    if place.is_practice():
        return "O laboratório ainda não registrou nenhum envio para este repositório."
    return (
        "Fora do laboratório não há registro dos envios: dá para mostrar só para onde cada tag aponta agora."
    )
