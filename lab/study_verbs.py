"""The verbs of studying: the list of units, checking, hints, solutions and what comes next."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from lab import entry
from lab.errors import LabDown
from lab.paths import lab_home
from lab.verbs import verb

app = typer.Typer()
_PANEL = "Os exercícios"
_Id = Annotated[str, typer.Argument(metavar="ID", help="O id da unidade, como aparece em `lab lista`.")]


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


@verb(app, "verificar", "check", panel=_PANEL)
def verificar(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="Sem nenhum, a próxima unidade.")
    ] = None,
    everything: Annotated[bool, typer.Option("--tudo", "--all", help="Todas as unidades.")] = False,
    form: Annotated[Format, typer.Option("--formato", "--format", help="Texto, ou JSON.")] = Format.TEXT,
    who: Annotated[str, typer.Option("--aluno", "--learner", help="Outro Docker ID, e não o do login.")] = "",
) -> int:
    """Corrige uma unidade, várias ou todas."""
    home = lab_home()
    if not entry.is_here(home):
        if not entry.was_started(home):
            raise LabDown()
        entry.again(home, sys.argv[1:])
    entry.adopt(home)
    from lab import study

    units = study.chosen(ids or [], everything=everything)
    return study.verify(units, who or None, as_json=form is Format.JSON, many=everything or len(units) > 1)


@verb(app, "lista", "list", panel=_PANEL)
def lista(as_json: Annotated[bool, typer.Option("--json", help="Para programas.")] = False) -> None:
    """Mostra as unidades, com o que você já fez e os pontos."""
    entry.adopt(lab_home())
    from lab import study

    study.show_list(as_json=as_json)


@verb(app, "proximo", "next", panel=_PANEL)
def proximo() -> None:
    """Diz qual é a próxima unidade e por onde começar."""
    entry.adopt(lab_home())
    from lab import study

    study.show_next()


@verb(app, "dica", "hint", panel=_PANEL)
def dica(
    unit: _Id,
    number: Annotated[int, typer.Argument(metavar="[N]", min=1, help="Qual das dicas.")] = 1,
) -> None:
    """Dá uma dica para o que ainda não passou."""
    entry.adopt(lab_home())
    from lab import study

    study.show_hint(unit, number)


@verb(app, "solucao", "solution", panel=_PANEL)
def solucao(
    unit: _Id,
    anyway: Annotated[bool, typer.Option("--mesmo-assim", "--anyway", help="Mesmo antes de passar.")] = False,
) -> None:
    """Mostra onde está a solução de uma unidade."""
    entry.adopt(lab_home())
    from lab import study

    study.show_solution(unit, anyway=anyway)
