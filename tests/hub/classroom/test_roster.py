"""The teacher's list: who comes in, who changes, who goes; and Docker IDs, which only one person has."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.accounts.models import User
from hub.classroom import roster, versions
from hub.classroom.claims import claim
from hub.classroom.code import class_code
from hub.classroom.models import LONGEST, Attempt, Member, Result
from tests.hub.classroom.klass import FAILED, add, did, many, person

pytestmark = pytest.mark.django_db


def load(*people: Any, replace: bool = False) -> dict[str, Any]:
    told = roster.load(people, replace=replace).to_dict()
    told.pop("schema")
    return {name: value for name, value in told.items() if value}


def docker_ids() -> dict[str, str]:
    return dict(Member.objects.values_list("key", "docker_id"))


def test_what_a_list_tells_comes_back_in_its_order() -> None:
    told = [
        person("b", " Bia ", email="BIA@escola.br", username="bia", id_number="1", lms_id="9", section="A"),
        person("a", "Ana", github="ana-hub", docker_id="Ana2026"),
    ]
    assert load(*told) == {"added": 2}
    first, second = roster.people()
    assert (first.name, first.email, first.username, first.id_number) == ("Bia", "bia@escola.br", "bia", "1")
    assert (first.lms_id, first.section, second.github, second.docker_id) == ("9", "A", "ana-hub", "ana2026")
    again = [one.to_dict() for one in roster.people()]
    assert load(*again) == {"same": 2}
    assert [one.to_dict() for one in roster.people()] == again


def test_a_list_that_says_the_same_changes_nothing() -> None:
    load(person("a"), person("b"))
    known = versions.newest()
    load(person("a"), person("b"))
    assert versions.newest() == known


def test_a_changed_person_keeps_number_and_results() -> None:
    [ana] = add(person("a", "Ana", docker_id="ana2026"))
    did(ana, FAILED)
    assert load(person("a", "Ana Maria", section="B")) == {"changed": 1}
    member = Member.objects.get()
    assert (member.name, member.section, member.docker_id) == ("Ana Maria", "B", "ana2026")
    assert (member.number, member.results.count()) == (ana.number, 1)


def test_newcomers_come_last_unless_the_list_has_everybody() -> None:
    load(person("a"), person("c"))
    load(person("b"))
    assert [one.key for one in roster.people()] == ["a", "c", "b"]
    assert load(person("a"), person("b"), person("c")) == {"same": 3}
    assert [one.key for one in roster.people()] == ["a", "b", "c"]


def test_replacing_takes_out_who_is_not_in_the_list() -> None:
    [ana, _] = add(person("a"), person("b"))
    did(ana, FAILED)
    assert load(person("b"), person("c"), replace=True) == {"removed": 1, "same": 1, "added": 1}
    assert [one.key for one in roster.people()] == ["b", "c"]
    assert not Result.objects.exists()
    assert not Attempt.objects.exists()


def test_numbers_say_nothing_of_the_order_and_stay() -> None:
    """In a list by name, whoever knows the list would know who «aluno 1» is."""
    many(60)
    numbers = [member.number for member in Member.objects.all()]
    assert sorted(numbers) == list(range(1, 61))
    assert numbers != sorted(numbers)
    many(61)
    assert [member.number for member in Member.objects.all()] == [*numbers, 61]


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ({"key": "x"}, roster.NO_KEY),
        ({"name": "Ana"}, roster.NO_KEY),
        (person("", "Ana"), roster.NO_KEY),
        (person("\0", "Ana"), roster.NO_KEY),
        ({"key": "x", "name": "  "}, roster.NO_KEY),
        ("Ana", roster.NO_KEY),
        (None, roster.NO_KEY),
        (person("a", "Outra"), roster.TWICE),
        (person("x", "A" * 1_000_000), roster.TOO_LONG.format("name", LONGEST)),
        (person("x", "Ana", docker_id="a" * 81), roster.TOO_LONG.format("docker_id", 80)),
    ],
)
def test_who_cannot_be_kept_is_told_and_the_others_come_in(item: Any, why: str) -> None:
    told = load(person("a", "Ana"), item, person("b", "Bia"))
    assert (told["added"], [one["why"] for one in told["refused"]]) == (2, [why])


def test_what_no_database_takes_is_left_out_of_texts() -> None:
    load(person("a", "An\0a\ud800", email="a\0@escola.br"))
    assert [(one.name, one.email) for one in roster.people()] == [("Ana", "a@escola.br")]


def test_a_docker_id_has_one_owner() -> None:
    told = load(person("a", docker_id="mesma"), person("b", docker_id="MESMA"))
    assert told["remarks"] == [{"key": "b", "why": roster.ID_TAKEN.format("mesma")}]
    assert docker_ids() == {"a": "mesma", "b": ""}


def test_two_may_change_places() -> None:
    add(person("a", docker_id="um"), person("b", docker_id="dois"))
    assert load(person("a", docker_id="dois"), person("b", docker_id="um")) == {"changed": 2}
    assert docker_ids() == {"a": "dois", "b": "um"}


def test_another_docker_id_begins_again(ana: User) -> None:
    """What the account before it did is somebody else's."""
    [member] = add(person("a", docker_id="errada"))
    did(member, FAILED)
    load(person("a", docker_id="certa"))
    assert not Result.objects.exists()
    assert not Attempt.objects.exists()


def test_a_claim_stays_whatever_the_list_says(ana: User) -> None:
    [member, _] = add(person("a", email="x@escola.br"), person("b"))
    claim(ana, class_code(), "x@escola.br")
    did(member, FAILED)
    told = load(person("a", docker_id="outra"), person("b", docker_id="ana2026"))
    assert docker_ids() == {"a": "ana2026", "b": ""}
    assert [one["key"] for one in told["remarks"]] == ["a", "b"]
    assert Result.objects.count() == 1


def test_a_long_list_costs_no_more_questions_than_a_short_one() -> None:
    def cost(number: int) -> int:
        with CaptureQueriesContext(connection) as asked:
            many(number)
        return len(asked)

    many(1)
    few = cost(20)
    assert cost(300) <= few + 300 // 20  # a database takes so many rows at once


def test_people_are_found_without_accents() -> None:
    add(person("a", "José Ávila", docker_id="jose2026"), person("b", "Josué", id_number="77"))
    for text, found in {"jose": ["a"], "AVILA jos": ["a"], "jo": ["a", "b"], "77": ["b"], "%": []}.items():
        assert list(Member.objects.search(text).values_list("key", flat=True)) == found, text
