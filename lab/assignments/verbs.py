"""The verbs of assignments: `lab turma tarefa …`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lab.paths import lab_home
from lab.portuguese import HELP_OPTIONS
from lab.verbs import verb

app = typer.Typer(context_settings=HELP_OPTIONS, subcommand_metavar="COMANDO …")
_Ids = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ID]…", help="As unidades; sem nenhuma, todas as que se corrigem de longe."),
]
_Folder = Annotated[
    Path | None,
    typer.Option("--pasta", "--folder", metavar="PASTA", help="Onde gravar; sem ela, em trabalho/tarefas."),
]


@verb(app, "nbgrader")
def nbgrader(ids: _Ids = None, folder: _Folder = None) -> None:
    """Faz a pasta de um curso do nbgrader, com as nossas verificações como testes."""
    from lab.assignments import make

    make.write(lab_home(), "nbgrader", ids or [], folder)


@verb(app, "github-classroom")
def github_classroom(ids: _Ids = None, folder: _Folder = None) -> None:
    """Faz o repositório modelo de uma tarefa do GitHub Classroom, que se corrige sozinha."""
    from lab.assignments import make

    make.write(lab_home(), "github-classroom", ids or [], folder)


@verb(app, "gradescope")
def gradescope(ids: _Ids = None, folder: _Folder = None) -> None:
    """Faz o corretor (autograder.zip) de uma tarefa do Gradescope."""
    from lab.assignments import make

    make.write(lab_home(), "gradescope", ids or [], folder)


@verb(app, "rodar", "run")
def rodar(
    notebook: Annotated[Path, typer.Argument(metavar="CADERNO.ipynb", help="O que o aluno entregou.")],
    seconds: Annotated[
        int, typer.Option("--segundos", "--seconds", min=5, max=600, help="Para o caderno todo.")
    ] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Para programas.")] = False,
) -> int:
    """Roda o caderno de um aluno num contêiner sem rede e com limites, e mostra o que deu cada célula."""
    from lab import entry

    entry.go_in(lab_home())
    from lab.assignments import look

    return look.show(notebook, seconds, as_json=as_json)
