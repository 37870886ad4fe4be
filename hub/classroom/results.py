"""Keeps what the checks say of each member, and tells who is stuck and on what the class stumbles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from checks.outcome import Outcome
from checks.report import Report
from hub.classroom import versions
from hub.classroom.history import Evidence, Pair, attempt_of, attempts_of, forget_old, is_told, is_tried
from hub.classroom.models import STUCK_FROM, Attempt, Member, Result
from hub.classroom.seen import Seen

_TOLD = (
    "outcome", "score", "max_score", "is_gradable", "checks", "message", "missed", "signature", "evidence",
    "checked_at",
)  # fmt: skip
_KEPT_BESIDE = ("times", "attempt", "since", "passed_at", "unseen_at", "unseen_message", "version")


def record(member: Member, report: Report, *, tried: bool = True) -> None:
    """What a check found, at once there for whoever looks at the board. The same report twice is once.

    `tried`: the learner has just done something, as a push. Otherwise the same failure counts as another one
    only if its facts are others: a teacher who grades the class again makes nobody stuck. Raises ValueError
    for a report that no check of ours writes; one about another Docker ID is left out.
    """
    record_many([(member.pk, Seen.of(report))], tried=tried)


def record_many(reports: Sequence[tuple[int, Seen]], *, tried: bool = False) -> None:
    """Several, by the primary keys of the members, in one transaction and a fixed number of queries."""
    in_order = sorted(reports, key=lambda report: report[1].checked_at)
    with transaction.atomic():
        batch = _Batch(in_order)
        for member, seen in in_order:
            batch.take(member, seen, tried=tried)
        batch.save()


def stuck(members: QuerySet[Member] | None = None) -> QuerySet[Result]:
    """Whose last tries failed in the same way, twice or more in a row; who waits longest comes first."""
    found = Result.objects.filter(outcome=Outcome.FAILED, times__gte=STUCK_FROM)
    if members is not None:
        found = found.filter(member__in=members)
    return found.select_related("member").defer("checks").order_by("since", "pk")


@dataclass(frozen=True)
class Hard:
    """A check, by how many members fail it now, and how many ever did."""

    unit: str
    rule: str
    title: str
    now: int
    ever: int


def hardest(most: int = 10) -> list[Hard]:
    """What the class fails most: now, and then since the course began."""
    failed = Outcome.FAILED.value
    now = Counter(_checks(Result.objects.filter(outcome=failed).values_list("unit", "missed")))
    ever: dict[tuple[str, str, str], set[int]] = {}
    for member, unit, missed in Attempt.objects.filter(outcome=failed).values_list(
        "member", "unit", "missed"
    ):
        for check in _checks([(unit, missed)]):
            ever.setdefault(check, set()).add(member)
    found = [Hard(*check, now=now[check], ever=len(members)) for check, members in ever.items()]
    return sorted(found, key=lambda one: (-one.now, -one.ever, one.unit, one.title))[:most]


def _checks(rows: Iterable[tuple[str, list[list[str]]]]) -> Iterable[tuple[str, str, str]]:
    return ((unit, rule, title) for unit, missed in rows for rule, title in missed)


class _Batch:
    """The results that a few reports are about: read, changed and written together, under one version."""

    def __init__(self, reports: Sequence[tuple[int, Seen]]) -> None:
        self.version = versions.take()
        members = {member for member, _ in reports}
        units = {seen.unit for _, seen in reports}
        # Read after our turn came: who was erased meanwhile, or has another account now, is seen here.
        self.docker_ids = dict(Member.objects.filter(pk__in=members).values_list("pk", "docker_id"))
        rows = Result.objects.filter(member__in=members, unit__in=units).select_related("attempt")
        self.known = {(row.member_id, row.unit): row for row in rows}
        self.history = attempts_of({pair for pair, seen in self._pairs(reports) if self._is_late(pair, seen)})
        self.evidence = Evidence(self.docker_ids)
        self.touched: dict[Pair, Result] = {}
        self.looked: dict[datetime, list[int]] = {}  # at what is just as it was
        self.attempts: list[Attempt] = []
        self.repeats: dict[int, Attempt] = {}
        self.is_news = False

    @staticmethod
    def _pairs(reports: Sequence[tuple[int, Seen]]) -> Iterable[tuple[Pair, Seen]]:
        return (((member, seen.unit), seen) for member, seen in reports)

    def _is_late(self, pair: Pair, seen: Seen) -> bool:
        known = self.known.get(pair)
        return known is not None and seen.checked_at < known.checked_at

    def take(self, member: int, seen: Seen, *, tried: bool) -> None:
        owner = self.docker_ids.get(member)
        if owner is None or seen.learner not in (None, owner):
            return
        pair = (member, seen.unit)
        known = self.known.get(pair)
        if known is None:
            known = self.known[pair] = Result(
                member_id=member, unit=seen.unit, since=seen.checked_at, is_gradable=False, score=0
            )
            self._become(known, seen)
        elif self._is_late(pair, seen):
            self._come_late(known, seen)
        elif known.is_gradable and not seen.is_gradable:
            self._fail_to_see(known, seen)
        elif _is_same(known, seen) and self._is_left_alone(pair, seen, tried=tried):
            known.checked_at = seen.checked_at
            self.looked.setdefault(seen.checked_at, []).append(known.pk)
            return
        elif _is_same(known, seen):
            self._stay(known, seen, tried=tried)
        else:
            known.since = known.since if known.outcome == seen.outcome else seen.checked_at
            self._become(known, seen)
        self.touched[pair] = known

    def _is_left_alone(self, pair: Pair, seen: Seen, *, tried: bool) -> bool:
        """Whether all that is new is the moment, as for most when a class is graded again."""
        known = self.known[pair]
        is_again = tried and seen.outcome is Outcome.FAILED
        is_new = is_again or seen.evidence != known.evidence or known.unseen_at is not None
        return not is_new and pair not in self.touched

    def _become(self, known: Result, seen: Seen) -> None:
        """Something else than before."""
        reached_at = self.evidence.moment(known.member_id, seen, known)
        _tell(known, seen)
        known.times = 1 if seen.outcome is Outcome.FAILED else 0
        if seen.outcome is Outcome.PASSED:
            known.passed_at = _first(known.passed_at, seen.checked_at)
        if seen.is_gradable and (known.attempt or is_tried(seen)):
            known.attempt = attempt_of(known.member_id, seen, reached_at)
            self.attempts.append(known.attempt)
        self._news(known)

    def _stay(self, known: Result, seen: Seen, *, tried: bool) -> None:
        """The same as before; once more, if the learner did something in between."""
        is_later = seen.checked_at > known.checked_at
        is_again = is_later and (tried or seen.evidence != known.evidence)
        was_unseen = known.unseen_at
        _tell(known, seen)
        if is_again and seen.outcome is Outcome.FAILED:
            known.times += 1
            self._repeat(known)
        elif was_unseen and known.unseen_at is None:
            self._news(known)

    def _repeat(self, known: Result) -> None:
        if known.attempt is not None:
            known.attempt.times, known.attempt.last_at = known.times, known.checked_at
            if known.attempt.pk:
                self.repeats[known.attempt.pk] = known.attempt
        self._news(known)

    def _fail_to_see(self, known: Result, seen: Seen) -> None:
        """The grade stays as it is; that nobody could look is noted."""
        if known.unseen_at is not None and known.unseen_at > seen.checked_at:
            return
        is_first = known.unseen_at is None or known.unseen_message != seen.message
        known.unseen_at, known.unseen_message = seen.checked_at, seen.message
        if is_first:
            self._news(known)

    def _come_late(self, known: Result, seen: Seen) -> None:
        """Older than what is known, and still something that was reached then."""
        if not seen.is_gradable:
            return
        if not known.is_gradable:
            self._see_after_all(known, seen)
            return
        history = self.history[known.member_id, known.unit]
        if not is_told(seen, history):
            attempt = attempt_of(known.member_id, seen, seen.checked_at)
            history.append(attempt)
            history.sort(key=lambda one: one.at)
            self.attempts.append(attempt)
        first = _first(known.passed_at, seen.checked_at)
        if seen.outcome is Outcome.PASSED and first != known.passed_at:
            known.passed_at = first
            self._news(known)

    def _see_after_all(self, known: Result, seen: Seen) -> None:
        """Whoever came after it could not look: as if both had come in their order."""
        unseen_at, message = known.checked_at, known.message
        known.since = seen.checked_at
        self._become(known, seen)
        known.unseen_at, known.unseen_message = unseen_at, message

    def _news(self, known: Result) -> None:
        known.version = self.version
        self.is_news = True

    def save(self) -> None:
        for moment, rows in self.looked.items():
            Result.objects.filter(pk__in=rows).update(checked_at=moment)
        Attempt.objects.bulk_create(self.attempts)
        Attempt.objects.bulk_update(self.repeats.values(), ["times", "last_at"])
        for row in self.touched.values():
            row.pk = None  # found again by member and unit: one statement for old and new
        columns = [*_TOLD, *_KEPT_BESIDE]
        Result.objects.bulk_create(
            self.touched.values(),
            update_conflicts=True,
            unique_fields=["member", "unit"],
            update_fields=columns,
        )
        if self.attempts:
            forget_old({(one.member_id, one.unit) for one in self.attempts})
        if self.is_news:
            versions.publish(self.version)


def _is_same(known: Result, seen: Seen) -> bool:
    names = ("signature", "score", "max_score")
    return all(getattr(known, name) == getattr(seen, name) for name in names)


def _tell(known: Result, seen: Seen) -> None:
    for name in _TOLD:
        setattr(known, name, getattr(seen, name))
    if known.unseen_at is not None and known.unseen_at <= seen.checked_at:
        known.unseen_at, known.unseen_message = None, ""


def _first(one: datetime | None, other: datetime) -> datetime:
    return min(one, other) if one else other
