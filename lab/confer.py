"""`lab entregar --conferir`: each receipt by itself, so that a bad one does not stop the others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks import confirm, place, receipt
from checks.confirm import Confirmation, Fit
from checks.document import written
from checks.errors import BadDocument
from checks.outcome import Outcome, overall
from checks.receipt import Receipt
from checks.render.text import points
from checks.unit import Unit
from lab import study
from lab.hand_in import SCHEMA, hub_of
from lab.paths import Home
from lab.screen import say

_WORDS = {
    Outcome.PASSED: "conferido",
    Outcome.FAILED: "não confere",
    Outcome.UNVERIFIABLE: "não foi possível conferir",
}
_HONEST = (
    "A assinatura diz que o arquivo não mudou desde que saiu da máquina do aluno; não diz que ele fez o "
    "trabalho, porque a chave também está lá. O que conta é a resposta do registry: se a imagem está lá, "
    "com esse digest."
)


@dataclass(frozen=True)
class Conferred:
    """What is to be said of one file."""

    path: Path
    outcome: Outcome
    problem: str = ""
    receipt: Receipt | None = None
    fits: tuple[Fit, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()


def confer(home: Home, paths: Sequence[Path], learner: str, *, as_json: bool) -> int:
    hub, course = hub_of(home), study.course()
    done = []
    for path in paths:
        done.append(_confer(path, hub, course, learner))
        if not as_json:
            _show(done[-1])
    remarks = tuple(_remarks([one.receipt for one in done if one.receipt]))
    if as_json:
        answer = {"schema": SCHEMA, "files": [_to_dict(one) for one in done], "remarks": remarks}
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for sentence in (*remarks, _HONEST):
            say(sentence)
    return overall(one.outcome for one in done).exit_code


def _confer(path: Path, hub: str, course: Iterable[Unit], learner: str) -> Conferred:
    try:
        found = receipt.read(path)
    except BadDocument as error:
        return Conferred(path, Outcome.FAILED, str(error))
    if learner and found.learner != learner.lower():
        problem = f"O comprovante é de {found.learner}, e não de {learner}."
        return Conferred(path, Outcome.FAILED, problem, found)
    fits = confirm.fit(found, course)
    if found.hub != hub:
        failed = overall(one.outcome for one in fits) is Outcome.FAILED
        outcome = Outcome.FAILED if failed else Outcome.UNVERIFIABLE
        return Conferred(path, outcome, _elsewhere(found.hub), found, fits)
    confirmations = confirm.ask(found)
    problem = "" if confirmations else _NOTHING_TO_ASK
    return Conferred(path, confirm.outcome_of(fits, confirmations), problem, found, fits, confirmations)


_NOTHING_TO_ASK = "Este comprovante não traz nenhuma imagem, e sem imagem não há o que perguntar ao registry."


def _elsewhere(hub: str) -> str:
    if hub == place.REAL_HUB:
        return (
            "Este comprovante é do Docker Hub real, e aqui está ligado o Hub de treino. "
            "Para conferi-lo, desligue com `lab parar`, ligue com `lab aula --hub real` e repita."
        )
    return (
        "Este comprovante é do Hub de treino de outro laboratório, e só naquele o registry pode responder. "
        "Confira na máquina do aluno, ou peça a entrega pelo Docker Hub real (`lab aula --hub real`)."
    )


def _remarks(receipts: Sequence[Receipt]) -> Iterable[str]:
    """What only several receipts side by side can tell."""
    keys: dict[str, set[str]] = {}
    learners: dict[str, set[str]] = {}
    for one in receipts:
        keys.setdefault(one.learner, set()).add(one.fingerprint)
        learners.setdefault(one.fingerprint, set()).add(one.learner)
    for learner, own in sorted(keys.items()):
        if len(own) > 1:
            yield f"Atenção: {learner} entregou comprovantes de laboratórios diferentes: {_list(own)}."
    for key, names in sorted(learners.items()):
        if len(names) > 1:
            yield f"Atenção: os comprovantes de {_list(names)} saíram do mesmo laboratório ({key})."


def _list(names: Iterable[str]) -> str:
    *first, last = sorted(names)
    return f"{', '.join(first)} e {last}"


def _show(one: Conferred) -> None:
    say(f"{one.outcome.icon} {one.path}: {_WORDS[one.outcome]}")
    found = one.receipt
    if found:
        worth = points(found.score, found.max_score)
        moment = f"{found.issued_at.astimezone():%d/%m/%Y às %H:%M}"
        say(f"  Comprovante de {found.learner}, de {moment}, com {worth}; laboratório {found.fingerprint}.")
        say("  ✔ Nenhum byte mudou desde que foi assinado.")
    for fit in one.fits:
        _show_unit(fit, [each for each in one.confirmations if each.evidence.unit == fit.report.unit])
    if one.problem:
        say(f"  {one.problem}")
    say()


def _show_unit(fit: Fit, confirmations: Iterable[Confirmation]) -> None:
    report = fit.report
    worth = points(report.score, report.max_score)
    say(f"  {report.outcome.icon} {report.unit}: {report.outcome.label}, {worth}")
    if fit.message:
        say(f"    {fit.outcome.icon} {fit.message}")
    elif report.outcome is Outcome.PASSED and not fit.has_evidence:
        say("    ? Só a máquina do aluno diz isso: o registry não tem como confirmar.")
    for each in confirmations:
        say(f"    {each.state.outcome.icon} {each.message}")


def _to_dict(one: Conferred) -> dict[str, object]:
    found = one.receipt
    head: dict[str, object] = {"path": str(one.path), "outcome": one.outcome.value, "problem": one.problem}
    if found is None:
        return head
    return head | {
        "learner": found.learner,
        "hub": found.hub,
        "issued_at": written(found.issued_at),
        "key": found.fingerprint,
        "score": found.score,
        "max_score": found.max_score,
        "units": [
            {
                "unit": fit.report.unit,
                "outcome": fit.report.outcome.value,
                "score": fit.report.score,
                "max_score": fit.report.max_score,
                "problem": fit.message,
            }
            for fit in one.fits
        ],
        "images": [
            {
                "unit": each.evidence.unit,
                "reference": str(each.evidence.reference),
                "digest": each.evidence.digest,
                "state": each.state.value,
                "message": each.message,
            }
            for each in one.confirmations
        ],
    }
