"""`lab conta`: a confirmed practice account, for demonstrations and tests."""

from __future__ import annotations

import getpass
import subprocess
import sys
from contextlib import nullcontext

from lab.environment import contract
from lab.errors import UsageError
from lab.identity import Person, as_root, can_be_root
from lab.paths import Home
from lab.services import drop_to, hub_environment
from lab.state import Lab


def create(home: Home, lab: Lab, person: Person, name: str, email: str) -> int:
    if lab.mode == "real":
        raise UsageError(
            "No Docker Hub real, só você cria a sua conta, no navegador: https://app.docker.com/signup/ "
            "(`lab conta` existe só para o Hub de treino)."
        )
    password = _password()
    if not password:
        raise UsageError(
            "A senha veio vazia, e a conta não foi criada. Mande-a pela entrada padrão, em uma linha."
        )
    command = [sys.executable, "-m", "hub", "account", name]
    command += ["--email", email] if email else []
    if can_be_root():
        command = [*drop_to(person), *command]
    environment = contract(home, lab, person) | hub_environment(home, lab)
    with as_root() if can_be_root() else nullcontext():
        done = subprocess.run(
            command, input=password + "\n", text=True, encoding="utf-8", env=environment, check=False
        )
    return done.returncode


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Senha da conta de treino (não aparece enquanto você digita): ")
    return sys.stdin.readline().rstrip("\r\n")
