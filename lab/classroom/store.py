"""The class as the hub keeps it: who is in it, and what each of them reached."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from checks import cache
from checks.classroom import journal
from checks.classroom.person import Person
from checks.classroom.roster_columns import plain
from lab import addresses, hub_command, state, typed
from lab.errors import UsageError
from lab.identity import Person as Owner
from lab.identity import learner
from lab.paths import Home
from lab.state import Lab

_OF_ONE = ("key", "email", "docker_id", "username", "id_number")


@dataclass(frozen=True)
class Store:
    home: Home
    lab: Lab
    owner: Owner

    @property
    def journal(self) -> Path:
        """Of the grading that is going on, or was interrupted."""
        return self.home / "class" / "corrigir.jsonl"

    def people(self) -> tuple[Person, ...]:
        """In the order of the list."""
        return tuple(Person.from_dict(one) for one in json.loads(self._ask("roster", "--dump"))["people"])

    def keep_people(self, people: Iterable[Person]) -> Mapping[str, Any]:
        """Adds and changes; nobody is dropped. What came of it, counted."""
        document = {"schema": 1, "people": [person.to_dict() for person in people]}
        found: Mapping[str, Any] = json.loads(self._ask("roster", "--load", text=json.dumps(document)))
        return found

    def facts(self) -> Mapping[str, Mapping[str, Any]]:
        """Accounts and repositories of the whole class, as the practice hub knows them."""
        found: Mapping[str, Mapping[str, Any]] = json.loads(self._ask("facts"))
        return found

    def keep_results(self, lines: Iterable[Mapping[str, Any]]) -> int:
        """How many the hub would not take; why, it says on stderr. They are never all in memory."""
        with tempfile.TemporaryFile(dir=self.journal.parent) as file:
            for line in lines:
                file.write(json.dumps(line).encode("ascii") + b"\n")
            if not file.tell():
                return 0
            file.seek(0)
            return int(json.loads(self._ask("results", "--load", text=file))["bad"])

    def results(self) -> list[dict[str, Any]]:
        """As checks.classroom.book reads them: {"key", "report", "reached"}."""
        return [json.loads(line) for line in self._ask("results", "--dump").splitlines()]

    def erase(self, person: Person) -> None:
        self._ask("roster", "--erase", person.key)
        journal.forget(self.journal, person.key)
        if person.docker_id:
            cache.forget(self.home / "cache", person.docker_id)

    def release(self, key: str) -> None:
        self._ask("roster", "--release", key)

    def find(self, who: str) -> Person:
        """By what only one has, else by name. UsageError when nobody, or more than one, is called that."""
        wanted = who.strip().lower()
        if not wanted:
            raise UsageError("Diga quem é, pelo e-mail, pelo Docker ID, pelo número na escola ou pelo nome.")
        people = self.people()
        found = [one for one in people if wanted in {getattr(one, name).lower() for name in _OF_ONE}]
        found = found or [one for one in people if plain(one.name) == plain(who) != ""]
        if not found:
            raise UsageError(f"Ninguém da turma atende por «{who}». Veja a lista: {typed.lab()} turma alunos")
        if len(found) > 1:
            keys = ", ".join(one.key for one in found)
            raise UsageError(
                f"Mais de uma pessoa da turma atende por «{who}». No lugar do nome, diga um destes: {keys}"
            )
        return found[0]

    def ready(self) -> None:
        """The tables are there, also where no lab was ever started."""
        self._ask("migrate", "--verbosity", "0")

    def _ask(self, *arguments: str, text: str | BinaryIO = "") -> str:
        done = hub_command.run(self.home, self.lab, self.owner, list(arguments), text)
        if done.returncode == 2:
            raise UsageError(done.stderr.strip() or done.stdout.strip())
        if done.returncode != 0:
            raise hub_command.failure(self.home, done.stderr, "O hub não conseguiu cuidar da turma.")
        return done.stdout


def opened(home: Home) -> Store:
    """UsageError on a machine whose class is kept elsewhere."""
    state.prepare(home)
    lab = state.load(home)
    if lab is None:
        lab = addresses.new_lab("treino")
        state.save(home, lab)
    if lab.server:
        raise UsageError(
            f"Este laboratório faz parte da turma de {lab.server}, e a lista dela fica lá. "
            f"Use este comando no servidor da turma, ou saia dela: {typed.lab()} turma sair"
        )
    return Store(home, lab, learner())


def with_docker_id(people: Sequence[Person]) -> tuple[Person, ...]:
    return tuple(person for person in people if person.docker_id)
