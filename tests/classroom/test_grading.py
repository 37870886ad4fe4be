"""A whole class: everybody gets a report, whatever happens to one of them; nothing is asked twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks.classroom import journal
from checks.classroom.grading import Graded, Patient, grade
from checks.classroom.person import Person
from checks.classroom.remote import remote_forms
from checks.classroom.source import Once
from checks.errors import RateLimited, RegistryUnreachable
from checks.image import PublicImageRequest, RemoteImageRequest, Request, Source
from checks.mark import LABEL
from checks.outcome import Outcome
from checks.reference import parse
from checks.unit import Unit, load_course
from tests.classroom.world import COOL, MODELS, World, image, person

UNITS = remote_forms(load_course(), MODELS)
PUSH = tuple(unit for unit in UNITS if unit.id == "push")


def everybody(count: int) -> list[Person]:
    return [person(f"aluno{number:04}") for number in range(count)]


def graded(people: Iterable[Person], world: Source, units: Sequence[Unit] = PUSH) -> list[Graded]:
    async def all_of_them() -> list[Graded]:
        return [one async for one in grade(people, units, world)]

    return asyncio.run(all_of_them())


def done_by(people: Iterable[Person]) -> World:
    world = World()
    for one in people:
        world.registry[f"{one.docker_id}/docker-is-cool:latest"] = COOL
    return world


def test_everybody_gets_a_report_of_each_unit() -> None:
    people = everybody(100)
    found = graded(people, done_by(people[:60]), UNITS)
    assert {one.person.key for one in found} == {one.key for one in people}
    passed = [one for one in found if {r.unit: r.outcome for r in one.reports}["push"] is Outcome.PASSED]
    assert {one.person.key for one in passed} == {one.key for one in people[:60]}
    assert all([report.unit for report in one.reports] == [unit.id for unit in UNITS] for one in found)


def test_what_happens_to_one_stops_nobody_else() -> None:
    people = everybody(30)
    world = done_by(people)

    def trouble(request: Request) -> Exception | None:
        if isinstance(request, RemoteImageRequest) and request.reference.namespace == "aluno0007":
            return RegistryUnreachable("registry-1.docker.io", "caiu")
        if isinstance(request, PublicImageRequest) and request.reference.namespace == "aluno0009":
            return ZeroDivisionError("um defeito nosso")
        return None

    world.trouble = trouble
    outcomes = {one.person.docker_id: one.reports[0].outcome for one in graded(people, world)}
    assert outcomes.pop("aluno0007") is Outcome.UNVERIFIABLE
    assert outcomes.pop("aluno0009") is Outcome.ERROR
    assert set(outcomes.values()) == {Outcome.PASSED}


def test_the_roster_is_read_as_it_is_needed() -> None:
    read: list[str] = []

    def roster() -> Iterator[Person]:
        for one in everybody(200):
            read.append(one.key)
            yield one

    async def first() -> None:
        source = done_by(everybody(200))
        going = grade(roster(), PUSH, source, at_once=8)
        await anext(going)
        await going.aclose()

    asyncio.run(first())
    assert len(read) <= 16


def test_a_fact_is_asked_for_once_for_all_the_units_of_a_learner() -> None:
    people = everybody(1)
    world = done_by(people)
    graded(people, world, UNITS)
    names = world.asked[PublicImageRequest]
    assert names == 2, "docker-is-cool of units 50 and 60, and cartao of unit 90"


def test_a_pause_that_was_asked_for_is_waited_for_by_all_and_costs_nobody() -> None:
    people, calls = everybody(20), iter(range(1000))
    pauses: list[float] = []
    world = done_by(people)
    world.trouble = lambda request: (
        RateLimited("registry-1.docker.io", 0.05) if next(calls) in (3, 4) else None
    )
    found = graded(people, Patient(world, pauses.append))
    assert {one.reports[0].outcome for one in found} == {Outcome.PASSED}
    assert pauses == [0.05], "one pause for all"


def test_an_error_that_nobody_waits_for_is_no_noise() -> None:
    async def given_up() -> None:
        world = World(trouble=lambda request: RegistryUnreachable("registry-1.docker.io", "caiu"))
        once = Once(world)
        asking = asyncio.create_task(once.fetch(RemoteImageRequest(parse("ana/app"))))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.sleep(0.01)
        assert once.facts == ()

    asyncio.run(given_up(), debug=True)


# ---------------------------------------------------------------- going on where it was


WHAT = {"units": ["push"], "real": False}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "corrigir.jsonl"
    people = everybody(3)
    with journal.begin(path, WHAT) as opened:
        for one in graded(people[:2], done_by(people)):
            journal.note(opened, one)
    return path


def finished(path: Path) -> set[str]:
    done = journal.read(path, WHAT, datetime.now(UTC))
    assert done is not None
    return {docker_id for _, docker_id in done.finished}


def test_a_grading_goes_on_where_it_was(file: Path) -> None:
    assert finished(file) == {"aluno0000", "aluno0001"}
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_line_that_was_cut_short_is_graded_again_and_hides_no_other(file: Path, cut: int) -> None:
    """The end of a process, or of the disk, may come anywhere, in the middle of a letter too."""
    file.write_bytes(file.read_bytes()[:-cut] + b"\xc3")
    people = everybody(4)[3:]
    with journal.go_on(file) as opened:
        for one in graded(people, done_by(people)):
            journal.note(opened, one)
    assert len(finished(file)) == 2
    assert "aluno0003" in finished(file)
    journal.forget(file, "aluno0003@escola.br")
    assert "aluno0003" not in finished(file)


def test_who_could_not_be_verified_is_looked_at_again(file: Path) -> None:
    people = everybody(4)[3:]
    world = World(trouble=lambda request: RegistryUnreachable("registry-1.docker.io", "caiu"))
    with journal.go_on(file) as opened:
        for one in graded(people, world):
            journal.note(opened, one)
    assert "aluno0003" not in finished(file)


def test_of_who_was_erased_nothing_is_left(file: Path) -> None:
    journal.forget(file, "aluno0001@escola.br")
    assert "aluno0001" not in file.read_text(encoding="utf-8")
    assert finished(file) == {"aluno0000"}
    journal.forget(file.with_name("nada.jsonl"), "aluno0001@escola.br")


def test_an_image_may_say_anything_of_itself(tmp_path: Path) -> None:
    """Half a letter is legal in JSON, and no file takes it: one learner must not stop a class."""
    people = everybody(2)
    world = done_by(people)
    strange = image("ab", labels={LABEL: "\ud800"})
    world.registry["aluno0000/docker-is-cool:latest"] = strange
    world.registry["aluno0000/cartao:1.0"] = replace(strange, run=replace(strange.run, user="\udfff"))
    with journal.begin(tmp_path / "corrigir.jsonl", WHAT) as opened:
        for one in graded(people, world, UNITS):
            journal.note(opened, one)
            json.dumps(one.to_dict(), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("what", "later"),
    [({**WHAT, "real": True}, timedelta(0)), (WHAT, timedelta(hours=13))],
    ids=["of another hub", "yesterday"],
)
def test_another_grading_begins_anew(file: Path, what: dict[str, object], later: timedelta) -> None:
    assert journal.read(file, what, datetime.now(UTC) + later) is None


@pytest.mark.parametrize("text", ["", "{}\n", "nada\n", '{"schema": 1}\n', "[1]\n"])
def test_what_is_no_journal_is_not_gone_on_from(tmp_path: Path, text: str) -> None:
    path = tmp_path / "corrigir.jsonl"
    path.write_text(text, encoding="utf-8")
    assert journal.read(path, WHAT, datetime.now(UTC)) is None
    assert journal.read(tmp_path / "nada.jsonl", WHAT, datetime.now(UTC)) is None
