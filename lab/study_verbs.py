"""The verbs of studying: the list of units, checking, hints, solutions and what comes next."""

from __future__ import annotations

from typing import Annotated

import typer

from checks.render import FORMATS, Format
from lab import entry
from lab.hand_in_verbs import app as hand_in_verbs
from lab.paths import lab_home
from lab.verbs import verb

app = typer.Typer()
_PANEL = "Os exercícios"
_Id = Annotated[str, typer.Argument(metavar="ID", help="O id da unidade, como aparece em `lab lista`.")]


_Formats = typer.Option(
    "--formato", "--format", metavar="FORMATO", help=f"Um destes: {', '.join(FORMATS)}."
)  # fmt: skip


def _format(name: str) -> Format:
    if name not in FORMATS:
        known = ", ".join(map(repr, FORMATS))
        raise typer.BadParameter(f"{name!r} is not one of {known}.", param_hint="'--formato'")
    return FORMATS[name]


@verb(app, "verificar", "check", panel=_PANEL)
def verificar(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="Sem nenhum, a próxima unidade.")
    ] = None,
    everything: Annotated[bool, typer.Option("--tudo", "--all", help="Todas as unidades.")] = False,
    form: Annotated[str, _Formats] = "text",
    who: Annotated[str, typer.Option("--aluno", "--learner", help="Outro Docker ID, e não o do login.")] = "",
    always_zero: Annotated[
        bool,
        typer.Option(
            "--saida-sempre-zero", "--exit-zero", help="Sai com 0 se a correção rodou, passando ou não."
        ),
    ] = False,
    only_cost: Annotated[
        bool,
        typer.Option("--quanto-custa", "--cost", help="Não verifica: diz quantas consultas faria."),
    ] = False,
) -> int:
    """Corrige uma unidade, várias ou todas."""
    document = _format(form)
    if only_cost:
        entry.adopt(lab_home())
    else:
        entry.go_in(lab_home())
    from lab import study

    if only_cost:
        study.show_cost(study.chosen(ids or [], everything=everything))
        return 0
    units = study.chosen(ids or [], everything=everything)
    code = study.verify(units, who or None, document, many=everything or len(units) > 1)
    return 0 if always_zero else code


@verb(app, "acompanhar", "watch", panel=_PANEL)
def acompanhar(
    unit: Annotated[str, typer.Argument(metavar="[ID]", help="Por onde começar; sem ele, a próxima.")] = "",
    once: Annotated[
        bool, typer.Option("--uma-vez", "--once", help="Termina quando a unidade passar.")
    ] = False,
) -> None:
    """Verifica sozinho a cada comando docker, e passa de uma unidade para a outra."""
    entry.go_in(lab_home())
    from lab import watch

    watch.start(unit, once=once)


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


@verb(app, "reiniciar", "reset", panel=_PANEL)
def reiniciar(unit: _Id) -> None:
    """Põe um caderno de exercício novo no lugar do seu, que fica guardado ao lado."""
    entry.adopt(lab_home())
    from lab import study

    study.show_restart(unit)


app.add_typer(hand_in_verbs)
