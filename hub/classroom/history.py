"""The attempts of a member at a unit: when what they show was reached, and which of them are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby

from django.db.models import Max

from checks.classroom.subjects import asks_for_account, repositories_of
from checks.outcome import Outcome
from checks.unit import Unit
from hub.classroom.course import units
from hub.classroom.models import Attempt, Result
from hub.classroom.seen import Seen
from hub.repositories.models import Repository

KEPT = 50  # attempts of a member at a unit, beside those that were their best until then
Pair = tuple[int, str]
_AS_MADE = timedelta(seconds=1)


def attempt_of(member: int, seen: Seen, at: datetime) -> Attempt:
    return Attempt(
        member_id=member,
        unit=seen.unit,
        at=at,
        last_at=seen.checked_at,
        outcome=seen.outcome,
        score=seen.score,
        max_score=seen.max_score,
        message=seen.message,
        missed=seen.missed,
        signature=seen.signature,
    )


def is_tried(seen: Seen) -> bool:
    """Whether it tells of anything that the learner did."""
    return seen.outcome is not Outcome.NOT_ATTEMPTED or seen.score > 0


class Evidence:
    """When the work that a report is about was there, as far as the report or the tables of the hub tell."""

    def __init__(self, docker_ids: Mapping[int, str]) -> None:
        self._docker_ids = docker_ids
        self._units = {unit.id: unit for unit in units()}

    def moment(self, member: int, seen: Seen, known: Result) -> datetime:
        """Since when it was worth what is seen now; `known` is what was said before.

        The look itself is the moment where the score did not grow, where nothing tells of the work, and where
        something came after the look: a tag that moves takes along when it was pushed before. A
        score is never older than a look that did not find it.
        """
        looked = seen.checked_at
        before = known.checked_at if known.is_gradable else None
        is_more = seen.score > (known.score if before else 0)
        changed = (seen.worked_at or self._changed_at(member, seen.unit)) if is_more else None
        if changed is None or changed > looked:
            return looked
        return max(changed, before) if before else changed

    def _changed_at(self, member: int, unit_id: str) -> datetime | None:
        unit, docker_id = self._units.get(unit_id), self._docker_ids[member]
        if unit is None or asks_for_account(unit):
            return None
        known = (self._changes.get((docker_id, name)) for name in repositories_of(unit))
        return max(filter(None, known), default=None)

    @cached_property
    def _changes(self) -> dict[tuple[str, str], datetime]:
        """Of all of them at once."""
        rows = Repository.objects.filter(
            namespace__in=[docker_id for docker_id in self._docker_ids.values() if docker_id],
            name__in=_names(self._units.values()),
        ).order_by()
        told = rows.annotate(pushed=Max("tags__pushed_at"))
        columns = ("namespace", "name", "created_at", "last_updated", "pushed")
        return {
            (namespace, name): _newest(*moments) for namespace, name, *moments in told.values_list(*columns)
        }


def _newest(created: datetime, updated: datetime, pushed: datetime | None) -> datetime:
    """A row that is as it was made may have been made late, by a push that the hub heard of late."""
    if pushed is None:
        return updated
    return pushed if updated - created < _AS_MADE else max(updated, pushed)  # by who sees it, or what it says


def _names(course: Iterable[Unit]) -> set[str]:
    return {name for unit in course for name in repositories_of(unit)}


def attempts_of(pairs: set[Pair]) -> dict[Pair, list[Attempt]]:
    """By the moments at which they were reached."""
    found: dict[Pair, list[Attempt]] = {pair: [] for pair in pairs}
    if pairs:
        rows = Attempt.objects.filter(
            member__in={member for member, _ in pairs}, unit__in={unit for _, unit in pairs}
        )
        for row in rows.order_by("at", "pk"):
            if (row.member_id, row.unit) in pairs:
                found[row.member_id, row.unit].append(row)
    return found


def is_told(seen: Seen, history: Iterable[Attempt]) -> bool:
    """Whether the attempt before its moment tells the same."""
    before = [one for one in history if one.at <= seen.checked_at]
    if not before:
        return not is_tried(seen)
    names = ("signature", "score", "max_score")
    return all(getattr(before[-1], name) == getattr(seen, name) for name in names)


def forget_old(pairs: set[Pair]) -> None:
    """The newest stay, and all that were a best when they came: a grade may need any of those."""
    rows = Attempt.objects.filter(
        member__in={member for member, _ in pairs}, unit__in={unit for _, unit in pairs}
    ).order_by("member", "unit", "at", "pk")
    told = rows.values_list("member", "unit", "pk", "score", "last_at")
    old: list[int] = []
    for _, group in groupby(told, key=lambda row: row[:2]):
        best, others = 0, []
        for _, _, pk, score, last_at in group:
            if score > best:
                best = score
            else:
                others.append((last_at, pk))
        old += [pk for _, pk in sorted(others)[:-KEPT]]
    if old:
        Attempt.objects.filter(pk__in=old).delete()
