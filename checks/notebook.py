"""What a cell uses: `from checks import exercicio`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from checks import login, place, progress, runner, shell
from checks.entry import NOBODY, fill
from checks.errors import CourseError
from checks.outcome import Outcome
from checks.render import html, text
from checks.render.widget import Panel
from checks.report import Report
from checks.solution import solution_commands, solution_path
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


@dataclass(frozen=True)
class Note:
    """A few sentences as the value of a cell."""

    text: str

    def __repr__(self) -> str:
        return self.text


class Exercise:
    """An exercise at work: the panel, and the same by methods."""

    def __init__(self, unit: Unit, learner: str | None = None) -> None:
        self._unit = unit
        self._learner = learner
        self._report = self._kept()
        self._hints_pressed: tuple[int | None, int] = (None, 0)
        self._solution_asked = False
        self._shown_in: object = None
        self._panel = self._new_panel()

    def verificar(self) -> Result:
        """Checks now, keeps the result and returns it."""
        with self._panel.working():
            report = runner.verify(self._unit, self._learner)
            progress.save(report)
            self._report = report
            self._panel.show(report)
            self._panel.finished(report)
        return Result(report)

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

    check, hint, solution = verificar, dica, solucao

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
        shell = get_ipython()
        cell = getattr(shell, "execution_count", None)
        if cell is None or cell != self._shown_in:
            self._shown_in = cell
            display(self._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]

    def _new_panel(self) -> Panel:
        panel = Panel(self._unit.title, self._press_check, self._press_hint, self._press_solution)
        if self._report:
            panel.show(self._report)
        else:
            panel.untouched(self._unit.checks)
        return panel

    def _press_check(self) -> None:
        try:
            self.verificar()
        except Exception as error:  # a button has no cell to show a traceback in
            self._panel.tell(f"Não consegui verificar: {error}")

    def _press_hint(self) -> None:
        """Each press gives the next hint for the same check; after the last, the last stays."""
        at = self._stuck_at()
        last_at, given = self._hints_pressed
        hints = self._hints(at) if at is not None else ()
        n = min(given + 1 if at == last_at else 1, max(len(hints), 1))
        self._hints_pressed = (at, n)
        self._panel.tell(_for_buttons(self.dica(n).text))

    def _press_solution(self) -> None:
        self._panel.tell(_for_buttons(self.solucao().text))

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


# Who presses a button is not told to type a method.
_BUTTONS = (
    ("experimente `ex.dica()`", "experimente o botão Dica"),
    ("peça `ex.solucao()` de novo", "aperte Solução de novo"),
    ("a mensagem de `ex.verificar()` diz", "a mensagem que aparece depois de Verificar diz"),
)


def _for_buttons(said: str) -> str:
    for method, button in _BUTTONS:
        said = said.replace(method, button)
    return said


def exercicio(unidade: str, aluno: str | None = None) -> Exercise:
    """The panel of a unit; shows itself at once when there is a notebook to show it in."""
    exercise = Exercise(load_unit(unidade), aluno)
    if hasattr(get_ipython(), "kernel"):
        exercise._ipython_display_()
    return exercise


def onde_estou() -> Note:
    """Practice or real, and the address to open in the browser."""
    if place.is_practice():
        about = "nada do que você fizer aqui sai da sua máquina, e dá para errar à vontade."
    else:
        about = "o que você publicar como público poderá ser visto por qualquer pessoa."
    return Note(f"{place.mode_label()}: {about}\nNo navegador: {place.hub_url()}")


def quem_sou() -> str:
    """The Docker ID of the login; a placeholder, and what to do, when nobody is logged in."""
    try:
        docker_id = login.current_docker_id()
    except CourseError as error:
        print(error)
        return NOBODY
    if docker_id is None:
        print(
            "Ninguém entrou no Docker Hub por aqui ainda. Abra um terminal, digite "
            "`docker login -u SEU_DOCKER_ID` com o seu Docker ID e rode esta célula de novo."
        )
        return NOBODY
    return docker_id
