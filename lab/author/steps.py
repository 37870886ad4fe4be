"""What the learner does outside the notebooks (`by_hand` in unit.toml), done for them by commands."""

import secrets
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lab.author.errors import NoLab, NoStep
from lab.author.hub_form import create_repository, create_token

LAB = str(Path(sys.executable).with_name("lab"))
# The one a learner creates in the lesson, to try things out, and the chapter's own.
REPOSITORIES = ("aula-repositorio", "docker-is-cool")
DESCRIPTION = "Um contêiner que diz olá em português"
PRIVATE_REPOSITORY, PRIVATE_DESCRIPTION = "diario", "O diário do projeto, só para o grupo"
CARD_REPOSITORY, CARD_DESCRIPTION = "cartao", "O meu cartão de visitas"
TOKEN_LABEL, TOKEN_SCOPE = "notebook do curso", "repo:write"


@dataclass
class Learner:
    """Someone who walks through the course; `done` are the steps already taken."""

    docker_id: str
    password: str = field(default_factory=lambda: secrets.token_urlsafe(15), repr=False)
    done: set[str] = field(default_factory=set)

    @classmethod
    def fresh(cls) -> "Learner":
        """Someone whom the hub has never seen."""
        return cls(f"aluno{secrets.token_hex(4)}")

    def do(self, steps: Iterable[str]) -> None:
        """Take the steps that were not taken yet."""
        for step in steps:
            if step not in STEPS:
                raise NoStep(step, STEPS)
            if step not in self.done:
                STEPS[step](self)
                self.done.add(step)


def leave() -> None:
    """Nobody is logged in after this."""
    _run("sair do Docker Hub", ["docker", "logout"], "")


def _account(learner: Learner) -> None:
    _run("criar a conta", [LAB, "conta", learner.docker_id], learner.password)


def _login(learner: Learner) -> None:
    _log_in_with(learner, learner.password)


def _token(learner: Learner) -> None:
    _log_in_with(learner, create_token(learner.docker_id, learner.password, TOKEN_LABEL, TOKEN_SCOPE))


def _log_in_with(learner: Learner, secret: str) -> None:
    _run("entrar no Docker Hub", ["docker", "login", "-u", learner.docker_id, "--password-stdin"], secret)


def _repository(learner: Learner) -> None:
    for name in REPOSITORIES:
        create_repository(learner.docker_id, learner.password, name, DESCRIPTION)


def _private(learner: Learner) -> None:
    who, password = learner.docker_id, learner.password
    create_repository(who, password, PRIVATE_REPOSITORY, PRIVATE_DESCRIPTION, private=True)


def _card(learner: Learner) -> None:
    create_repository(learner.docker_id, learner.password, CARD_REPOSITORY, CARD_DESCRIPTION)


STEPS: Mapping[str, Callable[[Learner], None]] = {
    "account": _account,
    "login": _login,
    "repository": _repository,
    "token": _token,
    "private": _private,
    "card": _card,
}


def _run(purpose: str, command: list[str], text: str) -> None:
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        raise NoLab(purpose, done.stdout + done.stderr)
