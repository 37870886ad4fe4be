"""The same grading over several machines: learners in small groups, each graded by a worker of Dask.

A worker that dies midway hands its groups to the others, which grade them again from the beginning; a group
is taken once, when it is done. Workers read the registry with their own environment (SSL_CERT_FILE, cache),
and get the reader's secret from the file that CLASS_READER_FILE names there: no secret travels in a task.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from checks.auth import Credential
from checks.classroom import models
from checks.classroom.grading import Graded, Patient, grade
from checks.classroom.person import Person
from checks.classroom.remote import remote_forms
from checks.classroom.session import Way, opened
from checks.errors import CourseError
from checks.unit import load_unit

READER_FILE = "CLASS_READER_FILE"
GROUP = 20  # learners: enough to keep a worker's connections busy, few enough to be graded again
_TRIES = 5  # a group whose workers keep dying is given up after so many
_A_DAY = 24 * 60 * 60.0


class NoDask(CourseError):  # noqa: N818
    """Dask is not installed, or does not answer at that address."""


@dataclass(frozen=True)
class Work:
    """What a group of learners is graded on; all of it can travel."""

    units: tuple[str, ...]
    models: str
    way: Way

    def without_secret(self) -> Work:
        return replace(self, way=replace(self.way, reader=None, told=None))


async def grade_groups(
    people: Sequence[Person], work: Work, address: str, size: int = GROUP
) -> AsyncIterator[Graded]:
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
        client = await Client(address, asynchronous=True, timeout=10)
    except (OSError, ValueError) as error:
        raise NoDask(
            f"Nenhum Dask respondeu em {address} ({type(error).__name__}). Confira o endereço que o "
            "agendador mostrou, como em tcp://10.0.0.5:8786."
        ) from None
    async with client:
        futures = [
            client.submit(
                grade_group, [one.to_dict() for one in group], bare, _told_of(group, work), pure=False,
                retries=_TRIES,
            )
            for group in groups
        ]  # fmt: skip
        async for future in as_completed(futures):
            for data in await future:
                yield Graded.from_dict(by_key[data["key"]], data)
            future.release()


def _told_of(group: Sequence[Person], work: Work) -> Mapping[str, Any] | None:
    """What the hub told of this group alone."""
    told = work.way.told
    return None if told is None else {one.docker_id: told.get(one.docker_id, {}) for one in group}


def grade_group(
    people: Sequence[Mapping[str, str]], work: Work, told: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """Runs on a worker."""
    way = replace(work.way, told=told, reader=reader_here())
    return asyncio.run(_grade(tuple(map(Person.from_dict, people)), work, way))


async def _grade(people: Sequence[Person], work: Work, way: Way) -> list[dict[str, Any]]:
    units = remote_forms([load_unit(one) for one in work.units], models.read(work.models))
    async with opened(way) as source:
        return [graded.to_dict() async for graded in grade(people, units, Patient(source), patience=_A_DAY)]


def reader_here() -> Credential | None:
    """`name:secret` of CLASS_READER_FILE; None where there is no such file: then as anyone."""
    path = os.environ.get(READER_FILE, "")
    if not path:
        return None
    name, _, secret = Path(path).read_text(encoding="utf-8").strip().partition(":")
    return Credential(name, secret) if secret else None
