"""The board: a line for each member and a cell for each unit, and what has turned since."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from checks.outcome import Outcome
from checks.unit import Unit
from hub.classroom.look import Look
from hub.classroom.models import Member, Result

PER_PAGE = 200
UNKNOWN = "sem conferência"
_TOLD = 3  # changes that are told one by one


@dataclass(frozen=True)
class Cell:
    unit: Unit
    result: Result | None
    turned: bool = False

    @property
    def kind(self) -> str:
        """For the style sheet."""
        return self.result.outcome if self.result else "none"

    @property
    def icon(self) -> str:
        return self.result.kind.icon if self.result else "·"

    @property
    def score(self) -> str:
        return str(self.result.score) if self.result and self.result.is_gradable else ""

    @property
    def told(self) -> str:
        """All of it in words."""
        if self.result is None:
            return UNKNOWN
        words = [self.result.kind.label]
        if self.result.is_gradable:
            words.append(f"{self.result.score} de {self.result.max_score} pontos")
        if self.result.is_stuck:
            words.append(f"{self.result.times} vezes a mesma falha")
        if self.result.passed_at and self.result.kind is not Outcome.PASSED:
            words.append("já tinha passado")
        if self.result.unseen_at:
            words.append("da última vez não deu para verificar")
        return ", ".join(words)


@dataclass(frozen=True)
class Line:
    member: Member
    cells: Sequence[Cell]

    @property
    def score(self) -> int:
        return sum(cell.result.score for cell in self.cells if cell.result and cell.result.is_gradable)

    @property
    def message(self) -> str:
        """What is missing, where a single unit is looked at."""
        return self.cells[0].result.message if self.cells and self.cells[0].result else ""


@dataclass(frozen=True)
class Total:
    unit: Unit
    passed: int
    failed: int
    of: int

    @property
    def percent(self) -> int:
        return round(100 * self.passed / self.of) if self.of else 0


class Board:
    """What a look shows. `since`: the version that an open page has; cells with a newer one have turned."""

    def __init__(self, look: Look, since: int | None = None) -> None:
        self.look = look
        self.since = since
        self.units = look.units
        self._members = look.members()

    @cached_property
    def page(self) -> Page[Member]:
        return Paginator(self._members, PER_PAGE).get_page(self.look.page)

    @cached_property
    def mark(self) -> str:
        """Which lines there are: another mark is another table."""
        shown = [f"{member.number}.{member.version}" for member in self.page]
        text = f"{self.page.number} {self.page.paginator.num_pages} {' '.join(shown)}"
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]

    def lines(self) -> list[Line]:
        return self._lines(self.page)

    def turned(self) -> list[Line]:
        """The lines of this page in which something is newer than the open page."""
        newer = Result.objects.filter(
            member__in=[member.pk for member in self.page],
            unit__in=[unit.id for unit in self.units],
            version__gt=self.since or 0,
        )
        news = set(newer.values_list("member", flat=True))
        return self._lines([member for member in self.page if member.pk in news])

    def totals(self) -> list[Total]:
        """Over all pages."""
        passed = Count("pk", Q(outcome=Outcome.PASSED))
        failed = Count("pk", Q(outcome=Outcome.FAILED))
        mine = Result.objects.filter(member__in=self.look.filtered().values("pk"))
        rows = mine.values("unit").annotate(passed=passed, failed=failed).order_by()
        found = {row["unit"]: row for row in rows}
        nothing = {"passed": 0, "failed": 0}
        of = self.page.paginator.count
        told = [(unit, found.get(unit.id, nothing)) for unit in self.units]
        return [Total(unit, row["passed"], row["failed"], of) for unit, row in told]

    def _lines(self, members: Iterable[Member]) -> list[Line]:
        shown = list(members)
        rows = Result.objects.filter(member__in=[member.pk for member in shown]).defer("checks", "missed")
        found = {(row.member_id, row.unit): row for row in rows}
        return [
            Line(member, [self._cell(unit, found.get((member.pk, unit.id))) for unit in self.units])
            for member in shown
        ]

    def _cell(self, unit: Unit, result: Result | None) -> Cell:
        turned = result is not None and self.since is not None and result.version > self.since
        return Cell(unit, result, turned)


def told(lines: Sequence[Line], *, projected: bool) -> str:
    """What has turned, for whoever does not see it turn."""
    changes = [
        f"{line.member.alias if projected else line.member.name}, {cell.unit.id}: {cell.told}."
        for line in lines
        for cell in line.cells
        if cell.turned
    ]
    shown = " ".join(changes[:_TOLD])
    more = len(changes) - _TOLD
    if more < 1:
        return shown
    return f"{shown} Mais 1 mudança." if more == 1 else f"{shown} Mais {more} mudanças."
