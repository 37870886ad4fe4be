"""The one search of the hub, for its pages and for `docker search`: what is here, and the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When

from checks.reference import OFFICIAL
from hub.catalogue.models import Entry
from hub.catalogue.trust import Trust
from hub.repositories.models import Repository, RepositoryQuerySet, Viewer

_Rows = models.QuerySet[Any, Any]
LONGEST_QUERY = 200  # characters; the rest of what is asked is not looked at
_MOST_WORDS = 8
_COLUMNS = (
    "namespace", "name", "description", "group", "is_here", "is_private", "is_archived", "pulls",
    "last_updated", "rank", "weight",
)  # fmt: skip


class Order(StrEnum):
    RELEVANCE = "relevancia"
    PULLS = "pulls"
    RECENT = "recentes"


@dataclass(frozen=True)
class Filters:
    """`trust`: only these groups; none of them means any."""

    trust: frozenset[Trust] = frozenset()
    order: Order = Order.RELEVANCE


@dataclass(frozen=True)
class Found:
    """One result. What the catalogue tells of is not here: no pulls, no date, nothing to pull."""

    namespace: str
    name: str
    description: str
    trust: Trust
    is_here: bool
    is_private: bool
    is_archived: bool
    pull_count: int | None
    last_updated: datetime | None

    @property
    def is_official(self) -> bool:
        return self.trust == Trust.OFFICIAL

    @property
    def pulled_as(self) -> str:
        """What one types after `docker pull`, and what `docker search` shows: `nginx`, `ana/app`."""
        return self.name if self.namespace == OFFICIAL else f"{self.namespace}/{self.name}"


class Results:
    """All that was found, read from the database as it is asked for: `count()`, and slices in order.

    A Django Paginator takes it as it is: one query for the count, one for the page.
    """

    def __init__(self, rows: _Rows) -> None:
        self._rows = rows

    def count(self) -> int:
        return self._rows.count()

    def __getitem__(self, part: slice) -> list[Found]:
        return [_found(row) for row in self._rows[part]]


def find(text: str, viewer: Viewer = None, filters: Filters | None = None) -> Results:
    """Repositories and catalogue entries that have every word of `text` in namespace, name or description.

    `ana/app` looks at both parts of the name; an empty text finds all. Public repositories are found by
    anyone and private ones by their owner alone: `viewer` is who asks, None (as `docker search` asks) finds
    public ones only. A catalogue entry gives way to a repository of the same name that the viewer may see.

        results = find("nginx", filters=Filters(trust=frozenset({Trust.OFFICIAL})))
        results.count()      # int
        results[:25]         # list[Found]; show `pulled_as`, `description`, `is_official`; stars: always 0

    NUL and whatever is beyond LONGEST_QUERY are left out; it never raises for what is typed.
    """
    filters = filters or Filters()
    words = text.replace("\0", "")[:LONGEST_QUERY].split()[:_MOST_WORDS]
    visible = Repository.objects.visible_to(viewer)
    rows = _here(visible, words, filters.trust).union(_told_of(visible, words, filters.trust), all=True)
    return Results(rows.order_by(*_ORDERS[filters.order]))


def _here(visible: RepositoryQuerySet, words: list[str], trust: frozenset[Trust]) -> _Rows:
    found = visible.filter(_wanted(trust), *map(_has, words)).order_by()
    columns = {"group": _group(), "is_here": Value(1), "pulls": F("pull_count"), "rank": _rank(words)}
    rows: _Rows = found.annotate(**columns, weight=_weight("group")).values(*_COLUMNS)
    return rows


def _told_of(visible: RepositoryQuerySet, words: list[str], trust: frozenset[Trust]) -> _Rows:
    here = visible.filter(namespace=OuterRef("namespace"), name=OuterRef("name"))
    found = Entry.objects.filter(*map(_has, words), trust__in=trust or Trust).exclude(Exists(here)).order_by()
    columns = {
        "group": F("trust"),
        "is_here": Value(0),
        "is_private": Value(False),
        "is_archived": Value(False),
        "pulls": Value(-1, models.BigIntegerField()),
        "last_updated": Value(None, models.DateTimeField()),
        "rank": _rank(words),
    }
    rows: _Rows = found.annotate(**columns, weight=_weight("trust")).values(*_COLUMNS)
    return rows


# The name settles ties, so that a page never repeats what another showed.
_ORDERS = {
    Order.RELEVANCE: ("rank", "weight", "-pulls", "namespace", "name"),
    Order.PULLS: ("-pulls", "namespace", "name"),
    Order.RECENT: ("-is_here", "-last_updated", "namespace", "name"),
}


def _has(word: str) -> Q:
    namespace, slash, name = word.partition("/")
    if slash:
        return Q(namespace__iexact=namespace, name__icontains=name)
    return Q(name__icontains=word) | Q(namespace__icontains=word) | Q(description__icontains=word)


def _rank(words: list[str]) -> Case | Value:
    """How near the name is: equal, begins so, has it, the namespace has it, only the description does."""
    if not words:
        return Value(0)
    name = words[0].rpartition("/")[2]
    near = (
        Q(name__iexact=name),
        Q(name__istartswith=name),
        Q(name__icontains=name),
        Q(namespace__icontains=name),
    )
    return Case(*(When(test, then=Value(place)) for place, test in enumerate(near)), default=Value(len(near)))


def _wanted(trust: frozenset[Trust]) -> Q:
    """Of what is really here there are two groups: see trust_of."""
    official = Q(namespace=OFFICIAL)
    groups = {Trust.OFFICIAL: official, Trust.COMMUNITY: ~official}
    wanted = [test for group, test in groups.items() if group in trust]
    if trust and not wanted:
        return Q(pk__in=[])
    return Q() if len(wanted) != 1 else wanted[0]


def _group() -> Case:
    return Case(
        When(namespace=OFFICIAL, then=Value(Trust.OFFICIAL.value)),
        default=Value(Trust.COMMUNITY.value),
        output_field=models.CharField(max_length=16),
    )


def _weight(field: str) -> Case:
    return Case(
        *(When(**{field: trust.value, "then": Value(place)}) for place, trust in enumerate(Trust)),
        default=Value(len(Trust)),
    )


def _found(row: dict[str, Any]) -> Found:
    is_here = bool(row["is_here"])
    return Found(
        namespace=row["namespace"],
        name=row["name"],
        description=row["description"],
        trust=Trust(row["group"]),
        is_here=is_here,
        is_private=bool(row["is_private"]),
        is_archived=bool(row["is_archived"]),
        pull_count=row["pulls"] if is_here else None,
        last_updated=row["last_updated"],
    )
