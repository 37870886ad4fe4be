"""The verbs of who gives the class: its list, its grading, its grades, the board."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lab import entry
from lab.paths import Home, lab_home
from lab.verbs import verb

app = typer.Typer()
_PANEL = "Dar a aula"


class HubKind(StrEnum):
    PRACTICE = "treino"
    REAL = "real"


_DAY = "10/12/2026, ou 10/12/2026 18:00"
_Who = Annotated[
    str, typer.Argument(metavar="QUEM", help="O e-mail, o Docker ID, o número na escola ou o nome.")
]
_Hub = Annotated[HubKind, typer.Option("--hub", help="O Docker Hub em que os alunos trabalharam.")]
_NoTls = Annotated[
    bool, typer.Option("--sem-tls", "--no-tls", help="Aceita um agendador sem TLS, numa rede só sua.")
]


@verb(app, "importar", "import", panel=_PANEL)
def importar(
    file: Annotated[
        Path, typer.Argument(metavar="ARQUIVO.csv", help="A lista, como o seu sistema a exporta.")
    ],
    only_look: Annotated[
        bool, typer.Option("--so-ver", "--dry-run", help="Mostra o que entendeu e não grava nada.")
    ] = False,
) -> int:
    """Lê a lista da turma (Moodle, Canvas, Google ou GitHub Classroom, ou feita à mão)."""
    from lab.classroom import roster

    return roster.take(lab_home(), file, only_look=only_look)


@verb(app, "alunos", "learners", panel=_PANEL)
def alunos(as_json: Annotated[bool, typer.Option("--json", help="Para programas.")] = False) -> None:
    """Mostra quem está na turma, e com que Docker ID."""
    from lab.classroom import roster

    roster.show_people(lab_home(), as_json=as_json)


@verb(app, "soltar", "release", panel=_PANEL)
def soltar(who: _Who) -> None:
    """Desfaz a entrada de um aluno na turma, para ele entrar de novo com outra conta."""
    from lab.classroom import roster

    roster.release(lab_home(), who)


@verb(app, "apagar", "erase", panel=_PANEL)
def apagar(
    who: _Who,
    sure: Annotated[bool, typer.Option("--sim", "--yes", help="Não pergunta.")] = False,
) -> int:
    """Apaga da turma uma pessoa e tudo o que se guardou dela (LGPD)."""
    from lab.classroom import roster

    return roster.erase(lab_home(), who, sure=sure)


@verb(app, "modelo", "model", panel=_PANEL)
def modelo(
    name: Annotated[
        str, typer.Argument(metavar="IMAGEM", help="O nome que as unidades usam.")
    ] = "docker-is-cool",
    pushed: Annotated[
        str, typer.Option("--de", "--from", metavar="IMAGEM", help="Onde ela está, no Docker Hub.")
    ] = "",
    swap: Annotated[
        bool, typer.Option("--trocar", "--replace", help="Põe a nova no lugar da que já há.")
    ] = False,
    both: Annotated[
        bool, typer.Option("--tambem", "--also", help="Deixa também a que já há: as duas são certas.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--tirar", "--remove", help="Tira da turma os modelos desse nome.")
    ] = False,
    hub: _Hub = HubKind.PRACTICE,
) -> None:
    """Mostra as imagens modelo da turma, ou muda uma: a de outra plataforma, por exemplo."""
    home = _ready(hub)
    from lab.classroom import roster

    roster.change_models(home, name, roster.Change(pushed, swap, both, remove), real=hub is HubKind.REAL)


@verb(app, "corrigir", "grade", panel=_PANEL)
def corrigir(
    units: Annotated[
        list[str] | None, typer.Option("--unidade", "--unit", metavar="ID", help="Só esta; pode repetir.")
    ] = None,
    hub: _Hub = HubKind.PRACTICE,
    anew: Annotated[
        bool, typer.Option("--do-comeco", "--anew", help="Não continua a correção interrompida.")
    ] = False,
    only_cost: Annotated[
        bool, typer.Option("--quanto-custa", "--cost", help="Não corrige: diz quantas consultas faria.")
    ] = False,
    dask: Annotated[
        str, typer.Option("--dask", metavar="ENDEREÇO", help="Divide a turma entre operários do Dask.")
    ] = "",
    no_tls: _NoTls = False,
) -> int:
    """Corrige a turma toda pelo que está no Docker Hub, sem rodar nem baixar imagem de aluno."""
    home = _ready(hub)
    from lab.classroom import grading

    options = grading.Options(hub is HubKind.REAL, anew, only_cost, dask, no_tls)
    return grading.grade(home, units or [], options)


@verb(app, "exportar", "export", panel=_PANEL)
def exportar(
    form: Annotated[
        str, typer.Argument(metavar="FORMATO", help="moodle, canvas, google-classroom, csv, xlsx…")
    ],
    target: Annotated[
        Path | None, typer.Option("--arquivo", "--file", help="Onde gravar; sem ele, notas-FORMATO.")
    ] = None,
    units: Annotated[
        list[str] | None, typer.Option("--unidade", "--unit", metavar="ID", help="Só esta; pode repetir.")
    ] = None,
    base: Annotated[
        Path | None, typer.Option("--base", help="Canvas: o CSV que ele exportou, para devolver preenchido.")
    ] = None,
    semicolon: Annotated[
        bool, typer.Option("--ponto-e-virgula", "--semicolon", help="Separa com ; e não com vírgula.")
    ] = False,
    bom: Annotated[
        bool, typer.Option("--excel", "--bom", help="Marca o arquivo para o Excel ler os acentos.")
    ] = False,
    comma: Annotated[
        bool, typer.Option("--numeros-com-virgula", "--decimal-comma", help="Escreve 7,5 e não 7.5.")
    ] = False,
    due: Annotated[
        str, typer.Option("--prazo", "--due", metavar="DIA", help=f"Até quando tudo vale inteiro: {_DAY}.")
    ] = "",
    off: Annotated[
        str,
        typer.Option(
            "--desconto-por-dia",
            "--off",
            metavar="N",
            help="Por dia de atraso, em %; sem ele, o que vem depois do prazo não conta.",
        ),
    ] = "",
    chance: Annotated[
        str, typer.Option("--segunda-chance", "--second-chance", metavar="DIA", help="Até quando ela vai.")
    ] = "",
    worth: Annotated[
        str,
        typer.Option(
            "--segunda-vale", "--second-worth", metavar="N", help="Quanto ela vale, em %; sem ele, 50."
        ),
    ] = "",
    zero: Annotated[
        bool,
        typer.Option("--nao-feito-vale-zero", "--zero", help="Sem isso, o que não foi feito fica sem nota."),
    ] = False,
) -> None:
    """Grava as notas no formato que o Moodle, o Canvas ou outro sistema importa."""
    from lab.classroom import export

    rules = export.Rules(due, off, chance, worth, zero)
    paper = export.Paper(form, target, base, ";" if semicolon else ",", bom, comma)
    export.write(lab_home(), units or [], rules, paper)


@verb(app, "placar", "board", panel=_PANEL)
def placar(
    only_address: Annotated[
        bool, typer.Option("--sem-navegador", "--no-browser", help="Só mostra o endereço.")
    ] = False,
) -> None:
    """Abre o placar ao vivo da turma no navegador."""
    from lab.classroom import roster

    roster.open_board(lab_home(), browser=not only_address)


@verb(app, "operario", "worker", panel=_PANEL)
def operario(
    scheduler: Annotated[str, typer.Argument(metavar="ENDEREÇO", help="O do agendador: tcp://10.0.0.5:8786")],
    hub: _Hub = HubKind.PRACTICE,
    secret: Annotated[
        Path | None,
        typer.Option("--segredo", "--secret", help="Cópia de .lab/secrets/grader do servidor da turma."),
    ] = None,
    no_tls: _NoTls = False,
) -> None:
    """Põe esta máquina para corrigir junto com outras, sob um agendador do Dask."""
    home = _ready(hub)
    from lab.classroom import grading

    grading.work(home, scheduler, secret, real=hub is HubKind.REAL, no_tls=no_tls)


def _ready(hub: HubKind) -> Home:
    """In the lab, where the practice names lead; with the real hub, right here."""
    home = lab_home()
    if hub is HubKind.PRACTICE:
        entry.go_in(home)
    return home
