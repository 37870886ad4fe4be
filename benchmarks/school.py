"""A class on one hub: 200 learners sign in and push within the same minute, with docker's own command.

Nobody may be refused and nothing may be lost: at the end the hub's API has to tell of each learner's image.
How long the token service takes is what the learners themselves wait: for the first answer to their password,
which pays for Argon2, and for the one before the push.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from checks.auth import Credential
from checks.web import open_session
from lab.paths import Home
from lab.services import hub_environment
from lab.state import Lab

LAB = str(Path(sys.executable).with_name("lab"))
ROOT = Path(__file__).parent.parent
LEARNERS, MINUTE = 200, 60.0
_ACCOUNTS = """
import sys, django
django.setup()
from hub.accounts.models import User
for line in sys.stdin:
    name, password = line.split()
    User.objects.create_confirmed(name, f"{name}@exemplo.com", password)
"""


@dataclass(frozen=True)
class Learner:
    name: str
    password: str
    folder: Path

    @property
    def image(self) -> str:
        return f"{self.name}/docker-is-cool"


@dataclass(frozen=True)
class Done:
    """Of one learner: the exit codes of login and push, what docker said last, and how long it all took.

    `waits` are the seconds of the answers of the token service: to the first password, and before the push.
    """

    codes: tuple[int, int]
    said: str
    seconds: float
    waits: tuple[float, float]

    @property
    def refused(self) -> bool:
        return self.codes != (0, 0)


async def docker(learner: Learner, *words: str, given: str = "") -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        "docker", "--config", str(learner.folder), *words,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate(given.encode("utf-8"))
    assert process.returncode is not None
    return process.returncode, out.decode("utf-8", "replace").strip()


async def studies(learner: Learner, begins: float, session: aiohttp.ClientSession) -> Done:
    """docker tells nothing of its own waits, so each learner also asks as docker does, right before it."""
    await asyncio.sleep(begins)
    start = time.perf_counter()
    first = await token_wait(learner, session, "")
    login, said = await docker(
        learner, "login", "-u", learner.name, "--password-stdin", given=learner.password
    )
    again = await token_wait(learner, session, f"repository:{learner.image}:pull,push")
    push, last = (1, said) if login else await docker(learner, "push", learner.image)
    return Done((login, push), last, time.perf_counter() - start, (first, again))


async def token_wait(learner: Learner, session: aiohttp.ClientSession, scope: str) -> float:
    """Seconds for a token with the password; a refusal ends the measure."""
    asked = {"service": "registry.docker.io", "account": learner.name, "client_id": "docker"}
    asked |= {"scope": scope} if scope else {"offline_token": "true"}
    headers = {"Authorization": Credential(learner.name, learner.password).basic}
    start = time.perf_counter()
    async with session.get("https://auth.docker.io/token", params=asked, headers=headers) as answer:
        await answer.read()
        assert answer.status == 200, answer.status
    return time.perf_counter() - start


async def is_there(learner: Learner, session: aiohttp.ClientSession) -> bool:
    """Whether the hub tells of the image; notifications come a moment after a push."""
    url = f"https://hub.docker.com/v2/namespaces/{learner.name}/repositories/docker-is-cool/tags/latest"
    for _ in range(20):
        async with session.get(url) as answer:
            if answer.status == 200:
                return True
        await asyncio.sleep(0.5)
    return False


async def minute(learners: Sequence[Learner]) -> tuple[list[Done], int]:
    begins = [random.uniform(0, MINUTE - 5) for _ in learners]  # noqa: S311 - not a secret
    async with open_session() as session:
        done = await asyncio.gather(
            *(studies(*one, session.client) for one in zip(learners, begins, strict=True))
        )
        there = await asyncio.gather(*(is_there(one, session.client) for one in learners))
    return done, there.count(False)


def in_the_lab(folder: Path) -> None:
    """The part that runs inside: prints its figures as JSON."""
    people = json.loads((folder / "people.json").read_text(encoding="utf-8"))["people"]
    learners = [Learner(name, password, folder / name) for name, password in people.items()]
    for learner in learners:
        learner.folder.mkdir()
        subprocess.run(["docker", "tag", "docker-is-cool", learner.image], check=True)
    done, lost = asyncio.run(minute(learners))
    found = {
        "refusals": [one.said for one in done if one.refused],
        "lost": lost,
        "first": [one.waits[0] for one in done],
        "again": [one.waits[1] for one in done],
        "took": [one.seconds for one in done],
    }
    print(json.dumps(found))


def main(console: Console) -> None:
    with class_of(LEARNERS) as (folder, people, lab):
        write_people(folder, {"people": people})
        inside = (sys.executable, "-m", "benchmarks.school", str(folder))
        said = lab("executar", "--", "env", f"PYTHONPATH={ROOT}", *inside)
        show(json.loads(said.splitlines()[-1]), console)


@contextmanager
def class_of(count: int) -> Iterator[tuple[Path, dict[str, str], Callable[..., str]]]:
    """A lab of its own with so many accounts: its folder, their passwords, and how a verb of `lab` is run."""
    folder = Path(tempfile.mkdtemp(prefix="school-"))
    environment = {**os.environ, "LAB_HOME": str(folder / "lab"), "WORK_HOME": str(folder / "work")}

    def lab(*words: str) -> str:
        return subprocess.run(
            [LAB, *words], env=environment, check=True, stdout=subprocess.PIPE, encoding="utf-8"
        ).stdout

    people = {f"aluno{number:03}": secrets.token_urlsafe(12) for number in range(count)}
    try:
        lab("aula", "--segundo-plano", "--sem-navegador")
        _accounts(folder, people)
        yield folder, people, lab
    finally:
        lab("limpar")
        shutil.rmtree(folder)


def write_people(folder: Path, told: Mapping[str, Any]) -> None:
    """For the part that runs inside; it has passwords."""
    path = folder / "people.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(told), encoding="utf-8")


def _accounts(folder: Path, people: dict[str, str]) -> None:
    home = Home(folder / "lab")
    kept = json.loads((home / "lab.json").read_text(encoding="utf-8"))
    given = "".join(f"{name} {password}\n" for name, password in people.items())
    subprocess.run(
        [sys.executable, "-c", _ACCOUNTS], input=given, encoding="utf-8", check=True,
        env={**os.environ, **hub_environment(home, Lab(**kept))},
    )  # fmt: skip


def percentile95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def show(found: dict[str, list[float]], console: Console) -> None:
    took = found["took"]
    table = Table(title=f"{len(took)} alunos entram e enviam no mesmo minuto")
    for heading in ("o quê", "quanto"):
        table.add_column(heading)
    table.add_row("recusados", str(len(found["refusals"])))
    table.add_row("imagens de que o hub não soube", str(found["lost"]))
    for what, waits in (("à primeira senha", found["first"]), ("antes do push", found["again"])):
        for name, seconds in (("p50", statistics.median(waits)), ("p95", percentile95(waits))):
            table.add_row(f"resposta do token {what}, {name}", f"{seconds * 1000:.0f} ms")
    table.add_row("login e push de um aluno, p95", f"{percentile95(took):.1f} s")
    console.print(table)
    for said in found["refusals"][:3]:
        console.print(f"Recusado: {said}", markup=False)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        in_the_lab(Path(sys.argv[1]))
    else:
        main(Console())
