"""The verbs that bring the lab up and down, look at it and go into it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lab import entry, presence
from lab.class_verbs import app as class_verbs
from lab.errors import LabDown, UsageError
from lab.identity import TO_CLEAN, can_be_root, learner, require_root
from lab.paths import lab_home, require_usable, work_home
from lab.verbs import verb

app = typer.Typer(options_metavar="")  # Typer gives it to the verbs that have verbs below them
_PANEL = "O laboratório"
_PASSTHROUGH = {"ignore_unknown_options": True, "allow_interspersed_args": False}


class Hub(StrEnum):
    TREINO = "treino"
    REAL = "real"


@verb(app, "aula", "start", panel=_PANEL)
def aula(
    quiet: Annotated[
        bool, typer.Option("--sem-navegador", "--no-browser", help="Não abre o navegador.")
    ] = False,
    background: Annotated[
        bool, typer.Option("--segundo-plano", "--background", help="Devolve o terminal com tudo ligado.")
    ] = False,
    hub: Annotated[
        Hub, typer.Option("--hub", help="Hub de treino, ou o Docker Hub de verdade.")
    ] = Hub.TREINO,
) -> None:
    """Liga tudo, mostra os endereços e abre o curso."""
    home = lab_home()
    if hub is Hub.TREINO and presence.running(home) is None:
        require_usable(home)  # before a password is asked for in vain
        require_root(sys.argv[1:])
    from lab import aula as lesson

    lesson.give(home, hub.value, browser=not quiet, foreground=not background)


@verb(app, "status", panel=_PANEL)
def status(as_json: Annotated[bool, typer.Option("--json", help="Para programas.")] = False) -> int:
    """Mostra cada serviço. Sai com 0 se tudo responde, 3 se não."""
    from lab import screen
    from lab.status import look

    found = look(lab_home())
    if as_json:
        print(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        screen.status(found)
    return 0 if found.all_up else 3


@verb(app, "diagnostico", "doctor", panel=_PANEL)
def diagnostico(
    image: Annotated[
        str, typer.Argument(metavar="[IMAGEM]", help="A imagem cujo push ou pull não deu certo.")
    ] = "",
) -> int:
    """Diz o que falta nesta máquina ou, com uma imagem, por que o push ou o pull dela não dá certo."""
    if image:
        return _explain(image)
    from lab import doctor, screen

    found = doctor.examine(lab_home())
    screen.diagnosis(found)
    return 0 if all(one.ok for one in found) else 3


def _explain(image: str) -> int:
    home = lab_home()
    if not entry.is_here(home):
        if not entry.was_started(home):
            raise LabDown()
        entry.again(home, sys.argv[1:])
    entry.adopt(home)
    from lab import refusal

    return refusal.explain(image)


@verb(app, "parar", "stop", panel=_PANEL)
def parar() -> None:
    """Desliga tudo. Sua conta, imagens e progresso ficam guardados."""
    from lab import lifecycle, screen

    _require_outside()
    if lifecycle.stop(lab_home()):
        screen.say("O laboratório foi desligado. Sua conta, suas imagens e seu progresso estão guardados.")
    else:
        screen.say("O laboratório já estava desligado.")


@verb(app, "limpar", "clean", panel=_PANEL)
def limpar() -> None:
    """Desliga tudo e apaga o laboratório: contas, imagens e progresso. Seus notebooks ficam."""
    from lab import lifecycle, screen

    home = lab_home()
    _require_outside()
    if (home / "engine").exists() and not can_be_root():
        require_root(sys.argv[1:], TO_CLEAN)
    if lifecycle.clean(home):
        screen.say(f"O laboratório de {home.root} foi apagado. Seus notebooks continuam em {work_home()}.")
    else:
        screen.say(f"Não há laboratório em {home.root}: nada a apagar.")


def _require_outside() -> None:
    from lab import state, universe

    if universe.inside(state.load(lab_home())):
        program = Path(sys.executable).with_name("lab")
        raise UsageError(
            "Este terminal está dentro do laboratório. Abra um do seu computador, fora do JupyterLab, e rode "
            f"nele: {program} {' '.join(sys.argv[1:])}"
        )


@verb(app, "executar", "exec", panel=_PANEL, context_settings=_PASSTHROUGH)
def executar(
    command: Annotated[
        list[str], typer.Argument(metavar="-- COMANDO…", help="O comando e o que vem com ele.")
    ],
) -> None:
    """Roda um comando dentro do laboratório: lab executar -- docker images"""
    entry.go(lab_home(), command, _folder())


def _folder() -> Path:
    """Where it was typed, when that is in the learner's own folder."""
    with suppress(FileNotFoundError):  # it was deleted meanwhile
        here = Path.cwd()
        if here.is_relative_to(work_home().resolve()):
            return here
    return work_home()


