"""`lab entregar`: checks now, and leaves a signed receipt in the learner's folder."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from checks import login, place
from checks.errors import OutOfReach
from checks.needs import Learner, unknown
from checks.outcome import overall
from checks.receipt import Receipt, evidence_of, sign
from checks.render.text import points
from checks.report import Report
from checks.unit import Unit
from lab import outbox, state, study
from lab.errors import LabDown, UsageError
from lab.paths import Home, work_home
from lab.screen import complain, say

FOLDER = "entregas"
SCHEMA = 1


def hub_of(home: Home) -> str:
    """Which hub the names of this lab lead to: every practice hub is another."""
    lab = state.load(home)
    if lab is None:
        raise LabDown()
    return f"treino:{lab.id}" if lab.mode == "treino" else place.REAL_HUB


def hand_in(home: Home, units: Sequence[Unit], *, as_json: bool) -> int:
    """The receipt holds whatever the checks say; nobody logged in is nobody's receipt."""
    units = [unit for unit in units if unit.checks]
    if not units:
        raise UsageError("Isso é só leitura: não há o que entregar. Veja as unidades com `lab lista`.")
    who = _who()
    if nobody := unknown(who):
        complain(nobody.message)
        return nobody.outcome.exit_code
    docker_id = str(who).lower()
    reports = [_check(unit, as_json=as_json) for unit in units]
    receipt = Receipt(
        learner=docker_id,
        hub=hub_of(home),
        issued_at=datetime.now(UTC),
        reports=tuple(reports),
        evidence=tuple(
            one
            for unit, report in zip(units, reports, strict=True)
            for one in evidence_of(unit, report, docker_id)
        ),
    )
    text = sign(receipt, _seed(home))
    path = outbox.keep(work_home() / FOLDER, receipt.learner, receipt.issued_at, text)
    if as_json:
        answer = {"schema": SCHEMA, "path": str(path), "receipt": json.loads(text)}
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        _tell(receipt, path)
    return overall(report.outcome for report in reports).exit_code


def _who() -> Learner:
    try:
        return login.current_docker_id()
    except OutOfReach as error:
        return error


def _check(unit: Unit, *, as_json: bool) -> Report:
    if sys.stderr.isatty():
        complain(f"Verificando “{unit.title}”…")
    report = study.check(unit)
    if not as_json:
        worth = points(report.score, report.max_score)
        say(f"{report.outcome.icon} {unit.title} ({unit.id}): {report.outcome.label}, {worth}")
    return report


def _seed(home: Home) -> bytes:
    """The 32 bytes an Ed25519 key is made of (RFC 8032, 5.1.5); older labs keep no more than these."""
    return base64.urlsafe_b64decode(state.secret(home, "receipt-key") + "==")[:32]


def _tell(receipt: Receipt, path: Path) -> None:
    say(f"\nNo total: {points(receipt.score, receipt.max_score)}.")
    if not all(report.gradable for report in receipt.reports):
        say(
            "Houve o que não deu para verificar agora, e o comprovante diz isso. "
            "Você não perde pontos: repita `lab entregar` mais tarde e envie o novo."
        )
    say(f"\nO comprovante de {receipt.learner} está em {path}")
    say(
        "Envie esse arquivo a quem dá a aula, do jeito que está: "
        "se um byte mudar, a assinatura deixa de conferir."
    )
    if place.is_practice():
        say(
            "As imagens estão no Hub de treino deste laboratório, e só nele elas podem ser conferidas: "
            "não use `lab limpar` antes de receber a nota."
        )
