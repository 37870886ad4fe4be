"""`lab progresso`: the reports of every unit, taken to another machine and brought together there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from checks import login, progress
from checks.errors import BadDocument, OutOfReach
from checks.progress import Arrival
from checks.render.text import points
from checks.report import Report
from lab import outbox, state, study
from lab.errors import BadState, LabError, UsageError
from lab.paths import Home, work_home
from lab.screen import say

COPIES = "copies"  # in the folder of the reports, where nothing but a report's own file is read


def export_to(home: Home, chosen: str) -> None:
    """Writes the file; a name that was chosen is never written over."""
    _require_lab(home)
    reports = progress.load_all()
    if not reports:
        raise UsageError("Ainda não há progresso a exportar: nenhuma unidade foi verificada.")
    now = datetime.now(UTC)
    text = progress.export(reports.values(), now)
    if chosen:
        path = outbox.write_chosen(Path(chosen).expanduser(), text)
    else:
        path = outbox.keep(work_home(), "progresso", now, text)
    say(f"O seu progresso ({_count(len(reports))}) está em {path}")
    say("Leve esse arquivo à outra máquina e rode lá: lab progresso importar ARQUIVO")


def import_from(home: Home, path: Path, *, anyway: bool) -> None:
    """Of each unit the better result stays; what was there is kept beside."""
    _require_lab(home)
    try:
        reports = progress.brought(path)
    except BadDocument as error:
        raise UsageError(str(error)) from error
    kept = progress.load_all()
    _require_own(reports, kept.values(), anyway=anyway)
    known = {unit.id: unit.title for unit in study.course()}
    came = {report.unit: report for report in reports}
    arrivals = progress.arrivals([came[unit] for unit in known if unit in came], kept)
    _keep_copy(home, kept.values(), arrivals)
    for arrival in arrivals:
        if arrival.taken and progress.save(arrival.came) is None:
            raise BadState(f"Não deu para gravar em {home / 'reports'}. Libere espaço e repita o comando.")
        say(_told(arrival, known[arrival.came.unit]))
    for stranger in (report for report in reports if report.unit not in known):
        say(f"○ {stranger.unit}: não é uma unidade deste curso, e ficou de fora.")
    if not any(arrival.taken for arrival in arrivals):
        say("Nada mudou: o que já estava aqui é igual ou melhor.")


def _require_lab(home: Home) -> None:
    if not state.is_lab(home):
        raise LabError("Ainda não há laboratório aqui. Ligue-o uma vez com `lab aula` e repita o comando.")


def _require_own(reports: Sequence[Report], kept: Iterable[Report], *, anyway: bool) -> None:
    """Nobody's report may come in; somebody else's only when it is said to be on purpose."""
    me = _me(kept)
    others = sorted({one.learner.lower() for one in reports if one.learner} - {me})
    if me and others and not anyway:
        raise UsageError(
            f"Este progresso é de {' e '.join(others)}, e aqui quem estuda é {me}. Não mexi em nada. "
            "Se é você mesmo, com outra conta, repita com --mesmo-assim."
        )


def _me(kept: Iterable[Report]) -> str:
    """Who is logged in, or who did what is kept here; "" when nobody can tell."""
    try:
        docker_id = login.current_docker_id()
    except OutOfReach:
        docker_id = None
    return (docker_id or next((one.learner for one in kept if one.learner), None) or "").lower()


def _keep_copy(home: Home, kept: Iterable[Report], arrivals: Iterable[Arrival]) -> None:
    if any(arrival.taken and arrival.kept for arrival in arrivals):
        now = datetime.now(UTC)
        path = outbox.keep(home / "reports" / COPIES, "antes", now, progress.export(kept, now))
        say(f"O que havia aqui está guardado em {path}")


def _told(arrival: Arrival, title: str) -> str:
    came, kept = arrival.came, arrival.kept
    worth = points(came.score, came.max_score)
    if kept is None:
        return f"{came.outcome.icon} {title}: chegou como {came.outcome.label}, {worth}."
    before = points(kept.score, kept.max_score)
    if arrival.taken:
        return f"{came.outcome.icon} {title}: agora {came.outcome.label}, {worth} (antes {before})."
    return f"{kept.outcome.icon} {title}: fica como já estava, {kept.outcome.label}, {before}."


def _count(units: int) -> str:
    return "1 unidade" if units == 1 else f"{units} unidades"
