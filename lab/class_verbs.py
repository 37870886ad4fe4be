"""The verbs of a class: open this lab to one, make it part of one, and back."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from lab.assignments.verbs import app as assignment_verbs
from lab.classroom.verbs import app as teaching_verbs
from lab.identity import require_root
from lab.paths import Home, lab_home, require_usable
from lab.school import PORT
from lab.verbs import verb

app = typer.Typer(options_metavar="", subcommand_metavar="COMANDO …")
_IN_CLEAR = (
    "As páginas não são cifradas (http): quem está na mesma rede pode ver o que se digita nelas. Peça à "
    "turma senhas que só sirvam aqui. O que o docker envia é cifrado. Para cifrar também as páginas, veja "
    "docs/servidor.md."
)


@verb(app, "abrir", "open")
def abrir(
    address: Annotated[
        str,
        typer.Argument(metavar="[ENDEREÇO]", help="O desta máquina na rede; sem ele, eu descubro."),
    ] = "",
    port: Annotated[
        int, typer.Option("--porta", "--port", min=1, max=65_533, help="A primeira de três portas seguidas.")
    ] = PORT,
    pages: Annotated[
        str, typer.Option("--paginas", "--pages", help="O endereço público das páginas do hub, se for outro.")
    ] = "",
    proxy: Annotated[
        str,
        typer.Option(
            "--proxy",
            help="Com --paginas https://…: o endereço IP de quem cifra as páginas, se não for esta máquina.",
        ),
    ] = "",
) -> None:
    """Faz deste laboratório o servidor da turma, e mostra a linha que cada aluno digita."""
    from lab import enrolment, screen

    home = _ready()
    lab = enrolment.open_to_class(home, address, port, pages, proxy)
    _start(home)
    code = enrolment.fingerprint(home.own_authority.read_text(encoding="ascii"))
    screen.say("\nCada aluno, na pasta do curso, entra na turma com esta linha:\n")
    screen.say(f"  make preparar && .venv/bin/lab turma entrar {lab.public} --ca {code}")
    if doubt := enrolment.doubt(lab):
        screen.complain(doubt)
    screen.say(f"\nAs contas, os repositórios e as páginas são deste servidor: {lab.hub_url}")
    if not lab.proxy:
        screen.say(_IN_CLEAR)


@verb(app, "fechar", "close")
def fechar() -> None:
    """Deixa de ser o servidor da turma. Contas e imagens ficam guardadas."""
    from lab import enrolment, screen

    if enrolment.close_to_class(_ready()):
        screen.say("A turma foi fechada, e o laboratório, desligado. Contas e imagens continuam guardadas.")
    else:
        screen.say("Este laboratório não é o servidor de nenhuma turma: nada a fechar.")


@verb(app, "entrar", "join")
def entrar(
    server: Annotated[str, typer.Argument(metavar="SERVIDOR", help="O endereço que o professor mostrou.")],
    authority: Annotated[
        str, typer.Option("--ca", help="O certificado do servidor: o arquivo ca.pem, ou o código sha256:…")
    ],
) -> None:
    """Liga o laboratório com o hub e o registry do servidor da turma."""
    from lab import enrolment

    home = _ready()
    enrolment.join(home, server, authority)
    _start(home)


@verb(app, "sair", "leave")
def sair() -> None:
    """Volta a estudar só nesta máquina, com o hub dela. Nada do que está no servidor se perde."""
    from lab import enrolment, screen, typed

    if enrolment.leave(_ready()):
        screen.say(f"Você saiu da turma. Para estudar só nesta máquina: {typed.lab()} aula")
    else:
        screen.say("Este laboratório não faz parte de nenhuma turma: nada mudou.")


def _ready() -> Home:
    home = lab_home()
    require_usable(home)  # before a password is asked for in vain
    require_root(sys.argv[1:])
    return home


def _start(home: Home) -> None:
    from lab import aula

    aula.give(home, "treino", browser=False, foreground=False)


app.add_typer(teaching_verbs)
_ASSIGNMENTS = "Tarefas do nbgrader, do GitHub Classroom e do Gradescope."
app.add_typer(assignment_verbs, name="tarefa", help=_ASSIGNMENTS, rich_help_panel="Dar a aula")
app.add_typer(assignment_verbs, name="assignment", hidden=True)
