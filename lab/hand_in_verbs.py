"""The verbs of what leaves this machine: the mark, the receipt and the progress."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lab import entry
from lab.errors import UsageError
from lab.paths import lab_home
from lab.portuguese import HELP_OPTIONS
from lab.verbs import verb

app = typer.Typer()
_PANEL = "Entregar e levar"


class Form(StrEnum):
    TEXT = "text"
    JSON = "json"


@verb(app, "marca", "mark", panel=_PANEL)
def marca(
    who: Annotated[str, typer.Option("--aluno", "--learner", help="Outro Docker ID, e não o do login.")] = "",
) -> int:
    """Mostra a sua marca e como pô-la numa imagem."""
    entry.adopt(lab_home())
    from lab import mark

    return mark.show(who)


@verb(app, "entregar", "submit", panel=_PANEL)
def entregar(
    given: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]…", help="As unidades; sem nenhuma, todas. Com --conferir, os comprovantes."
        ),
    ] = None,
    confer: Annotated[
        bool, typer.Option("--conferir", "--verify", help="Confere comprovantes recebidos, com o registry.")
    ] = False,
    who: Annotated[
        str, typer.Option("--aluno", "--learner", help="Com --conferir: de quem eles têm de ser.")
    ] = "",
    form: Annotated[
        Form, typer.Option("--formato", "--format", help="Para pessoas ou programas.")
    ] = Form.TEXT,
) -> int:
    """Verifica agora e grava um comprovante assinado, para quem dá a aula."""
    home = lab_home()
    if confer and not given:
        raise UsageError("Diga quais comprovantes conferir: lab entregar --conferir trabalho/entregas/*.json")
    if who and not confer:
        raise UsageError("--aluno só vale com --conferir: quem entrega é quem entrou com `docker login`.")
    entry.go_in(home)
    from lab import confer as conferring
    from lab import hand_in, study

    if confer:
        return conferring.confer(home, [Path(one) for one in given or ()], who, as_json=form is Form.JSON)
    units = study.chosen(given or [], everything=not given)
    return hand_in.hand_in(home, units, as_json=form is Form.JSON)


progress = typer.Typer(
    help="Leva o seu progresso a outra máquina, ou o traz de lá.",
    context_settings=HELP_OPTIONS,
    subcommand_metavar="COMANDO …",
)
app.add_typer(progress, name="progresso", options_metavar="[OPÇÕES]", rich_help_panel=_PANEL)
app.add_typer(progress, name="progress", options_metavar="[OPÇÕES]", hidden=True)


@verb(progress, "exportar", "export")
def exportar(
    path: Annotated[
        str, typer.Argument(metavar="[ARQUIVO]", help="Onde gravar; sem ele, na pasta do aluno.")
    ] = "",
) -> None:
    """Grava num arquivo o resultado de cada unidade."""
    entry.adopt(lab_home())
    from lab import transfer

    transfer.export_to(lab_home(), path)


@verb(progress, "importar", "import")
def importar(
    path: Annotated[Path, typer.Argument(metavar="ARQUIVO", help="O que `lab progresso exportar` gravou.")],
    anyway: Annotated[
        bool, typer.Option("--mesmo-assim", "--anyway", help="Mesmo que seja de outra conta.")
    ] = False,
) -> None:
    """Junta o progresso de outra máquina ao daqui; de cada unidade fica o melhor."""
    entry.adopt(lab_home())
    from lab import transfer

    transfer.import_from(lab_home(), path, anyway=anyway)
