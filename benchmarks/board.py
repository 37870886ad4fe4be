"""From the end of a `docker push` to the cell that has turned on an open board, with 200 learners pushing.

The board is looked at as a browser does: it asks for news four times a second, and takes what comes.
"""

from __future__ import annotations

import asyncio
import html
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from benchmarks.school import LEARNERS, MINUTE, ROOT, Learner, class_of, docker, percentile95, write_people
from checks.outcome import Outcome

UNIT = "push"
EVERY = 0.25  # seconds, as the page says in hx-trigger
AIM = 1.0
_LINE = re.compile(r'<tr id="linha-\d+".*?</tr>', re.DOTALL)
_NAME = re.compile(r'<a id="aluno-\d+"[^>]*>([^<]+)</a>')
_NEWS = re.compile(r'hx-get="([^"]*novidades[^"]*)"')


async def studies(learner: Learner, begins: float) -> float:
    """When the push ended."""
    await asyncio.sleep(begins)
    code, said = await docker(
        learner, "login", "-u", learner.name, "--password-stdin", given=learner.password
    )
    assert code == 0, said
    code, said = await docker(learner, "push", learner.image)
    assert code == 0, said
    return time.monotonic()


async def watched(url: str, key: str, turned: dict[str, float], count: int) -> None:
    """Notes when the cell of each learner, by name, has turned to passed."""
    jar = aiohttp.CookieJar(unsafe=True)  # of an address without a name
    async with aiohttp.ClientSession(cookie_jar=jar) as session:
        async with session.get(f"{url}/turma/placar", params={"chave": key, "unidade": UNIT}) as answer:
            assert answer.status == 200, answer.status
        async with session.get(f"{url}/turma/placar", params={"unidade": UNIT}) as answer:
            page = await answer.text()
        while len(turned) < count:
            await asyncio.sleep(EVERY)
            async with session.get(
                url + html.unescape(_news(page)), headers={"HX-Request": "true"}
            ) as answer:
                if answer.status == 204:
                    continue
                page = await answer.text()
            for line in _LINE.findall(page):
                name = _NAME.search(line)
                if name and f'class="cell {Outcome.PASSED}' in line:
                    turned.setdefault(name[1], time.monotonic())


def _news(page: str) -> str:
    found = _NEWS.search(page)
    assert found, page[:500]
    return found[1]


async def minute(learners: Sequence[Learner], url: str, key: str) -> list[float]:
    turned: dict[str, float] = {}
    begins = [random.uniform(0, MINUTE - 5) for _ in learners]  # noqa: S311 - not a secret
    looking = asyncio.create_task(watched(url, key, turned, len(learners)))
    ended = await asyncio.gather(*(studies(*one) for one in zip(learners, begins, strict=True)))
    async with asyncio.timeout(60):
        await looking
    return [max(0.0, turned[one.name] - end) for one, end in zip(learners, ended, strict=True)]


def in_the_lab(folder: Path) -> None:
    """The part that runs inside: prints seconds as JSON."""
    given = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    learners = [Learner(name, password, folder / name) for name, password in given["people"].items()]
    for learner in learners:
        learner.folder.mkdir()
        subprocess.run(["docker", "tag", "docker-is-cool", learner.image], check=True)
    print(json.dumps(asyncio.run(minute(learners, given["url"], given["key"]))))


def main(console: Console) -> None:
    with class_of(LEARNERS) as (folder, people, lab):
        rows = "".join(f"{name},{name}@exemplo.com,{name}\n" for name in people)
        (folder / "lista.csv").write_text(f"Nome,E-mail,Docker ID\n{rows}", encoding="utf-8")
        lab("turma", "importar", str(folder / "lista.csv"))
        lab("turma", "corrigir", "--unidade", UNIT)
        kept = json.loads((folder / "lab" / "lab.json").read_text(encoding="utf-8"))
        key = (folder / "lab" / "secrets" / "teacher-key").read_text(encoding="utf-8").strip()
        url = f"http://127.0.0.1:{kept['hub_port']}"
        write_people(folder, {"people": people, "url": url, "key": key})
        inside = (sys.executable, "-m", "benchmarks.board", str(folder))
        said = lab("executar", "--", "env", f"PYTHONPATH={ROOT}", *inside)
        show(json.loads(said.splitlines()[-1]), console)


def show(seconds: Sequence[float], console: Console) -> None:
    table = Table(title=f"Do fim do docker push à casa virada no placar, {len(seconds)} alunos em um minuto")
    for heading in ("p50", "p95", "máximo", "alvo do p95"):
        table.add_column(heading)
    most, middle = max(seconds), statistics.median(seconds)
    table.add_row(f"{middle:.2f} s", f"{percentile95(seconds):.2f} s", f"{most:.2f} s", f"{AIM:.2f} s")
    console.print(table)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        in_the_lab(Path(sys.argv[1]))
    else:
        main(Console())
