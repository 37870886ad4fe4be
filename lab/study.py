"""What the verbs of studying do: over the checks, with the results kept in the lab's folder."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Sequence

from rich.progress_bar import ProgressBar
from rich.table import Table

from checks import answers, budget, login, place, progress
from checks.entry import NOBODY, fill
from checks.errors import BadUnit, CourseError
from checks.outcome import Outcome, overall
from checks.render import Format
from checks.render import text as as_text
from checks.report import Report
from checks.solution import solution_commands, solution_path
from checks.unit import Unit, load_course, load_unit
from lab.errors import LabError, UsageError
from lab.screen import complain, out, say
from lab.workspace import restart

SCHEMA = 1


class CourseBroken(LabError):  # noqa: N818
    """A fault of the course itself, never of the learner."""

    exit_code = 5


def chosen(ids: Sequence[str], *, everything: bool) -> tuple[Unit, ...]:
    """The units that were asked for, in course order; the next one when none was."""
    if everything:
        return course()
    if not ids:
        units = course()
        following = next_of(units, passed_ids())
        return (following,) if following else units[-1:]
    wanted = {one.id: one for one in map(find_unit, ids)}
    return tuple(sorted(wanted.values(), key=lambda unit: unit.number))


def course() -> tuple[Unit, ...]:
    try:
        units = load_course()
    except BadUnit as error:
        raise CourseBroken(str(error)) from error
    if not units:
        raise CourseBroken(
            f"Não há nenhuma unidade em {place.course_home()}. Confira a variável COURSE_HOME."
        )
    return units


def find_unit(name: str) -> Unit:
    """By its id, or by the name of its folder."""
    unit_id = re.sub(r"^\d+-", "", name.strip().lower())
    try:
        return load_unit(unit_id)
    except BadUnit as error:
        exists = any(place.course_home().glob(f"[0-9]*-{unit_id}/"))
        raise (CourseBroken if exists else UsageError)(str(error)) from error


def verify(units: Sequence[Unit], learner: str | None, form: Format, *, many: bool) -> int:
    """For people each report as soon as it is there; for machines one document at the end."""
    for_people = form.name == "text"
    if len(units) > 1 and not for_people and not form.takes_many:
        raise UsageError(
            f"No formato {form.name} só cabe uma unidade de cada vez. "
            f"Peça uma só, por exemplo: lab verificar {units[0].id} --formato {form.name}"
        )
    reports = []
    for unit in units:
        if sys.stderr.isatty():
            complain(f"Verificando “{unit.title}”…")
        reports.append(check(unit, learner))
        if for_people:
            say(("\n" if len(reports) > 1 else "") + as_text.render(reports[-1]))
    if not for_people:
        print(form.many(reports) if many and form.takes_many else form.one(reports[0]))
    elif many:
        _sum_up(reports)
    return overall(report.outcome for report in reports).exit_code


def show_cost(units: Sequence[Unit]) -> None:
    """What checking these units would ask of Docker Hub."""
    say(budget.of(units).sentence)


def check(unit: Unit, learner: str | None = None) -> Report:
    from checks import runner  # brings the clients of engine and hub, which the other verbs do not ask

    try:
        report = runner.verify(unit, learner)
    except CourseError as error:
        raise CourseBroken(str(error)) from error
    if learner is None:  # another's result is not this learner's progress
        progress.save(report)
    return report


def _sum_up(reports: Sequence[Report]) -> None:
    score, most = sum(report.score for report in reports), sum(report.max_score for report in reports)
    say(f"\nNo total: {as_text.points(score, most)}.")


def passed_ids() -> set[str]:
    return {unit_id for unit_id, report in progress.load_all().items() if _passed(report)}


def next_of(units: Sequence[Unit], done: Collection[str], after: int = -1) -> Unit | None:
    """The first unit still to do after that number, or else the first of all; reading needs no doing."""
    pending = [unit for unit in units if unit.checks and unit.id not in done]
    return next((unit for unit in pending if unit.number > after), pending[0] if pending else None)


def _passed(report: Report | None) -> bool:
    return report is not None and report.outcome is Outcome.PASSED


def show_list(*, as_json: bool) -> None:
    units, kept = course(), progress.load_all()
    rows = [_row(unit, kept.get(unit.id)) for unit in units]
    if as_json:
        print(json.dumps({"schema": SCHEMA, "units": rows}, ensure_ascii=False, indent=2))
        return
    table = Table("Unidade", "Título", "Estado", "Pontos", box=None, pad_edge=False)
    for unit, row in zip(units, rows, strict=True):
        outcome = report.outcome if (report := kept.get(unit.id)) else None
        state = (
            f"{outcome.icon} {outcome.label}" if outcome else ("○ por fazer" if unit.checks else "leitura")
        )
        table.add_row(unit.id, unit.title, state, f"{row['score']}/{unit.points}" if unit.checks else "")
    out.print(table)
    score, most = sum(int(str(row["score"])) for row in rows), sum(unit.points for unit in units)
    out.print(ProgressBar(total=max(most, 1), completed=score, width=40), f" {score} de {most} pontos")


def _row(unit: Unit, report: Report | None) -> dict[str, str | int | None]:
    return {
        "id": unit.id,
        "number": unit.number,
        "title": unit.title,
        "outcome": report.outcome.value if report else None,
        "score": report.score if report else 0,
        "max_score": unit.points,
    }


def show_next() -> None:
    following = next_of(course(), passed_ids())
    if following is None:
        say("Você passou em todas as unidades. Parabéns!")
        return
    folder = following.folder.name
    say(f"A próxima unidade é “{following.title}” ({following.id}).")
    say(f"Leia notebooks/{folder}.ipynb, faça exercises/{folder}.ipynb e rode: lab verificar {following.id}")


def show_hint(name: str, number: int) -> None:
    unit = find_unit(name)
    report = progress.load(unit.id)
    if _passed(report):
        say("Você já passou em tudo aqui: não precisa de dica. Siga com `lab proximo`.")
        return
    title, hints = _stuck_at(unit, report)
    if not hints:
        say(f"“{title}” não tem dicas: o que `lab verificar {unit.id}` responde diz o que fazer.")
        return
    if number > len(hints):
        raise UsageError(f"“{title}” tem dicas de 1 a {len(hints)}. Se não bastarem: lab solucao {unit.id}")
    hint = fill(hints[number - 1], login.current_docker_id() or NOBODY)
    say(f"Dica {number} de {len(hints)} para “{title}”: {hint}")


def hints_of(unit: Unit) -> tuple[str, tuple[str, ...]]:
    """What the unit is stuck at, and the hints for it."""
    return _stuck_at(unit, progress.load(unit.id))


def _stuck_at(unit: Unit, report: Report | None) -> tuple[str, tuple[str, ...]]:
    """The first check that has not passed, as far as is known, and its hints."""
    known = report is not None and len(report.checks) == len(unit.checks)
    outcomes = [finding.outcome for finding in report.checks] if known and report else []
    at = next((at for at, outcome in enumerate(outcomes) if outcome is not Outcome.PASSED), 0)
    if not unit.checks:
        return unit.title, unit.hints
    check = unit.checks[at]
    return check.title, check.hints or unit.hints


def show_restart(name: str) -> None:
    """As in rustlings, the exercise is as new and is to be done again."""
    unit = find_unit(name)
    fresh = restart(unit.folder.name)
    if fresh is None:
        raise UsageError(f"A unidade “{unit.title}” não tem caderno de exercício: não há o que reiniciar.")
    progress.forget(unit.id)
    answers.forget(unit.id)
    say(f"“{unit.title}” voltou ao começo: o caderno novo está em {fresh.notebook}.")
    for path in fresh.kept:
        say(f"O que você tinha feito está guardado em {path}.")
    say("Se o caderno estiver aberto no JupyterLab, feche-o e abra-o de novo.")
    say(
        "Suas imagens, sua conta e o que você já enviou continuam lá: "
        f"`lab verificar {unit.id}` vê o que já está feito."
    )


def show_solution(name: str, *, anyway: bool) -> None:
    unit = find_unit(name)
    if unit.checks and not anyway and not _passed(progress.load(unit.id)):
        say(
            f"A solução aparece quando você passar em tudo. Antes, experimente `lab dica {unit.id}`; "
            f"se quiser vê-la agora: lab solucao {unit.id} --mesmo-assim"
        )
        return
    path = solution_path(unit)
    if not path.is_file():
        say(f"A solução de “{unit.title}” ainda não foi publicada.")
        return
    say(f"A solução comentada está em {path}.")
    commands = solution_commands(path)
    if commands:
        say("O essencial dela, na ordem:")
    for command in commands:
        say(f"  {fill(command, login.current_docker_id() or NOBODY)}")
