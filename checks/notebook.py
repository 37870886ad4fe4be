"""What a cell uses: `from checks import exercicio`."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from checks import answers, place, progress, runner, shell
from checks.about import MarkNote, Note, marca
from checks.about import onde_estou as onde_estou
from checks.about import quem_sou as quem_sou
from checks.entry import NOBODY, fill
from checks.live import Live
from checks.outcome import Outcome
from checks.render import html, text
from checks.render.widget import Panel
from checks.report import Report
from checks.solution import solution_commands, solution_path
from checks.table import did_you_mean
from checks.unit import Unit, load_unit

shell.use_pipes(get_ipython())


@dataclass(frozen=True)
class Result:
    """A report as the value of a cell; its text holds nothing that changes by itself."""

    report: Report

    def __repr__(self) -> str:
        return text.render(self.report)

    def _repr_html_(self) -> str:
        return html.render(self.report)


class Exercise:
    """An exercise at work: the panel, and the same by methods."""

    def __init__(self, unit: Unit, learner: str | None = None) -> None:
        self._unit = unit
        self._learner = learner
        self._report = self._kept()
        self._hints_pressed: tuple[int | None, int] = (None, 0)
        self._solution_asked = False
        self._shown_in: object = None
        self._turn = threading.Lock()  # pressed, called in a cell or by itself: one check at a time
        self._live = Live(unit.id, self._check_by_itself, lambda: self._panel.following(False))
        self._panel = self._new_panel()

    def verificar(self) -> Result:
        """Checks now, keeps the result and returns it."""
        with self._turn:
            return Result(self._verify())

    def dica(self, n: int = 1) -> Note:
        """The n-th hint for the first check that has not passed."""
        at = self._stuck_at()
        if at is None:
            return Note("Você já passou em tudo aqui: não precisa de dica. Siga para a próxima unidade.")
        check, hints = self._unit.checks[at], self._hints(at)
        if not hints:
            return Note(f"“{check.title}” não tem dicas: a mensagem de `ex.verificar()` diz o que fazer.")
        if not 1 <= n <= len(hints):
            return Note(
                f"“{check.title}” tem dicas de 1 a {len(hints)}. Se elas não bastarem, peça `ex.solucao()`."
            )
        return Note(f"Dica {n} de {len(hints)} para “{check.title}”: {fill(hints[n - 1], self._name())}")

    def solucao(self) -> Note:
        """Where the solution is: after success, or to whoever asks twice."""
        if not self._is_done() and not self._solution_asked:
            self._solution_asked = True
            return Note(
                "A solução aparece quando você passar em tudo. Antes, experimente `ex.dica()`; "
                "se quiser mesmo vê-la agora, peça `ex.solucao()` de novo."
            )
        path = solution_path(self._unit)
        if not path.is_file():
            return Note(f"A solução de “{self._unit.title}” ainda não foi publicada.")
        where = f"A solução comentada está em `{path.parent.name}/{path.name}`, na pasta do curso."
        commands = [f"`{fill(command, self._name())}`" for command in solution_commands(path)]
        return Note("\n".join([where, "O essencial dela, na ordem:", *commands]) if commands else where)

    def responder(self, chave: str, resposta: object) -> Note:
        """Keeps the answer to a question of this unit; `verificar` says whether it is right."""
        keys = dict.fromkeys(key for check in self._unit.checks for key in check.answers)
        chave, text = chave.strip(), str(resposta).strip()
        if not keys:
            return Note(f"“{self._unit.title}” não tem perguntas: aqui se confere o que você fez.")
        if chave not in keys:
            nearest = did_you_mean(chave, keys)
            known = ", ".join(f"`{key}`" for key in keys)
            return Note(f"Não há pergunta `{chave}` aqui.{nearest} As perguntas são: {known}.")
        if not text:
            return Note(f'A resposta ficou vazia: escreva-a entre aspas, `ex.responder("{chave}", "…")`.')
        text = fill(text, self._name()) if self._name() != NOBODY else text
        answers.save(self._unit.id, chave, text)
        return Note(f"Anotei a sua resposta para `{chave}`: {text}\nVeja se está certa com `ex.verificar()`.")

    def marca(self) -> MarkNote:
        """The learner's own code, and how to put it in the image of this unit."""
        images = [str(check.arguments["image"]) for check in self._unit.checks if check.rule.name == "marked"]
        return marca(self._learner, images[0] if images else "")

    check, hint, solution, answer = verificar, dica, solucao, responder

    @property
    def relatorio(self) -> Report | None:
        """The last report, of now or kept from before."""
        return self._report

    def __repr__(self) -> str:
        lines = [f"Exercício: {self._unit.title} ({text.worth(self._unit.points)})", ""]
        lines += [f"- {check.title} ({text.worth(check.points)})" for check in self._unit.checks]
        return "\n".join([*lines, "", "Use ex.verificar(), ex.dica() e ex.solucao()."])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        self._panel.where(place.mode_label(), place.hub_url())
        bundle: dict[str, Any] = dict(self._panel.widget._repr_mimebundle_())
        return {**bundle, "text/plain": repr(self)}

    def _ipython_display_(self) -> None:
        """Shown once a cell, whether the cell ends in `ex` or in `ex = exercicio(…)`."""
        cell = getattr(get_ipython(), "execution_count", None)
        if cell is None or cell != self._shown_in:
            first, self._shown_in = self._shown_in is None, cell
            display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]
            if first and self._may_follow():
                self._panel.following(True)

    def _may_follow(self) -> bool:
        """In the lab, to ask again costs nothing; on the real hub it is for the learner to choose.

        A container of ours, begun while the learner types, would have `docker image rm` refused.
        """
        unit = self._unit
        is_free = place.is_practice() and bool(unit.checks) and not unit.runs_containers
        return _in_notebook() and is_free and not self._is_done()

    def _new_panel(self) -> Panel:
        panel = Panel(
            self._unit.title, self._press_check, self._press_hint, self._press_solution, self._follow
        )
        if self._report:
            panel.show(self._report)
        else:
            panel.untouched(self._unit.checks)
        return panel

    def _verify(self, *, asked: bool = True) -> Report:
        """One check, shown in the panel; what came by itself is only said aloud when it is news."""
        before = self._report
        with self._panel.working(asked=asked):
            report = runner.verify(self._unit, self._learner)
            progress.save(report)
            self._report = report
            self._panel.show(report)
            self._panel.finished(report, aloud=asked or not _is_same(report, before))
        if self._is_done():
            self._live.stop()
        return report

    def _check_by_itself(self) -> None:
        with self._turn:
            self._guarded(asked=False)

    def _press_check(self) -> None:
        """Aside, so that the kernel hears at once that it was pressed again, and does nothing then."""
        if self._turn.acquire(blocking=False):
            threading.Thread(target=self._check_aside, name="panel-check", daemon=True).start()

    def _check_aside(self) -> None:
        try:
            self._guarded(asked=True)
        finally:
            self._turn.release()

    def _guarded(self, *, asked: bool) -> None:
        try:
            self._verify(asked=asked)
        except Exception as error:  # there is no cell to show a traceback in
            self._panel.tell(f"Não consegui verificar: {error}")

    def _follow(self, on: bool) -> None:
        if on:
            self._live.start()
        else:
            self._live.stop()

    def _press_hint(self) -> None:
        """Each press gives the next hint for the same check; after the last, the last stays."""
        at = self._stuck_at()
        last_at, given = self._hints_pressed
        hints = self._hints(at) if at is not None else ()
        n = min(given + 1 if at == last_at else 1, max(len(hints), 1))
        self._hints_pressed = (at, n)
        self._panel.tell(self.dica(n).text)

    def _press_solution(self) -> None:
        self._panel.tell(self.solucao().text)

    def _hints(self, at: int) -> tuple[str, ...]:
        return self._unit.checks[at].hints or self._unit.hints

    def _kept(self) -> Report | None:
        """The last kept report, if it is of this learner and of the unit as it is now."""
        report = progress.load(self._unit.id)
        if report is None or (self._learner and report.learner != self._learner):
            return None
        now = [check.rule.name for check in self._unit.checks]
        return report if [finding.rule for finding in report.checks] == now else None

    def _is_done(self) -> bool:
        return self._report is not None and self._report.outcome is Outcome.PASSED

    def _stuck_at(self) -> int | None:
        """The first check that has not passed; the very first when nothing was verified yet."""
        if self._report is None:
            return 0 if self._unit.checks else None
        outcomes = [finding.outcome for finding in self._report.checks]
        return next((at for at, outcome in enumerate(outcomes) if outcome is not Outcome.PASSED), None)

    def _name(self) -> str:
        known = self._report.learner if self._report else None
        return self._learner or known or NOBODY


def _is_same(report: Report, before: Report | None) -> bool:
    return before is not None and [one.outcome for one in report.checks] == [
        one.outcome for one in before.checks
    ]


def exercicio(unidade: str, aluno: str | None = None) -> Exercise:
    """The panel of a unit; shows itself at once when there is a notebook to show it in."""
    exercise = Exercise(load_unit(unidade), aluno)
    if _in_notebook():
        exercise._ipython_display_()
    return exercise


def _in_notebook() -> bool:
    return hasattr(get_ipython(), "kernel")
