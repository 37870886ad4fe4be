"""Three hundred learners in a real registry, each mistake at known places: all grades are as expected."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.fill_class import fill
from benchmarks.made_class import MISTAKES, MODELS, Learner, make
from benchmarks.registry import Registry, holding
from checks.auth import Credential
from checks.cache import Cache
from checks.classroom.book import gradebook
from checks.classroom.copies import find_copies
from checks.classroom.grading import Graded, grade
from checks.classroom.policy import Policy
from checks.classroom.remote import remote_forms
from checks.classroom.session import Way, opened
from checks.unit import load_course

SIZE = 300
READER = Credential("hub-corretor", "segredo")
UNITS = remote_forms(load_course(), MODELS)


@dataclass(frozen=True)
class Class:
    learners: list[Learner]
    registry: Registry
    cache: Path


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Class]:
    folder, learners = tmp_path_factory.mktemp("c"), make(SIZE)
    private = {name for learner in learners for name in learner.private}
    with (
        pytest.MonkeyPatch.context() as environment,
        holding(folder, lambda url: fill(url, learners), private) as registry,
    ):
        environment.setenv("SSL_CERT_FILE", str(registry.authority))
        environment.setenv("LAB_MODE", "treino")
        yield Class(learners, registry, folder / "cache")


def graded(a_class: Class) -> list[Graded]:
    told = {learner.person.docker_id: learner.account for learner in a_class.learners}
    way = Way(READER, a_class.registry.url, house=a_class.registry.url, told=told)

    async def all_of_them() -> list[Graded]:
        async with opened(way, Cache(a_class.cache, 100_000)) as source:
            people = (learner.person for learner in a_class.learners)
            return [one async for one in grade(people, UNITS, source)]

    return asyncio.run(all_of_them())


@pytest.fixture(scope="module")
def found(a_class: Class) -> list[Graded]:
    return graded(a_class)


def test_every_mistake_is_in_the_class() -> None:
    assert 10 * len(MISTAKES) <= SIZE


def test_the_gradebook_is_the_expected_one_cell_by_cell(a_class: Class, found: list[Graded]) -> None:
    lines = [
        {"key": one.person.key, "report": report.to_dict(), "reached": []}
        for one in found
        for report in one.reports
    ]
    people = [learner.person for learner in a_class.learners]
    book = gradebook(people, UNITS, lines, Policy())
    wrong = [
        f"{learner.person.name} ({MISTAKES[number % len(MISTAKES)].__name__}), {unit}: {score}, and not "
        f"{learner.expected[unit]}: {row.grade(unit).comment}"
        for number, (learner, row) in enumerate(zip(a_class.learners, book.rows, strict=True))
        for unit in learner.expected
        if (score := row.grade(unit).score) != learner.expected[unit]
    ]
    assert wrong == []
    assert {column.unit for column in book.columns} == set(a_class.learners[0].expected)


def test_what_nobody_changed_is_judged_the_same_again(a_class: Class, found: list[Graded]) -> None:
    def scores(all_of_them: list[Graded]) -> dict[str, list[int]]:
        return {one.person.key: [report.score for report in one.reports] for one in all_of_them}

    assert scores(graded(a_class)) == scores(found)


def test_the_images_that_several_have_are_told(a_class: Class, found: list[Graded]) -> None:
    """Other images under the right name were made the same way by all who made that mistake."""
    suspicions = find_copies(((one.person, one.traces) for one in found), MODELS, {})
    at = [number % len(MISTAKES) for number in range(SIZE)]
    expected = sorted(
        at.count(index)
        for index, mistake in enumerate(MISTAKES)
        if mistake.__name__ in ("other_image", "empty_image")
    )
    assert sorted(len(one.people) for one in suspicions) == expected
