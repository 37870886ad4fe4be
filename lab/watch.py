"""`lab acompanhar`: after each docker command it checks the current unit again, by itself."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from checks.errors import CourseError
from checks.outcome import Outcome
from checks.render.text import WORKING
from checks.render.text import render as as_text
from checks.report import Report
from checks.trail import Debounce, Trail, here
from checks.unit import Unit
from lab import study
from lab.errors import LabError
from lab.keyboard import Keyboard
from lab.screen import say

TICK = 0.1
PROMPT = "v verificar · d dica · l lista · p próxima · s sair"
GOODBYE = "Até a próxima! O que você fez está guardado."
_ERASE = "\r\x1b[K"


class Watch:
    """One sitting: the current unit, its checks, and the keys."""

    def __init__(
        self,
        unit: Unit,
        trail: Trail,
        keyboard: Keyboard,
        check: Callable[[Unit], Report] = study.check,
        *,
        once: bool = False,
    ) -> None:
        self._unit, self._trail, self._keyboard, self._check, self._once = unit, trail, keyboard, check, once
        self._quiet = Debounce()
        self._checking: Future[Report] | None = None
        self._hinted = ("", 0)
        self._over = False
        self._keys = {
            "v": self._verify,
            "d": self._hint,
            "l": lambda: study.show_list(as_json=False),
            "p": self._skip,
            "s": self._leave,
            "\x04": self._leave,  # Ctrl-D
        }

    def run(self) -> None:
        say("Cada comando docker que você der num terminal ou numa célula será verificado aqui, sozinho.")
        if self._keyboard.present:
            say("Depois de fazer alguma coisa no navegador, aperte v.")
        self._introduce()
        self._verify()
        while not self._over:
            self.step(self._keyboard.read(TICK), time.monotonic())

    def step(self, typed: str, now: float) -> None:
        """What a tenth of a second brings: keys, docker commands, the end of a check."""
        for key in typed.lower():
            self.press(key)
        if self._trail.moved():
            self._quiet.stir(now)
        if self._checking is None:
            if not self._over and self._quiet.ripe(now):
                self._verify()
        elif self._checking.done():
            done, self._checking = self._checking, None
            self._tell(done.result())

    def press(self, key: str) -> None:
        act = self._keys.get(key)
        if act is None or self._over:
            return
        self._clear()
        try:
            act()
        except (CourseError, LabError) as error:
            say(str(error))
        self._ask()

    @property
    def over(self) -> bool:
        return self._over

    def _verify(self) -> None:
        """In a thread, so that the keys answer meanwhile."""
        if self._checking is not None:
            return
        self._clear()
        say(WORKING)
        self._quiet.calm()
        future: Future[Report] = Future()
        self._checking = future
        unit = self._unit

        def work() -> None:
            try:
                future.set_result(self._check(unit))
            except BaseException as error:  # it is raised again where the result is asked for
                future.set_exception(error)

        threading.Thread(target=work, name="watch", daemon=True).start()

    def _tell(self, report: Report) -> None:
        if report.unit != self._unit.id:  # the learner went on to another unit meanwhile
            self._verify()
            return
        self._clear()
        say(f"\n{as_text(report)}\n")
        if report.outcome is Outcome.PASSED:
            self._move_on()
        self._ask()

    def _move_on(self) -> None:
        say(f"Muito bem! Você passou em “{self._unit.title}”.")
        following = study.next_of(study.course(), study.passed_ids() | {self._unit.id}, self._unit.number)
        if self._once or following is None:
            if following is None:
                say("Você passou em todas as unidades. Parabéns!")
            self._over = True
            return
        self._go(following)

    def _skip(self) -> None:
        following = study.next_of(study.course(), study.passed_ids() | {self._unit.id}, self._unit.number)
        if following is None:
            say("Não há outra unidade por fazer: só falta esta.")
            return
        self._go(following)

    def _go(self, unit: Unit) -> None:
        self._unit, self._hinted = unit, ("", 0)
        self._introduce()
        self._verify()

    def _introduce(self) -> None:
        folder = self._unit.folder.name
        say(f"\nUnidade “{self._unit.title}” ({self._unit.id})")
        say(f"A lição é notebooks/{folder}.ipynb e o exercício, exercises/{folder}.ipynb.")

    def _hint(self) -> None:
        """Each press gives the next hint for the same check; after the last, the last stays."""
        title, hints = study.hints_of(self._unit)
        last_title, given = self._hinted
        number = min(given + 1 if title == last_title else 1, max(len(hints), 1))
        self._hinted = (title, number)
        study.show_hint(self._unit.id, number)

    def _leave(self) -> None:
        say(GOODBYE)
        self._over = True

    def _ask(self) -> None:
        if self._keyboard.present and not self._over:
            sys.stdout.write(f"{PROMPT} ▸ ")
            sys.stdout.flush()

    def _clear(self) -> None:
        """The prompt leaves the line that something else is going to use."""
        if self._keyboard.present:
            sys.stdout.write(_ERASE)
            sys.stdout.flush()


def start(name: str, *, once: bool) -> None:
    unit = study.find_unit(name) if name else study.next_of(study.course(), study.passed_ids())
    if unit is None:
        say("Você passou em todas as unidades. Parabéns!")
        return
    with Keyboard() as keyboard:
        try:
            Watch(unit, here(), keyboard, once=once).run()
        except KeyboardInterrupt:
            say(f"\n{GOODBYE}")
            raise
