"""The same grading over several machines: learners in small groups, each graded by a worker of Dask.

A worker that dies midway hands its groups to the others, which grade them again from the beginning; a group
is taken once, when it is done. Workers read the registry with their own environment (SSL_CERT_FILE, cache),
and get the reader's secret from the file that CLASS_READER_FILE names there: no secret travels in a task.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from checks import place
from checks.auth import Credential
from checks.classroom import models
from checks.classroom.grading import Graded, Patient, grade
from checks.classroom.person import GRADER, Person
from checks.classroom.remote import public_forms, remote_forms
from checks.classroom.session import Way, opened
from checks.errors import OutOfReach
from checks.outcome import Outcome
from checks.report import Finding, Report
from checks.unit import Unit, load_unit

_LOST = "Os operários do Dask não deram conta deste grupo"
READER_FILE = "CLASS_READER_FILE"
GROUP = 20  # learners: enough to keep a worker's connections busy, few enough to be graded again
_TRIES = 5  # a group whose workers keep dying is given up after so many
_A_DAY = 24 * 60 * 60.0


class NoDask(OutOfReach):
    """Dask is not installed, or does not answer at that address."""


def nobody(address: str, error: Exception) -> NoDask:
    return NoDask(
        f"Nenhum Dask respondeu em {address} ({type(error).__name__}). Confira o endereço que o "
        "agendador mostrou, como em tcp://10.0.0.5:8786."
    )


@dataclass(frozen=True)
class Work:
    """What a group of learners is graded on; all of it can travel."""

    units: tuple[str, ...]
    models: str
    way: Way
    is_real: bool = False  # whether the real Docker Hub is meant; a worker of the other one refuses

    @property
    def forms(self) -> tuple[Unit, ...]:
        course = [load_unit(one) for one in self.units]
        known = models.read(self.models)
        return public_forms(course, known) if self.is_real else remote_forms(course, known)

    def without_secret(self) -> Work:
        return replace(self, way=replace(self.way, reader=None, told=None))


async def grade_groups(
    people: Sequence[Person], work: Work, address: str, size: int = GROUP
) -> AsyncGenerator[Graded, None]:
    """Raises NoDask when there is no scheduler at `address`."""
    try:
        from dask.distributed import Client, as_completed
    except ImportError:
        raise NoDask(
            "Falta o Dask nesta máquina. Instale-o e repita: `.venv/bin/uv pip install 'dask[distributed]'`"
        ) from None
    groups = [people[at : at + size] for at in range(0, len(people), size)]
    by_key = {person.key: person for person in people}
    bare = work.without_secret()
    try:
        client = await Client(address, asynchronous=True, timeout=5)
    except (OSError, ValueError) as error:
        raise nobody(address, error) from None
    async with client:
        futures = {
            client.submit(
                grade_group, [one.to_dict() for one in group], bare, _told_of(group, work), pure=False,
                retries=_TRIES,
            ): group
            for group in groups
        }  # fmt: skip
        async for future in as_completed(list(futures)):
            try:
                graded = [Graded.from_dict(by_key[data["key"]], data) for data in await future]
            except Exception as error:  # of this group alone: the others are graded all the same
                why = f"{_LOST} ({type(error).__name__}: {error})"[:300]
                graded = [_unseen(person, work, why) for person in futures[future]]
            for one in graded:
                yield one
            future.release()


def _told_of(group: Sequence[Person], work: Work) -> Mapping[str, Any] | None:
    """What the hub told of this group alone."""
    told = work.way.told
    return None if told is None else {one.docker_id: told.get(one.docker_id, {}) for one in group}


def grade_group(
    people: Sequence[Mapping[str, str]], work: Work, told: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Runs on a worker."""
    if place.is_practice() is work.is_real:
        raise RuntimeError("este operário olha outro Docker Hub que o da correção")
    way = replace(work.way, told=told, reader=reader_here())
    return asyncio.run(_grade(tuple(map(Person.from_dict, people)), work, way))


async def _grade(people: Sequence[Person], work: Work, way: Way) -> list[dict[str, Any]]:
    async with opened(way) as source:
        going = grade(people, work.forms, Patient(source), patience=_A_DAY)
        return [graded.to_dict() async for graded in going]


def _unseen(person: Person, work: Work, why: str) -> Graded:
    """Nothing can be said of somebody whose group no worker could grade."""
    reports = (
        Report(
            form.id,
            form.title,
            person.docker_id,
            tuple(
                Finding(check.rule.name, check.title, Outcome.UNVERIFIABLE, check.points, why)
                for check in form.checks
            ),
        )
        for form in work.forms
    )
    return Graded(person, tuple(reports))


def reader_here() -> Credential | None:
    """The practice hub's grader, with the secret in CLASS_READER_FILE; None without it: then as anyone."""
    path = os.environ.get(READER_FILE, "")
    return Credential(GRADER, Path(path).read_text(encoding="utf-8").strip()) if path else None
