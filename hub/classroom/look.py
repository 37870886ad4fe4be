"""How the board is looked at: filters, order and page, as its address has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict

from checks.outcome import Outcome
from checks.unit import Unit
from hub.classroom.course import units
from hub.classroom.models import STUCK_FROM, Member, MemberQuerySet, Result
from hub.pages.listing import chosen, wanted

ORDERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "lista": ("Ordem da lista", ("order", "pk")),
    "nome": ("Nome", ("sought", "pk")),
    "pontos": ("Mais pontos primeiro", ("-points", "order", "pk")),
    "menos": ("Menos pontos primeiro", ("points", "order", "pk")),
}
_BY_NUMBER = ("number",)


@dataclass(frozen=True)
class Look:
    """`projected`: for a screen that the class sees, with no name and nothing that leads to one."""

    section: str = ""
    text: str = ""
    only_stuck: bool = False
    unit: str = ""
    order: str = "lista"
    page: str = "1"
    projected: bool = False

    @classmethod
    def of(cls, request: HttpRequest, *, projected: bool) -> Look:
        asked = request.GET
        return cls(
            section=wanted(request, "secao"),
            text="" if projected else wanted(request),  # who looks for a name would see whose a number is
            only_stuck=asked.get("travados") == "1",
            unit=chosen(request, "unidade", {"": None, **{unit.id: None for unit in units()}}),
            order=chosen(request, "ordem", ORDERS),
            page=asked.get("pagina", "1"),
            projected=projected,
        )

    @property
    def units(self) -> Sequence[Unit]:
        return [unit for unit in units() if self.unit in ("", unit.id)]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.section or self.text or self.only_stuck)

    def query(self, **changed: str | int) -> str:
        """For the address of the same look, or of one that differs in something."""
        said = {
            "secao": self.section,
            "q": self.text,
            "travados": "1" if self.only_stuck else "",
            "unidade": self.unit,
            "ordem": "" if self.order == "lista" else self.order,
            "pagina": "" if self.page == "1" else self.page,
        }
        query = QueryDict(mutable=True)
        query.update({name: str(value) for name, value in (said | changed).items() if value != ""})
        return query.urlencode()

    def members(self) -> QuerySet[Member]:
        """Those who are looked at, in order."""
        found = self.filtered()
        if self.projected:
            return found.order_by(*_BY_NUMBER)
        if self.order in ("pontos", "menos"):
            earned = Q(results__unit__in=[unit.id for unit in self.units], results__is_gradable=True)
            found = found.annotate(points=Coalesce(Sum("results__score", filter=earned), Value(0)))
        return found.order_by(*ORDERS[self.order][1])

    def filtered(self) -> MemberQuerySet:
        found = Member.objects.search(self.text)
        if self.section:
            found = found.filter(section=self.section)
        if self.only_stuck:
            mine = Result.objects.filter(member=OuterRef("pk"), outcome=Outcome.FAILED, times__gte=STUCK_FROM)
            found = found.filter(Exists(mine.filter(unit=self.unit) if self.unit else mine))
        return found
