"""Who the learner is, and how to be root only for the moments that need it.

Started through sudo, the process becomes the learner at once (effective ids) and takes root back only
inside `as_root()`, so that every file it writes is the learner's.
"""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checks import time_zone
from lab import typed
from lab.errors import CannotRun

if sys.platform != "win32":
    import pwd

# What sudo would drop and the lab needs to know again on the other side.
CARRIED = (
    "LAB_HOME", "WORK_HOME", "COURSE_HOME", "LAB_ENGINE_PATH", "LAB_ENGINE_STORE", "HUB_DATABASE_URL",
    time_zone.VARIABLE, "CLASS_SECRET_FILE", "PATH", "LANG", "LC_ALL", "TERM", "COLUMNS", "NO_COLOR",
    "BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS",
    "SSL_CERT_FILE", "http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
)  # fmt: skip
TO_START = "O laboratório precisa de root para ligar um motor Docker só dele"
TO_ENTER = "O laboratório roda num espaço isolado, e só o root abre a porta dele"
TO_CLEAN = "O que o motor do laboratório gravou é do root, e só ele pode apagar"
OFFER_REAL = (
    "Você pode seguir o curso com o seu próprio Docker e o Docker Hub de verdade: "
    f"{typed.lab()} aula --hub real"
)


@dataclass(frozen=True)
class Person:
    uid: int
    gid: int
    name: str
    home: Path
    shell: str

    @property
    def is_root(self) -> bool:
        return self.uid == 0


def learner() -> Person:
    """The person who typed the command, also behind sudo."""
    if sys.platform == "win32":
        return Person(1, 1, getpass.getuser(), Path.home(), "")
    uid, gid = os.getuid(), os.getgid()
    if uid == 0 and os.environ.get("SUDO_UID", "0") != "0":
        uid, gid = int(os.environ["SUDO_UID"]), int(os.environ.get("SUDO_GID", os.environ["SUDO_UID"]))
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:  # an id without an account, as in some containers
        return Person(uid, gid, str(uid), Path(os.environ.get("HOME", "/")), "/bin/bash")
    return Person(uid, gid, entry.pw_name, Path(entry.pw_dir), entry.pw_shell or "/bin/bash")


def can_be_root() -> bool:
    return sys.platform == "linux" and 0 in os.getresuid()


def become_learner() -> None:
    """Give the effective root away; `as_root` can take it back."""
    if sys.platform == "win32":
        return
    person = learner()
    if os.geteuid() == 0 and not person.is_root:
        os.setegid(person.gid)
        os.seteuid(person.uid)


@contextmanager
def as_root() -> Iterator[None]:
    uid, gid = os.geteuid(), os.getegid()
    if uid == 0:
        yield
        return
    os.seteuid(0)
    os.setegid(0)
    try:
        yield
    finally:
        os.setegid(gid)
        os.seteuid(uid)


def fully_root() -> None:
    """Take root for good: the real and the effective ids, right before replacing this process."""
    os.setresuid(0, 0, 0)
    os.setresgid(0, 0, 0)


def _asks_for_password(sudo: str) -> bool:
    """A command that sudo lets through at once needs no announcement; a password out of the blue does."""
    return subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode != 0


def require_root(arguments: list[str], reason: str = TO_START) -> None:
    """Return when this process may be root; else start the same command again through sudo."""
    if sys.platform != "linux":
        raise CannotRun(
            "O laboratório com motor próprio só funciona no Linux (no Windows, dentro do WSL 2). "
            + OFFER_REAL
        )
    if can_be_root():
        return
    sudo = shutil.which("sudo")
    if sudo is None:
        raise CannotRun(
            "O laboratório liga um motor Docker só dele, e isso pede root, mas esta máquina não tem sudo. "
            "Entre como root e repita o comando. " + OFFER_REAL
        )
    if _asks_for_password(sudo):
        print(f"{reason}: o sudo vai pedir a sua senha.", file=sys.stderr, flush=True)
    carried = [f"{name}={os.environ[name]}" for name in CARRIED if name in os.environ]
    os.execv(  # noqa: S606
        sudo, [sudo, "--", "env", *carried, sys.executable, "-P", "-m", "lab.cli", *arguments]
    )
