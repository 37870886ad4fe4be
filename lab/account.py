"""`lab conta`: a confirmed practice account, or another password for one that is there."""

from __future__ import annotations

import getpass
import sys

from lab import hub_command, typed
from lab.errors import UsageError
from lab.identity import Person
from lab.paths import Home
from lab.state import Lab

DONE, REFUSED = 0, 2


def create(home: Home, lab: Lab, person: Person, name: str, email: str, *, new_password: bool = False) -> int:
    if lab.mode == "real":
        raise UsageError(
            "No Docker Hub real, só você cria a sua conta, no navegador: https://app.docker.com/signup/ "
            f"(`{typed.lab()} conta` existe só para o Hub de treino)."
        )
    if lab.server:
        raise UsageError(
            f"As contas desta turma são do servidor {lab.server}. Crie a sua no navegador, em {lab.hub_url}; "
            f"o professor pode criar outras lá com `{typed.lab()} conta`."
        )
    password = _password()
    if not password:
        raise UsageError(
            "A senha veio vazia, e a conta não foi criada. Mande-a pela entrada padrão, em uma linha."
        )
    arguments = ["account", name]
    arguments += ["--email", email] if email else []
    arguments += ["--new-password"] if new_password else []
    done = hub_command.run(home, lab, person, arguments, password + "\n", show=True)
    if done.returncode not in {DONE, REFUSED}:
        raise hub_command.failure(home, done.stderr, "O Hub de treino não conseguiu criar a conta.")
    print(done.stderr, end="", file=sys.stderr)
    return done.returncode


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Senha da conta de treino (não aparece enquanto você digita): ")
    return sys.stdin.readline().rstrip("\r\n")
