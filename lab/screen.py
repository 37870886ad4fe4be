"""What the lab's verbs show in a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from lab import typed
from lab.doctor import Diagnosis, own_docker
from lab.lifecycle import Started
from lab.paths import work_home
from lab.services import TITLES
from lab.status import Status

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
_uncut = Console(highlight=False, width=1000)  # the terminal goes on in the next line: addresses stay whole

_STATES = {"up": "[green]✔ ligado[/]", "starting": "[yellow]… começando[/]", "down": "[red]✘ parado[/]"}
_MODES = {"treino": "Hub de treino", "real": "Docker Hub real", "": "nenhum ainda"}


def say(text: str = "") -> None:
    """One paragraph; never cut by the width of the terminal, so that addresses can be copied."""
    out.print(text, markup=False, soft_wrap=True)


def complain(text: str) -> None:
    err.print(text, markup=False, soft_wrap=True)


def agreed(question: str) -> bool:
    """Whether the answer is a yes; any other, and the end of the input, is a no."""
    try:
        return input(f"{question} [s/N] ").strip().lower() in {"s", "sim"}
    except EOFError:
        say()
        return False


def ready(name: str) -> None:
    out.print(f"[green]✔[/] {TITLES[name]}", soft_wrap=True)


def welcome(started: Started, entry: str, *, foreground: bool) -> None:
    """The addresses, and what to do next."""
    lab = started.lab
    say()
    out.print(f"[bold]Laboratório ligado com: {_MODES[lab.mode]}[/]")
    say(f"  Curso (JupyterLab)    {entry}")
    say(f"  Docker Hub            {lab.hub_url}" + ("  (só de treino)" if lab.mode == "treino" else ""))
    if lab.mode == "treino":
        say(f"  Correio de treino     {lab.hub_url}/correio/")
    if lab.server:
        say(f"  Servidor da turma     {lab.server}")
    elif lab.public:
        say(f"  Turma                 aberta em {lab.public}")
    say(f"  Seus arquivos         {work_home()}")
    trouble = own_docker() if lab.mode == "real" else ""
    for note in filter(None, (*started.notes, trouble)):
        out.print(f"[yellow]![/] {note}", soft_wrap=True)
    for path in started.delivery.beside:
        out.print(f"[yellow]![/] Chegou uma versão nova, ao lado da sua: {path}", soft_wrap=True)
    say()
    if foreground:
        say("Abra o endereço do curso no navegador e comece pela primeira lição. Para desligar: Ctrl-C aqui.")
    else:
        say(
            "Abra o endereço do curso no navegador e comece pela primeira lição. "
            f"Para desligar: {typed.lab()} parar"
        )


def status(found: Status) -> None:
    if not found.running:
        say(f"O laboratório de {found.home} está desligado. Ligue-o com `{typed.lab()} aula`.")
        return
    store = f", imagens: {found.store}" if found.store else ""
    say(f"Laboratório {found.id} ({_MODES[found.mode]}{store}), em {found.home}")
    table = Table(box=None, pad_edge=False)
    for name in ("Serviço", "Estado", "Versão", "Pid", "Endereço"):
        table.add_column(name, no_wrap=True)
    for service in found.services:
        table.add_row(
            service.title, _STATES[service.state], service.version, str(service.pid or ""), service.address
        )
    _uncut.print(table)
    for service in found.services:
        if service.state != "up":
            say(f"Para saber por que {service.title} não responde: {typed.lab()} registros {service.name}")


def diagnosis(found: tuple[Diagnosis, ...]) -> None:
    for one in found:
        mark = "[red]✘[/]" if not one.ok else "[green]✔[/]" if one.known else "[yellow]?[/]"
        out.print(f"{mark} {one.topic}: ", end="", soft_wrap=True)
        say(one.finding)
        if not one.ok and one.mend:
            say(f"    O que fazer: {one.mend}")
    missing = [one for one in found if not one.ok]
    say(
        f"\nTudo certo: `{typed.lab()} aula` pode ligar o laboratório."
        if not missing
        else "\nFalta resolver o que tem ✘ acima."
    )