@verb(app, "terminal", "shell", panel=_PANEL)
def terminal() -> None:
    """Abre um terminal dentro do laboratório, onde docker fala com o Hub de treino."""
    from lab.jupyter import bashrc

    entry.go(lab_home(), ["bash", "--rcfile", str(bashrc(lab_home())), "-i"], work_home())


@verb(app, "imagem", "image", panel=_PANEL)
def imagem() -> None:
    """Traz a docker-is-cool de volta, igual à que vem com o curso."""
    if sys.platform != "linux":
        raise UsageError("A docker-is-cool se monta num Linux: o que ela leva são programas dele.")
    entry.go_in(lab_home())
    from lab import image, screen

    image.load(os.environ.get("DOCKER_HOST"))
    screen.say("A imagem docker-is-cool está no seu motor, igual à que veio com o curso.")


@verb(app, "registros", "logs", panel=_PANEL)
def registros(
    service: Annotated[str, typer.Argument(metavar="[SERVIÇO]", help="engine, registry, hub, jupyter…")] = "",
    lines: Annotated[int, typer.Option("-n", "--linhas", min=1, help="Quantas linhas do fim.")] = 30,
    follow: Annotated[bool, typer.Option("-f", "--seguir", help="Continua mostrando o que chega.")] = False,
) -> None:
    """Mostra o que os serviços escreveram: de todos, ou de um."""
    from lab import logs

    logs.show(lab_home(), service, lines, follow=follow)


@verb(app, "conta", "account", panel=_PANEL)
def conta(
    name: Annotated[str, typer.Argument(metavar="NOME", help="O Docker ID.")],
    email: Annotated[str, typer.Option("--email", help="O e-mail da conta.")] = "",
    new_password: Annotated[
        bool, typer.Option("--nova-senha", "--new-password", help="Troca a senha de quem já tem conta.")
    ] = False,
) -> int:
    """Cria uma conta de treino já confirmada, com a senha lida da entrada padrão."""
    from lab import account

    lab = presence.running(lab_home())
    if lab is None:
        raise LabDown()
    return account.create(lab_home(), lab, learner(), name, email, new_password=new_password)


_CLASS = "Estudar em turma, com um servidor: abrir, entrar, sair."
app.add_typer(class_verbs, name="turma", help=_CLASS, rich_help_panel=_PANEL)
app.add_typer(class_verbs, name="class", hidden=True)


@verb(app, "faxina", "sweep", panel=_PANEL)
def faxina() -> None:
    """Libera o espaço das imagens que você apagou do Docker Hub de treino."""
    from lab import screen, state, sweep

    home = lab_home()
    lab = state.load(home)
    if lab is None:
        raise LabDown()
    screen.say(str(sweep.sweep(home, lab, learner())))


@verb(app, "preparar", "prepare", hidden=True)
def preparar() -> None:
    """Deixa pronto o que o laboratório usa sem internet depois."""
    from lab import official, screen

    names = ", ".join(official.prepare())
    screen.say(f"Pronto: as imagens oficiais que o Hub de treino oferece ({names}).")
