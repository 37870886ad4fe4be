"""A thousand learners by every unit, graded from a real registry, beside what teachers use today, in one run.

    cold          nothing known of any image; again: nothing changed
    wrk           the same registry's ceiling, in requests (see benchmarks.facts)
    skopeo        `skopeo inspect` of each learner's image, one by one, as anyone would in a loop
    nbgrader      `nbgrader autograde`: a kernel for each submission, here with one cell and one test
    otter         `otter run` of the same, without a container

Memory is that of a process of its own that grades a thousand, and then ten thousand, of one unit.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import peers
from benchmarks.facts import CountingWeb, skopeo, trusting, wrk
from benchmarks.fill_class import fill
from benchmarks.made_class import MODELS, made_person, make
from benchmarks.registry import Registry, holding
from checks.auth import Credential
from checks.cache import Cache
from checks.classroom.grading import grade
from checks.classroom.person import Person
from checks.classroom.remote import remote_forms
from checks.classroom.session import Way, opened
from checks.unit import Unit, load_course

PEOPLE = int(os.environ.get("BENCHMARK_PEOPLE", "1000"))
MANY = 10 * PEOPLE
READER = Credential("hub-corretor", "segredo")
UNITS = remote_forms(load_course(), MODELS)


@dataclass(frozen=True)
class Run:
    seconds: float
    people: int
    units: int
    requests: Counter[str]

    @property
    def rate(self) -> float:
        """Requests to the registry in a second."""
        return sum(count for kind, count in self.requests.items() if kind != "token") / self.seconds

    @property
    def each(self) -> float:
        """Seconds for a learner and unit."""
        return self.seconds / self.people / self.units


async def graded(
    people: Iterable[Person],
    units: Sequence[Unit],
    registry: Registry,
    folder: Path,
    told: Mapping[str, Mapping[str, Any]],
) -> Run:
    requests: Counter[str] = Counter()

    class Counted(CountingWeb):
        requests: Counter[str]

    Counted.requests = requests
    way = Way(READER, registry.url, house=registry.url, told=told)
    start, done, seen = time.perf_counter(), 0, 0
    with closing(Cache(folder, 500_000, 2**30)) as cache:
        async with opened(way, cache, web=Counted) as source:
            async for one in grade(people, units, source):
                done += 1
                seen += all(report.gradable for report in one.reports)
    assert seen == done, f"{done - seen} could not be verified"
    return Run(time.perf_counter() - start, done, len(units), requests)


def memory(registry: Registry, count: int, folder: Path) -> float:
    """The most that a process which grades `count` learners ever took, in MB."""
    command = [sys.executable, "-m", "benchmarks.classroom", registry.url, str(count), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return float(done.stdout)


def alone(url: str, count: int, folder: Path) -> None:
    """In a process of its own: `count` learners of one unit, of whom the first ones pushed."""
    import resource

    registry = Registry(url, Path(os.environ["SSL_CERT_FILE"]), (), "")
    push = [unit for unit in UNITS if unit.id == "push"]
    people = (made_person(number) for number in range(count))
    asyncio.run(graded(people, push, registry, folder, {}))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def show(console: Console, runs: dict[str, Run], ceiling: list[float], others: dict[str, float]) -> None:
    table = Table(title=f"{PEOPLE} alunos por {len(UNITS)} unidades, na mesma execução")
    for heading in ("o quê", "segundos", "alunos/s", "ms por aluno e unidade", "pedidos/s", "÷ wrk"):
        table.add_column(heading, justify="right")
    for label, run in runs.items():
        rate = f"{run.rate / statistics.median(ceiling):.2f}" if ceiling else "—"
        table.add_row(
            label, f"{run.seconds:.1f}", f"{run.people / run.seconds:.0f}", f"{run.each * 1000:.2f}",
            f"{run.rate:.0f}", rate,
        )  # fmt: skip
    for label, seconds in others.items():
        table.add_row(label, "", f"{1 / seconds:.2f}", f"{seconds * 1000:.0f}", "", "")
    console.print(table)
    cold = runs["primeira vez"]
    for label, seconds in others.items():
        console.print(f"{label}: {seconds / cold.each:.0f} vezes o que custa um aluno numa unidade aqui.")
    for label, run in runs.items():
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(run.requests.items()))
        console.print(f"Pedidos, {label}: {told}.")
    for program in ("wrk", "skopeo"):
        if shutil.which(program) is None:
            console.print(f"Falta o {program}; instale-o com: apt-get install {program}")


def main(console: Console) -> None:
    learners = make(PEOPLE)
    private = {name for learner in learners for name in learner.private}
    with tempfile.TemporaryDirectory(prefix="class-") as name:
        folder = Path(name)
        with holding(folder, lambda url: fill(url, learners), private) as held, trusting(held):
            images = tuple(f"{one.person.docker_id}/docker-is-cool" for one in make(22 * 3)[::22])
            registry = replace(held, images=images * 7)
            ceiling = [wrk(registry, folder, mixed=False)] if shutil.which("wrk") else []
            told = {learner.person.docker_id: learner.account for learner in learners}
            people = [learner.person for learner in learners]
            runs = {
                label: asyncio.run(graded(people, UNITS, registry, folder / "cache", told))
                for label in ("primeira vez", "de novo, sem mudança")
            }
            ceiling += [wrk(registry, folder, mixed=False)] if shutil.which("wrk") else []
            others = {"skopeo inspect": skopeo(registry, folder)} if shutil.which("skopeo") else {}
            others |= peers.seconds_each(folder)
            show(console, runs, ceiling, others)
            some, many = (memory(registry, count, folder / f"m{count}") for count in (PEOPLE, MANY))
            console.print(f"Memória: {some:.0f} MB com {PEOPLE} alunos, {many:.0f} MB com {MANY}.")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        alone(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(Console())
