"""Of the real Docker Hub it is asked when the work was done: a late grading makes nobody late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from checks.classroom.dating import dated, questions
from checks.classroom.grading import Graded, Patient, grade_one
from checks.classroom.remote import public_forms
from checks.errors import HubUnreachable, RateLimited
from checks.image import Account, RemoteTagsRequest, Repository, Request
from checks.outcome import Outcome
from checks.reference import parse
from checks.report import Finding, Report
from checks.unit import Unit, load_course
from tests.classroom.world import COOL, MODELS, World, person

UNITS = {unit.id: unit for unit in public_forms(load_course(), MODELS)}
THEN = datetime(2026, 11, 20, 18, tzinfo=UTC)


@pytest.fixture
def world() -> World:
    world = World(pushed={"ana/docker-is-cool": THEN})
    world.registry["ana/docker-is-cool:latest"] = COOL
    return world


def found(world: World, *units: str) -> Graded:
    chosen = [UNITS[unit] for unit in units]
    return asyncio.run(grade_one(person("ana"), chosen, Patient(world), 5.0))


def test_work_is_of_when_it_was_pushed(world: World) -> None:
    reports = found(world, "push", "pull").reports
    assert [report.worked_at for report in reports] == [THEN, THEN]
    assert world.asked[datetime] == 1, "a repository is asked about once"


def test_who_earned_nothing_is_not_asked_about(world: World) -> None:
    world.registry.clear()
    assert [report.worked_at for report in found(world, "push", "pull").reports] == [None, None]
    assert world.asked[datetime] == 0


def test_a_hub_that_does_not_tell_costs_no_points(world: World) -> None:
    def trouble(request: Request) -> Exception | None:
        is_date = isinstance(request, RemoteTagsRequest)
        return HubUnreachable("hub.docker.com", "caiu") if is_date else None

    world.trouble = trouble
    (report,) = found(world, "push").reports
    assert (report.score, report.worked_at) == (report.max_score, None)


def test_a_pause_that_the_hub_asks_for_is_waited_for(world: World) -> None:
    refusals = iter([RateLimited("hub.docker.com", 0.01)])
    world.trouble = lambda request: next(refusals, None) if isinstance(request, RemoteTagsRequest) else None
    assert found(world, "push").reports[0].worked_at == THEN


def test_what_was_edited_after_the_push_counts_too(world: World) -> None:
    """As of a repository and an account: when they were made, and last changed."""
    later = THEN + timedelta(days=1)
    facts = (Account("ana", exists=True, joined=THEN), Repository(parse("ana/cartao"), True, changed=later))
    told = asyncio.run(dated("ana", *_full("conta", "publique-a-sua"), facts, world))
    assert [report.worked_at for report in told] == [THEN, later]
    world.pushed["ana/cartao"] = later + timedelta(days=1)
    told = asyncio.run(dated("ana", *_full("publique-a-sua"), facts, world))
    assert [report.worked_at for report in told] == [later + timedelta(days=1)]


def test_a_unit_is_as_old_as_what_it_looks_at(world: World) -> None:
    """`repositorio`, `push` and `pull` share a repository, and each looks at its own part of it."""
    later = THEN + timedelta(days=7)
    facts = (Repository(parse("ana/docker-is-cool"), True, changed=later),)
    told = asyncio.run(dated("ana", *_full("repositorio", "push"), facts, world))
    assert [report.worked_at for report in told] == [later, THEN]
    world.pushed["ana/docker-is-cool"] = later + timedelta(days=1)
    told = asyncio.run(dated("ana", *_full("repositorio", "push"), facts, world))
    assert [report.worked_at for report in told] == [later, later + timedelta(days=1)]


def _full(*ids: str) -> tuple[list[Unit], list[Report]]:
    units = [UNITS[one] for one in ids]
    return units, [Report(unit.id, unit.title, "ana", (_passed(unit),)) for unit in units]


def _passed(unit: Unit) -> Finding:
    check = unit.checks[0]
    return Finding(check.rule.name, check.title, Outcome.PASSED, check.points, "")


def test_what_it_costs_is_known_before() -> None:
    asked = {unit: questions(form) for unit, form in UNITS.items()}
    assert asked == {"conta": 0, "repositorio": 0, "push": 1, "pull": 1, "versoes": 1, "publique-a-sua": 1}


def test_the_moment_goes_with_the_report() -> None:
    report = _full("push")[1][0]
    assert "worked_at" not in report.to_dict()
    for zone in (UTC, timezone(timedelta(hours=-3))):
        told = replace(report, worked_at=THEN.astimezone(zone)).to_dict()
        assert told["worked_at"] == "2026-11-20T18:00:00Z"
        assert Report.from_dict(told).worked_at == THEN
