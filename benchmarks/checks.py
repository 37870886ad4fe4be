"""What a press of Verificar costs in a real lab, unit by unit; and a local check beside the SDK's calls."""

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import ipywidgets
from docker.errors import ImageNotFound
from rich.console import Console
from rich.table import Table

from checks import runner
from checks.needs import needs_of
from checks.notebook import exercicio
from checks.render.text import WORKING
from checks.render.widget import CHECK
from checks.unit import Unit, load_course, load_unit

ROOT = Path(__file__).parent.parent
LAB = str(Path(sys.executable).with_name("lab"))
LOCAL_UNIT = "comece-aqui"
FINISHED = "Verificação terminada"
LOCAL_ROUNDS = 30
PRESSES = 5
MOST_SECONDS, MOST_RATIO = 2.0, 1.5


# ---------------------------------------------------------------- in the lab


def pressed(unit: Unit) -> tuple[float, float]:
    """Seconds from the press of the button until it says "aguarde", and until the result is there."""
    panel = exercicio(unit.id)._panel.widget
    button = next(each for each in widgets(panel) if is_check(each))
    said: dict[str, float] = {}
    over = threading.Event()

    def hear(text: str) -> None:
        for words in (WORKING, FINISHED):
            if words in text:
                said.setdefault(words, time.perf_counter())
        if FINISHED in text:
            over.set()

    for widget in widgets(panel):
        if isinstance(widget, ipywidgets.HTML):
            widget.observe(lambda change: hear(change["new"]), "value")
    start = time.perf_counter()
    button.click()
    assert over.wait(30), f"{unit.id} was not checked"
    return said[WORKING] - start, said[FINISHED] - start


def widgets(parent: Any) -> Iterator[Any]:
    for child in getattr(parent, "children", ()):
        yield child
        yield from widgets(child)


def is_check(widget: object) -> bool:
    return isinstance(widget, ipywidgets.Button) and widget.description == CHECK


def presses() -> dict[str, list[tuple[float, float]]]:
    """Of each unit; the first is the first of a new kernel, as far as that unit goes."""
    return {unit.id: [pressed(unit) for _ in range(PRESSES)] for unit in load_course() if unit.checks}


def raw_calls(client: docker.DockerClient, names: list[str]) -> None:
    for name in names:
        try:
            client.images.get(name)
        except ImageNotFound:
            continue


def local_check() -> dict[str, list[float]]:
    """Seconds of a local check, of the SDK's calls as everyone writes them, and on a client kept open."""
    unit = load_unit(LOCAL_UNIT)
    wanted = {one for check in unit.checks for one in needs_of(check, "ana", unit.id).requests.values()}
    names = [str(one.reference) for one in wanted if hasattr(one, "reference")]
    version = docker.from_env().version()["ApiVersion"]

    def as_everyone() -> None:
        with closing(docker.from_env()) as client:
            raw_calls(client, names)

    with closing(docker.from_env(version=version)) as kept:
        work: Mapping[str, Callable[[], object]] = {
            "check": lambda: runner.verify(unit),
            "sdk": as_everyone,
            "kept": lambda: raw_calls(kept, names),
        }
        rounds = [{name: timed(one) for name, one in work.items()} for _ in range(LOCAL_ROUNDS)]
    return {name: [each[name] for each in rounds] for name in work}


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


# ---------------------------------------------------------------- outside


@dataclass(frozen=True)
class Lab:
    folder: Path

    def run(self, *arguments: str, text: str = "") -> str:
        environment = {
            **os.environ,
            "LAB_HOME": str(self.folder / "lab"),
            "WORK_HOME": str(self.folder / "work"),
        }
        done = subprocess.run(
            [LAB, *arguments], env=environment, input=text, capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode:
            sys.exit(f"lab {arguments[0]}: {done.stdout}{done.stderr}")
        return done.stdout

    def inside(self, *command: str, text: str = "") -> str:
        return self.run("executar", "--", *command, text=text)

    def measured(self, what: str) -> Any:
        told = self.inside("env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "benchmarks.checks", what)
        return json.loads(told)


@contextmanager
def running() -> Iterator[Lab]:
    with tempfile.TemporaryDirectory(prefix="lab-bench-") as name:
        lab = Lab(Path(name))
        try:
            lab.run("aula", "--segundo-plano", "--sem-navegador")
            yield lab
        finally:
            lab.run("limpar")


def study(lab: Lab) -> None:
    """What a learner does in the first units: an account, a login, tags, a push."""
    password = secrets.token_urlsafe(15)
    lab.run("conta", "ana", text=f"{password}\n")
    lab.inside("docker", "login", "-u", "ana", "--password-stdin", text=password)
    for tag in ("latest", "v1"):
        lab.inside("docker", "tag", "docker-is-cool", f"ana/docker-is-cool:{tag}")
        lab.inside("docker", "push", f"ana/docker-is-cool:{tag}")
    lab.inside("docker", "tag", "docker-is-cool", "aquecimento")


def show_presses(before: Any, after: Any, console: Console) -> None:
    table = Table(title=f"Verificar, {PRESSES} vezes em cada unidade, num laboratório de verdade")
    for heading in ("unidade", "aguarde", "sem nada feito", "com push feito", f"até {MOST_SECONDS:.0f} s"):
        table.add_column(heading)
    for unit in before:
        both = [before[unit], after[unit]]
        waits = max(wait for times in both for wait, _ in times)
        slowest = max(total for times in both for _, total in times)
        cells = [f"{statistics.median(total for _, total in times):.2f} s" for times in both]
        verdict = "sim" if slowest <= MOST_SECONDS else f"não: {slowest:.2f} s"
        table.add_row(unit, f"{waits * 1000:.1f} ms", *cells, verdict)
    console.print(table)


def show_local(times: Mapping[str, list[float]], console: Console) -> None:
    medians = {name: statistics.median(values) for name, values in times.items()}
    labels = {
        "check": "a verificação inteira",
        "sdk": "docker.from_env() e as chamadas",
        "kept": "as chamadas, cliente já aberto",
    }
    table = Table(title=f"Verificar {LOCAL_UNIT} e as chamadas do SDK, {LOCAL_ROUNDS} vezes")
    for heading in ("o quê", "mediana", "verificação ÷ isto"):
        table.add_column(heading)
    for name, label in labels.items():
        ratio = "" if name == "check" else f"{medians['check'] / medians[name]:.2f}"
        table.add_row(label, f"{medians[name] * 1000:.1f} ms", ratio)
    console.print(table)
    console.print(
        f"Meta: até {MOST_RATIO} vezes o que custa fazer as mesmas perguntas com docker.from_env()."
    )


def main(console: Console) -> None:
    with running() as lab:
        before = lab.measured("presses")
        study(lab)
        after, local = lab.measured("presses"), lab.measured("local")
    show_presses(before, after, console)
    show_local(local, console)


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps({"presses": presses, "local": local_check}[sys.argv[1]]()))
    else:
        main(Console())
