"""What is kept of each report: the newest counts, an outage costs nothing, failures are counted."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from checks.outcome import Outcome
from hub.classroom import versions
from hub.classroom.history import KEPT
from hub.classroom.models import Attempt, Member, Result
from hub.classroom.results import hardest, record, record_many, stuck
from hub.classroom.seen import Seen
from hub.repositories.models import Repository, Tag
from tests.hub.classroom.klass import (
    BROKEN,
    FAILED,
    NOTHING,
    PASSED,
    UNSEEN,
    add,
    at,
    did,
    finding,
    person,
    report,
)  # fmt: skip


@pytest.fixture
def ana(db: None) -> Member:
    return add(person("a", "Ana", docker_id="ana2026"))[0]


def kept() -> Result:
    return Result.objects.get()


def test_the_first_report_is_kept_whole(ana: Member) -> None:
    told = report(PASSED, FAILED, minutes=3, learner="ana2026")
    record(ana, told)
    row = kept()
    assert (row.outcome, row.score, row.max_score, row.message) == ("failed", 5, 10, "public: falhou.")
    assert row.checks == told.to_dict()["checks"]
    assert (row.checked_at, row.since, row.passed_at) == (at(3), at(3), None)
    assert row.missed == [["public", "A regra public"]]


def test_the_same_report_twice_is_once(ana: Member) -> None:
    for _ in range(3):
        did(ana, FAILED)
    assert (kept().times, Attempt.objects.get().times, versions.newest()) == (1, 1, kept().version)


def test_an_older_report_never_takes_the_place_of_a_newer(ana: Member) -> None:
    did(ana, FAILED, minutes=5)
    did(ana, NOTHING, minutes=4)
    assert (kept().outcome, kept().checked_at) == ("failed", at(5))


def test_an_older_report_may_tell_that_it_was_passed_before(ana: Member) -> None:
    did(ana, FAILED, minutes=5)
    did(ana, PASSED, minutes=4)
    assert (kept().outcome, kept().passed_at) == ("failed", at(4))
    did(ana, PASSED, minutes=6)
    assert kept().passed_at == at(4)


def test_of_two_in_one_second_the_last_counts(ana: Member) -> None:
    did(ana, FAILED)
    did(ana, PASSED)
    assert kept().outcome == "passed"


def test_since_is_when_the_outcome_began(ana: Member) -> None:
    did(ana, FAILED, FAILED, minutes=1)
    did(ana, PASSED, FAILED, minutes=2)
    assert (kept().since, kept().score) == (at(1), 5)
    did(ana, PASSED, PASSED, minutes=3)
    did(ana, PASSED, PASSED, minutes=4)
    assert (kept().since, kept().passed_at, kept().checked_at) == (at(3), at(3), at(4))


@pytest.mark.parametrize("trouble", [[UNSEEN, PASSED], [BROKEN, PASSED], [FAILED, UNSEEN], [FAILED, BROKEN]])
@pytest.mark.parametrize("before", [[PASSED, PASSED], [FAILED, PASSED]])
def test_an_outage_costs_no_grade_and_is_noted(
    ana: Member, before: list[Outcome], trouble: list[Outcome]
) -> None:
    did(ana, *before, minutes=1)
    known = kept()
    did(ana, *trouble, minutes=2)
    row = kept()
    assert (row.outcome, row.score, row.checked_at) == (known.outcome, known.score, at(1))
    assert (row.unseen_at, bool(row.unseen_message)) == (at(2), True)
    assert row.version > known.version
    did(ana, *before, minutes=3)
    assert (kept().unseen_at, kept().checked_at) == (None, at(3))
    assert kept().version > row.version


def test_where_nothing_is_known_an_outage_is_what_is_known(ana: Member) -> None:
    did(ana, UNSEEN, minutes=1)
    assert (kept().outcome, kept().is_gradable) == ("unverifiable", False)
    did(ana, BROKEN, minutes=2)
    assert (kept().outcome, Attempt.objects.count()) == ("error", 0)
    did(ana, NOTHING, minutes=3)
    assert (kept().outcome, kept().is_gradable, kept().unseen_at) == ("not_attempted", True, None)


def test_the_same_failure_is_one_attempt_that_came_again(ana: Member) -> None:
    for minute in range(3):
        did(ana, FAILED, minutes=minute)
    attempt = Attempt.objects.get()
    assert (attempt.times, attempt.at, attempt.last_at) == (3, at(0), at(2))
    assert kept().times == 3


def test_another_failure_is_another_attempt(ana: Member) -> None:
    did(ana, FAILED, FAILED, minutes=1)
    did(ana, PASSED, FAILED, minutes=2)
    did(ana, PASSED, finding(FAILED, "public", message="public: outra coisa."), minutes=3)
    did(ana, PASSED, PASSED, minutes=4)
    did(ana, FAILED, PASSED, minutes=5)
    scores = list(Attempt.objects.order_by("pk").values_list("outcome", "score"))
    assert scores == [("failed", 0), ("failed", 5), ("failed", 5), ("passed", 10), ("failed", 5)]
    assert set(Attempt.objects.values_list("times", flat=True)) == {1}


def test_a_digest_in_the_message_makes_no_other_failure(ana: Member) -> None:
    for minute, digit in enumerate("abc"):
        message = f"Está lá sha256:{digit * 64}, e não {digit * 12}."
        did(ana, finding(FAILED, message=message, facts={"digest": digit}), minutes=minute)
    assert kept().times == 3


@pytest.mark.parametrize(("digest", "times"), [("sha256:a", 1), ("sha256:b", 2)])
def test_grading_again_counts_only_what_is_another_try(ana: Member, digest: str, times: int) -> None:
    did(ana, finding(FAILED, facts={"digest": "sha256:a"}), minutes=1, tried=False)
    did(ana, finding(FAILED, facts={"digest": digest}), minutes=2, tried=False)
    assert (kept().times, kept().checked_at) == (times, at(2))


def test_what_was_never_tried_is_no_attempt(ana: Member) -> None:
    did(ana, NOTHING, minutes=1)
    did(ana, NOTHING, minutes=2)
    assert (Attempt.objects.count(), kept().times) == (0, 0)
    did(ana, PASSED, minutes=3)
    did(ana, NOTHING, minutes=4)
    assert Attempt.objects.count() == 2


def test_the_newest_attempts_are_kept(ana: Member) -> None:
    bia = add(person("b"))[0]
    did(bia, PASSED)
    for minute in range(KEPT + 5):
        did(ana, finding(FAILED, message=f"Falha número {minute} aqui."), minutes=minute)
    did(ana, FAILED, unit="repositorio")
    mine = ana.attempts.filter(unit="push")
    assert (mine.count(), mine.order_by("pk")[0].at) == (KEPT, at(5))
    assert (Attempt.objects.count(), kept_of(ana).attempt_id) == (KEPT + 2, mine.order_by("-pk")[0].pk)


def test_the_best_that_was_reached_is_never_forgotten(ana: Member) -> None:
    """A pass, and after it more changed states than are kept: going on costs nothing."""
    did(ana, finding(PASSED, points=2), minutes=-9)
    did(ana, PASSED, PASSED, minutes=-8)
    for minute in range(KEPT + 10):
        did(ana, finding(FAILED, message=f"Falha número {minute} aqui."), minutes=minute)
    assert list(ana.attempts.filter(score__gt=0).order_by("at").values_list("score", "at")) == [
        (2, at(-9)), (10, at(-8)),
    ]  # fmt: skip
    assert ana.attempts.count() == KEPT + 2


# --- what comes late -----------------------------------------------------------------------------------


def reached(member: Member) -> list[tuple[int, datetime]]:
    return list(member.attempts.order_by("at", "pk").values_list("score", "at"))


@pytest.mark.parametrize("trouble", [UNSEEN, BROKEN])
def test_a_grade_that_comes_late_takes_the_place_of_an_outage(ana: Member, trouble: Outcome) -> None:
    did(ana, trouble, minutes=10)
    known = kept()
    did(ana, PASSED, minutes=5)
    row = kept()
    assert (row.outcome, row.score, row.checked_at, row.passed_at) == ("passed", 5, at(5), at(5))
    assert (row.unseen_at, row.unseen_message) == (at(10), known.message)
    assert (reached(ana), row.attempt_id) == ([(5, at(5))], Attempt.objects.get().pk)
    assert row.version > known.version


def test_a_grade_that_comes_late_counts_with_its_own_moment(ana: Member) -> None:
    did(ana, FAILED, finding(PASSED, points=2), minutes=10)
    for _ in range(2):  # the same again is once
        did(ana, PASSED, PASSED, minutes=5)
    assert (kept().score, kept().checked_at, kept().passed_at) == (2, at(10), at(5))
    assert reached(ana) == [(10, at(5)), (2, at(10))]
    assert kept().attempt_id == ana.attempts.get(score=2).pk


def test_what_comes_late_and_tells_nothing_new_is_no_attempt(ana: Member) -> None:
    did(ana, PASSED, FAILED, minutes=1)
    did(ana, PASSED, PASSED, minutes=9)
    for late in ([PASSED, FAILED], [UNSEEN, PASSED], [NOTHING]):
        did(ana, *late, minutes=4)
    assert reached(ana) == [(5, at(1)), (0, at(4)), (10, at(9))]
    bia = add(person("b"))[0]
    did(bia, PASSED, minutes=5)
    did(bia, NOTHING, minutes=4)
    assert reached(bia) == [(5, at(5))]


def test_looks_that_could_not_tell_come_in_any_order(ana: Member) -> None:
    did(ana, UNSEEN, minutes=10)
    did(ana, PASSED, minutes=5)
    did(ana, UNSEEN, minutes=7)
    assert (kept().checked_at, kept().unseen_at) == (at(5), at(10))
    did(ana, PASSED, minutes=8)
    assert (kept().checked_at, kept().unseen_at) == (at(8), at(10))


def test_part_of_the_points_is_an_attempt(ana: Member) -> None:
    """What was earned before the first failure stays earned."""
    did(ana, PASSED, NOTHING, minutes=1)
    did(ana, FAILED, NOTHING, minutes=2)
    assert reached(ana) == [(5, at(1)), (0, at(2))]


def test_what_comes_in_a_batch_counts_in_the_order_of_its_moments(ana: Member) -> None:
    told = [report(PASSED, minutes=3), report(UNSEEN, minutes=5), report(FAILED, minutes=1)]
    record_many([(ana.pk, Seen.of(one)) for one in told])
    row = kept()
    assert (row.outcome, row.passed_at, row.unseen_at) == ("passed", at(3), at(5))
    assert reached(ana) == [(0, at(1)), (5, at(3))]


# --- when it was reached -------------------------------------------------------------------------------


def pushed(name: str, minutes: float, tag: str = "latest") -> None:
    repository, _ = Repository.objects.get_or_create(
        namespace="ana2026", name=name, defaults={"created_at": at(0), "last_updated": at(0)}
    )
    Tag.objects.create(repository=repository, name=tag, digest="sha256:1", pushed_at=at(minutes))
    Repository.objects.filter(pk=repository.pk, last_updated__lt=at(minutes)).update(last_updated=at(minutes))


def test_a_score_was_reached_when_its_evidence_was_there(ana: Member) -> None:
    """Pushed in time, and looked at only after the deadline."""
    pushed("docker-is-cool", 4)
    pushed("convite", 30)  # of another unit
    did(ana, PASSED, PASSED, minutes=60)
    assert (reached(ana), kept().checked_at, kept().passed_at) == ([(10, at(4))], at(60), at(60))


def test_a_report_that_tells_when_is_believed_before_the_tables(ana: Member) -> None:
    """Of a class on the real Docker Hub, of which the tables here know nothing."""
    pushed("docker-is-cool", 4)
    did(ana, PASSED, FAILED, minutes=60, worked_at=at(7))
    did(ana, PASSED, PASSED, minutes=70, worked_at=at(9))
    did(ana, PASSED, unit="conta", minutes=70, worked_at=at(75))
    assert reached(ana) == [(5, at(7)), (10, at(60)), (5, at(70))]


@pytest.mark.parametrize("unit", ["repositorio", "conta", "versoes", "push", "outra"])
def test_of_what_is_not_known_the_look_is_the_moment(ana: Member, unit: str) -> None:
    """Of an account, of a repository that is not here, and where something came after the look."""
    pushed("docker-is-cool", 4)
    pushed("docker-is-cool", 70, "outra")
    did(ana, PASSED, minutes=60, unit=unit)
    assert reached(ana) == [(5, at(60))]


def test_a_table_tells_when_a_repository_became_so(ana: Member) -> None:
    pushed("docker-is-cool", 4)
    Repository.objects.update(last_updated=at(6))
    did(ana, PASSED, unit="repositorio", minutes=60)
    assert reached(ana) == [(5, at(6))]


def test_what_was_listed_later_was_there_when_it_was_pushed(ana: Member) -> None:
    """The hub was away, and heard of the push an hour after it."""
    pushed("docker-is-cool", 4)
    Repository.objects.update(created_at=at(50), last_updated=at(50))
    did(ana, PASSED, PASSED, minutes=60)
    assert reached(ana) == [(10, at(4))]


def test_a_score_was_not_reached_before_a_look_that_did_not_find_it(ana: Member) -> None:
    pushed("docker-is-cool", 4)
    did(ana, PASSED, FAILED, minutes=50)
    did(ana, PASSED, PASSED, minutes=60)
    did(ana, PASSED, FAILED, minutes=65)
    assert reached(ana) == [(5, at(4)), (10, at(50)), (5, at(65))]


def test_the_current_attempt_and_the_newest_stay_though_their_evidence_is_old(ana: Member) -> None:
    pushed("docker-is-cool", -500)
    for minute in range(KEPT + 5):
        did(ana, finding(FAILED, message=f"Falha número {minute} aqui."), minutes=minute)
    did(ana, PASSED, minutes=KEPT + 5)
    assert kept().attempt_id == ana.attempts.get(score=5).pk


def kept_of(member: Member) -> Result:
    return Result.objects.get(member=member, unit="push")


def test_a_report_from_the_future_is_from_now(ana: Member) -> None:
    """A clock that is ahead would else hold back every later report."""
    record(ana, report(FAILED, checked_at=timezone.now() + timedelta(days=3650)))
    assert kept().checked_at <= timezone.now()


def test_a_report_of_another_account_is_left_out(ana: Member) -> None:
    did(ana, PASSED, learner="outra2026")
    assert not Result.objects.exists()
    did(ana, PASSED, learner="Ana2026")
    assert kept().outcome == "passed"


def test_who_was_erased_meanwhile_is_left_out(ana: Member) -> None:
    pk = ana.pk
    ana.delete()
    record_many([(pk, Seen.of(report(PASSED)))])
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"unit": "../etc"},
        {"unit": "x" * 65},
        {"unit": ""},
        {"checked_at": at(0).replace(tzinfo=None)},
        {"worked_at": at(0).replace(tzinfo=None)},
        {"learner": 5},
    ],
)
def test_what_no_check_of_ours_writes_is_refused(ana: Member, told: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unit|zone|learner"):
        record(ana, report(PASSED, **told))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="points"):
        did(ana, finding(PASSED, points=-1))


def test_text_that_no_database_takes_is_mended(ana: Member) -> None:
    did(ana, finding(FAILED, message="a\0b\ud800c", title="\0t", facts={"k\0": "v\0"}))
    row = kept()
    assert (row.message, row.missed) == ("abc", [["pushed", "t"]])
    assert row.checks[0]["facts"] == {"k": "v"}


def test_every_visible_change_has_a_newer_version(ana: Member) -> None:
    seen = []
    for minute, outcome in enumerate([NOTHING, FAILED, FAILED, UNSEEN, FAILED, PASSED]):
        did(ana, outcome, minutes=minute)
        seen.append(kept().version)
    assert seen == sorted(set(seen))
    assert versions.newest() == seen[-1]


@pytest.mark.parametrize("outcome", [PASSED, NOTHING])
def test_what_a_board_does_not_show_makes_no_version(ana: Member, outcome: Outcome) -> None:
    did(ana, outcome, minutes=1)
    known = versions.newest()
    did(ana, outcome, minutes=2)
    assert (versions.newest(), kept().checked_at) == (known, at(2))


def test_a_batch_is_as_one_after_the_other(ana: Member) -> None:
    bia = add(person("b"))[0]
    told = [report(one, minutes=at_) for at_, one in enumerate([FAILED, FAILED, NOTHING, PASSED])]
    record_many([(member.pk, Seen.of(one)) for one in told for member in (ana, bia)], tried=True)
    for member in (ana, bia):
        times = list(member.attempts.order_by("pk").values_list("outcome", "times"))
        assert times == [("failed", 2), ("not_attempted", 1), ("passed", 1)]
        assert kept_of(member).passed_at == at(3)


# --- who is stuck, and on what the class stumbles -----------------------------------------------------


def test_stuck_is_the_same_failure_twice_in_a_row(ana: Member) -> None:
    bia, caio, davi = add(person("b"), person("c"), person("d"))
    for minute in (1, 2):
        did(ana, FAILED, PASSED, minutes=minute)
        did(bia, NOTHING, minutes=minute)
    did(caio, FAILED, minutes=1)
    for minute, outcome in enumerate([FAILED, FAILED, PASSED]):
        did(davi, outcome, minutes=minute)
    [found] = stuck()
    assert (found.member, found.unit, found.since, found.times) == (ana, "push", at(1), 2)
    assert not stuck(Member.objects.exclude(pk=ana.pk))


def test_who_waits_longest_comes_first(ana: Member) -> None:
    [bia] = add(person("b"))
    for minute in (5, 6):
        did(ana, FAILED, minutes=minute)
        did(bia, FAILED, minutes=minute - 3)
    assert [row.member for row in stuck()] == [bia, ana]


def test_the_hardest_check_is_the_one_that_most_fail(ana: Member) -> None:
    bia, caio = add(person("b"), person("c"))
    did(ana, FAILED, FAILED, minutes=1)
    did(ana, FAILED, FAILED, minutes=2)
    did(bia, PASSED, FAILED, minutes=1)
    did(caio, PASSED, FAILED, minutes=1)
    did(caio, PASSED, PASSED, minutes=2)
    did(caio, FAILED, unit="repositorio", minutes=1)
    did(caio, PASSED, unit="repositorio", minutes=2)
    found = [(one.unit, one.rule, one.now, one.ever) for one in hardest()]
    assert found == [("push", "public", 2, 3), ("push", "pushed", 1, 1), ("repositorio", "pushed", 0, 1)]
    assert len(hardest(1)) == 1
