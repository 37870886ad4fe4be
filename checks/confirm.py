"""A receipt held against the world: its units against the course, its digests against the registry, now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from checks import runner, sources
from checks.errors import LoginRefused, LoginUnreadable, OutOfReach
from checks.image import (
    Access,
    Fact,
    PublicImage,
    PublicImageRequest,
    RemoteImage,
    RemoteImageRequest,
    Source,
)
from checks.outcome import Outcome, overall
from checks.receipt import Evidence, Receipt, evidence_of
from checks.reference import Reference, parse
from checks.report import Report
from checks.runner import PATIENCE, Opened
from checks.unit import Unit

Answer = Fact | Exception


class State(StrEnum):
    """What the registry answers today about what was handed in."""

    SAME = "same"
    MOVED = "moved"
    GONE = "gone"
    UNSEEN = "unseen"

    @property
    def outcome(self) -> Outcome:
        return _OUTCOMES[self]


_OUTCOMES = {
    State.SAME: Outcome.PASSED,
    State.MOVED: Outcome.FAILED,
    State.GONE: Outcome.FAILED,
    State.UNSEEN: Outcome.UNVERIFIABLE,
}


@dataclass(frozen=True)
class Confirmation:
    """One name of a receipt, asked again."""

    evidence: Evidence
    state: State
    message: str


@dataclass(frozen=True)
class Fit:
    """Whether what a receipt says of a unit is what this course could have said."""

    report: Report
    outcome: Outcome
    message: str
    has_evidence: bool


def fit(receipt: Receipt, course: Iterable[Unit]) -> tuple[Fit, ...]:
    units = {unit.id: unit for unit in course}
    return tuple(_fit(receipt, report, units.get(report.unit)) for report in receipt.reports)


def _fit(receipt: Receipt, report: Report, unit: Unit | None) -> Fit:
    told = tuple(one for one in receipt.evidence if one.unit == report.unit)
    if unit is None or not _is_same(unit, report):
        message = (
            f"A unidade `{report.unit}` não é a do curso desta máquina, que é outro ou de outra versão: "
            "não dá para dizer se os pontos dela fazem sentido."
        )
        return Fit(report, Outcome.UNVERIFIABLE, message, bool(told))
    if told != evidence_of(unit, report, receipt.learner):
        message = (
            f"As imagens que o comprovante traz não são as que a unidade `{report.unit}` pede: "
            "ele não foi gravado por `lab entregar`."
        )
        return Fit(report, Outcome.FAILED, message, bool(told))
    return Fit(report, Outcome.PASSED, "", bool(told))


def _is_same(unit: Unit, report: Report) -> bool:
    wanted = [(check.rule.name, check.points) for check in unit.checks]
    return wanted == [(finding.rule, finding.max_score) for finding in report.checks]


def ask(receipt: Receipt) -> tuple[Confirmation, ...]:
    """What the registry says of each name now. Blocks for some 30 s at most."""
    return ask_in(sources.live(), receipt.evidence)


def ask_in(
    opened: Opened, evidence: Sequence[Evidence], patience: float = PATIENCE
) -> tuple[Confirmation, ...]:
    """The same, of any source."""

    async def work(source: Source) -> tuple[Confirmation, ...]:
        now = await _look([one.reference for one in evidence], source, patience)
        moved = [_pinned(one) for one in evidence if _has_moved(one, now[one.reference])]
        then = await _look(moved, source, patience)
        return tuple(_confirmation(one, now[one.reference], then.get(_pinned(one))) for one in evidence)

    return runner.aside(opened, work)


def outcome_of(fits: Iterable[Fit], confirmations: Sequence[Confirmation]) -> Outcome:
    """A receipt of which the registry can confirm nothing is not confirmed."""
    states = [one.state.outcome for one in confirmations] or [Outcome.UNVERIFIABLE]
    return overall([*(one.outcome for one in fits), *states])


async def _look(
    references: Iterable[Reference], source: Source, patience: float
) -> Mapping[Reference, Answer]:
    """As whoever is logged in, who may see what is private; as anyone when that login is of no use."""
    wanted = {one: RemoteImageRequest(one) for one in references}
    answers = await runner.fetch_all(wanted.values(), source, patience)
    found = {one: answers[request] for one, request in wanted.items()}
    again = {
        one: PublicImageRequest(one)
        for one, answer in found.items()
        if isinstance(answer, LoginRefused | LoginUnreadable)
    }
    public = await runner.fetch_all(again.values(), source, patience)
    return found | {one: public[request] for one, request in again.items()}


def _pinned(one: Evidence) -> Reference:
    return parse(f"{one.reference.name}@{one.digest}")


def _has_moved(one: Evidence, answer: Answer) -> bool:
    found = isinstance(answer, RemoteImage | PublicImage) and answer.access is Access.FOUND
    return found and answer.digest != one.digest  # type: ignore[union-attr]


def _confirmation(one: Evidence, now: Answer, then: Answer | None) -> Confirmation:
    name, hub = f"`{one.reference.familiar}`", _hub(one.reference)
    if isinstance(now, OutOfReach):
        return Confirmation(one, State.UNSEEN, f"{name} não pôde ser vista. {now}")
    if not isinstance(now, RemoteImage | PublicImage):
        raise now if isinstance(now, Exception) else TypeError(type(now).__name__)
    if now.access is Access.MISSING:
        return Confirmation(one, State.GONE, f"{name} não está mais no {hub}.")
    if now.access is Access.DENIED:
        return Confirmation(
            one,
            State.UNSEEN,
            f"{name} não pôde ser vista: o repositório é privado ou foi apagado. "
            "Peça ao aluno que o torne público e confira de novo.",
        )
    if now.digest == one.digest:
        return Confirmation(one, State.SAME, f"{name} está no {hub}, com o mesmo digest.")
    return Confirmation(one, State.MOVED, _moved(name, hub, then))


def _moved(name: str, hub: str, then: Answer | None) -> str:
    if isinstance(then, RemoteImage | PublicImage) and then.access is Access.FOUND:
        return (
            f"{name} agora aponta para outra imagem no {hub}. A que foi entregue ainda está lá, pelo digest: "
            "o aluno pode ter enviado outra versão depois da entrega."
        )
    if isinstance(then, OutOfReach):
        return f"{name} agora aponta para outra imagem no {hub}. A que foi entregue não pôde ser procurada."
    return f"{name} agora aponta para outra imagem no {hub}, e a que foi entregue não está mais lá."


def _hub(reference: Reference) -> str:
    return "Docker Hub" if reference.on_docker_hub else f"registry {reference.registry}"
