"""A class over several processes: real workers of Dask, one of which is killed while it works."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import dask
import pytest
from aiohttp import web

from checks.auth import Credential
from checks.classroom import spread
from checks.classroom.grading import Graded
from checks.classroom.models import Models
from checks.classroom.person import Person
from checks.classroom.session import Way
from checks.classroom.spread import NoDask, Work
from checks.outcome import Outcome
from lab.addresses import free_port
from tests.certificates import make_certificate
from tests.checks.conftest import FakeHub, serving
from tests.classroom.world import person

_TLS = "DASK_DISTRIBUTED__COMM__TLS__"
DASK = str(Path(sys.executable).with_name("dask"))
PEOPLE = tuple(person(f"aluno{number:04}") for number in range(60))


class SlowHub(FakeHub):
    """Takes a moment for each answer, so that a grading lasts long enough to be disturbed."""

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.02)
        return await super()._answer(request)


@pytest.fixture
def hub() -> Iterator[SlowHub]:
    fake = SlowHub()
    image = fake.image()
    for one in PEOPLE[:50]:
        fake.push(f"{one.docker_id}/docker-is-cool", image)
    with serving(fake.app()) as url:
        fake.url = url
        yield fake


@contextmanager
def running(*arguments: str, variables: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [DASK, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, **(variables or {})},
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(20)


@pytest.fixture
def scheduler() -> Iterator[str]:
    port = free_port()
    with running("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"):
        _wait_for(port)
        yield f"tcp://127.0.0.1:{port}"


def worker(scheduler: str, folder: Path) -> tuple[str, ...]:
    """Without a nanny: one who is killed does not come back."""
    return (
        "worker", scheduler, "--nthreads", "1", "--no-nanny", "--no-dashboard",
        "--local-directory", str(folder),
    )  # fmt: skip


def work(hub: FakeHub) -> Work:
    way = Way(registry=hub.url, hub=hub.url, house=hub.url, told={})
    return Work(("pull",), Models().to_json(), way, is_real=True)


async def gathered(
    people: tuple[Person, ...], work: Work, scheduler: str, victim: subprocess.Popen[bytes] | None = None
) -> list[Graded]:
    found: list[Graded] = []
    async for graded in spread.grade_groups(people, work, scheduler, size=4):
        found.append(graded)
        if victim is not None and victim.poll() is None:
            os.kill(victim.pid, signal.SIGKILL)
            victim.wait()
    return found


def test_a_worker_killed_midway_loses_nobody_and_grades_nobody_twice(
    hub: SlowHub, scheduler: str, tmp_path: Path
) -> None:
    with running(*worker(scheduler, tmp_path)) as victim, running(*worker(scheduler, tmp_path)):
        found = asyncio.run(gathered(PEOPLE, work(hub), scheduler, victim))
    assert Counter(one.person.key for one in found) == Counter(one.key for one in PEOPLE)
    passed = {one.person.key for one in found if one.reports[0].outcome is Outcome.PASSED}
    assert passed == {one.key for one in PEOPLE[:50]}


def test_a_worker_of_another_hub_grades_nobody_and_costs_nobody(
    hub: SlowHub, scheduler: str, tmp_path: Path
) -> None:
    practice = Work(("pull",), Models().to_json(), work(hub).way, is_real=False)
    with running(*worker(scheduler, tmp_path)):
        found = asyncio.run(gathered(PEOPLE[:8], practice, scheduler))
    assert {one.reports[0].outcome for one in found} == {Outcome.UNVERIFIABLE}
    assert {one.person.key for one in found} == {one.key for one in PEOPLE[:8]}
    assert "outro Docker Hub" in found[0].reports[0].checks[0].message


def test_with_tls_only_who_has_the_certificates_takes_part(hub: SlowHub, tmp_path: Path) -> None:
    """As docs/turma.md says: flags for the scheduler, variables for the others."""
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    make_certificate(certificate, key)
    named = {f"{_TLS}CA_FILE": str(certificate)}
    for end in ("WORKER", "CLIENT"):
        named |= {f"{_TLS}{end}__CERT": str(certificate), f"{_TLS}{end}__KEY": str(key)}
    port, files = free_port(), ("--tls-ca-file", certificate, "--tls-cert", certificate, "--tls-key", key)
    address = f"tls://localhost:{port}"
    flags = ("--protocol", "tls", "--host", "localhost", "--port", port, "--no-dashboard", *files)
    with running("scheduler", *map(str, flags)):
        _wait_for(port)
        with pytest.raises(NoDask):
            asyncio.run(gathered(PEOPLE[:4], work(hub), address.replace("tls", "tcp")))
        with running(*worker(address, tmp_path), variables=named), dask.config.set(_as_dask_reads(named)):
            found = asyncio.run(gathered(PEOPLE[:8], work(hub), address))
    assert {one.reports[0].outcome for one in found} == {Outcome.PASSED}


def _as_dask_reads(named: dict[str, str]) -> dict[str, str]:
    """Dask reads variables when it is loaded, as in a process of its own."""
    return {
        name.removeprefix("DASK_").lower().replace("__", ".").replace("_", "-"): value
        for name, value in named.items()
    }


def test_no_secret_travels_with_the_work(hub: SlowHub) -> None:
    given = Work(("pull",), "{}", Way(Credential("professora", "s3gredo"), told={"ana": {}}))
    assert "s3gredo" not in repr(vars(given.without_secret().way))


def test_a_scheduler_that_is_not_there_is_a_sentence(hub: SlowHub) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(NoDask, match="Nenhum Dask respondeu"):
        asyncio.run(gathered(PEOPLE, work(hub), address))


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the scheduler did not answer")
