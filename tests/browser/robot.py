"""A learner who walks through the course in the browser: reads, tries, does what is asked, checks."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from checks.unit import Unit
from hub.tokens.scopes import Scope
from lab.author import steps
from lab.author.source import Cell, Kind, read_exercise
from tests.browser import hub_pages
from tests.browser.desk import Desk

LESSON_REPOSITORY, REPOSITORY = steps.REPOSITORIES
PASSWORD, SHELL, DONE = "Password:", "(lab)", "Login Succeeded"


@dataclass
class Robot:
    desk: Desk
    docker_id: str = field(default_factory=lambda: f"robo{secrets.token_hex(4)}")
    password: str = field(default_factory=lambda: secrets.token_urlsafe(15), repr=False)
    done: list[str] = field(default_factory=list)  # by hand
    passed: list[str] = field(default_factory=list)  # units

    def do(self, wanted: Iterable[str]) -> None:
        """What a unit asks for outside of the notebooks and was not done yet."""
        for step in wanted:
            if step not in self.done:
                getattr(self, f"_{step}")()
                self.done.append(step)

    def practise(self, unit: Unit) -> None:
        """What a lesson asks for by hand; its cells then show it."""
        if "repository" in unit.by_hand and "repository" not in self.done:
            self._create(LESSON_REPOSITORY, steps.DESCRIPTION)
            self.desk.run_all()

    def work(self, unit: Unit) -> None:
        """From the first cell to the last: fills the gaps, and runs what comes after the panel."""
        cells = list(_worked(unit))
        panel = next(at for at, (cell, _) in enumerate(cells) if cell.code)
        self.desk.cells.first.click()
        for at, (cell, solution) in enumerate(cells):
            if solution:
                self.desk.write(solution)
            self.desk.page.keyboard.press("Shift+Enter" if cell.code and at > panel else "ArrowDown")
        self.desk.finished()
        self.desk.save()

    def _account(self) -> None:
        hub = self._hub()
        hub_pages.sign_up(hub, self.docker_id, self.password)
        mail = hub_pages.open_mail(hub, self.docker_id)
        hub_pages.confirm(hub, hub_pages.code_in(mail))
        expect(hub).to_have_url(re.compile(f"/u/{self.docker_id}"))
        mail.close()
        hub.close()

    def _login(self) -> None:
        self._log_in_with(self.password)

    def _repository(self) -> None:
        self._create(REPOSITORY, steps.DESCRIPTION)

    def _token(self) -> None:
        hub = self._hub()
        token = hub_pages.create_token(hub, self.docker_id, steps.TOKEN_LABEL, Scope(steps.TOKEN_SCOPE))
        hub.close()
        self._log_in_with(token)

    def _private(self) -> None:
        self._create(steps.PRIVATE_REPOSITORY, steps.PRIVATE_DESCRIPTION, private=True)

    def _card(self) -> None:
        self._create(steps.CARD_REPOSITORY, steps.CARD_DESCRIPTION)

    def _hub(self) -> Page:
        """By the link that says where the learner is: in a panel, or in the first cell of a lesson."""
        with self.desk.page.expect_popup() as opened:
            self.desk.notebook.get_by_role("link", name=re.compile("^(Hub de treino$|http:)")).click()
        return opened.value

    def _create(self, name: str, description: str, *, private: bool = False) -> None:
        hub = self._hub()
        hub_pages.create_repository(hub, self.docker_id, name, description, private=private)
        hub.close()

    def _log_in_with(self, secret: str) -> None:
        login = f"docker login -u {self.docker_id}"
        self.desk.terminal((SHELL, "docker logout"), ("login", login), (PASSWORD, secret), (DONE, "exit"))


def _worked(unit: Unit) -> Iterator[tuple[Cell, str]]:
    """The cells that the learner gets, each with what its solution writes in it."""
    cells = read_exercise(unit.folder / "exercise.md")
    for at, cell in enumerate(cells):
        if cell.kind is Kind.SOLUTION:
            continue
        below = cells[at + 1 : at + 2] if cell.kind is Kind.EXERCISE else ()
        yield cell, "".join(one.text for one in below)
