"""`lab conta`: a confirmed practice account, or another password for one that is there."""

from __future__ import annotations

import errno
import getpass
import shutil
import subprocess
import sys
from contextlib import nullcontext

from lab import typed
from lab.environment import contract
from lab.errors import LabError, ServiceFailed, UsageError, from_os
from lab.identity import Person, as_root, can_be_root
from lab.paths import Home
from lab.services import drop_to, hub_environment
from lab.state import Lab

DONE, REFUSED = 0, 2
ROOM = 1_000_000  # bytes; with less, the hub's database cannot take another account


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
    command = [sys.executable, "-m", "hub", "account", name]
    command += ["--email", email] if email else []
    command += ["--new-password"] if new_password else []
    if can_be_root():
        command = [*drop_to(person), *command]
    environment = contract(home, lab, person) | hub_environment(home, lab)
    with as_root() if can_be_root() else nullcontext():
        done = subprocess.run(
            command, input=password + "\n", stderr=subprocess.PIPE, text=True, encoding="utf-8",
            env=environment, check=False,
        )  # fmt: skip
    if done.returncode not in {DONE, REFUSED}:
        raise _failure(home, done.stderr)
    print(done.stderr, end="", file=sys.stderr)
    return done.returncode


def _failure(home: Home, said: str) -> LabError:
    """A fault of the hub or of the disk under it, never of what was typed."""
    full = OSError(errno.ENOSPC, "", str(home / "hub"))
    if shutil.disk_usage(home / "hub").free < ROOM and (known := from_os(full)):
        return known
    last = said.strip().splitlines()[-1:]
    return ServiceFailed(
        "O Hub de treino não conseguiu criar a conta. "
        + "".join(f"A última linha que deixou: «{line[:300]}». " for line in last)
        + f"Veja se tudo está ligado com `{typed.lab()} status`."
    )


def _password() -> str:
    if sys.stdin.isatty():
        return getpass.getpass("Senha da conta de treino (não aparece enquanto você digita): ")
    return sys.stdin.readline().rstrip("\r\n")
