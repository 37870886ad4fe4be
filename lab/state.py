"""The lab's folder: its version and migrations, its secrets, and lab.json."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from lab import typed
from lab.errors import BadState
from lab.paths import REPOSITORY, Home, make, work_home

if sys.platform != "win32":
    import fcntl

Mode = Literal["treino", "real"]
VERSION = 1
FOLDERS = (
    "run", "logs", "ca", "tls", "token", "docker", "class", "registry", "hub", "jupyter", "reports", "tmp",
)  # fmt: skip
SECRETS = (
    "django-secret", "notifications", "jupyter-token", "class-secret", "receipt-key", "grader", "teacher-key",
)  # fmt: skip
# from version N to N + 1; each one may run twice, so a migration cut short is simply repeated
MIGRATIONS: dict[int, Callable[[Home], None]] = {}


@dataclass(frozen=True)
class Lab:
    """What a lab keeps between starts."""

    id: str
    registry_address: str
    hub_address: str
    hub_port: int
    jupyter_port: int
    mode: Mode = "treino"
    public: str = ""  # HOST:PORT where this lab's hub and registry answer to the machines of a class
    server: str = ""  # HOST:PORT of the class's lab, whose hub and registry stand in for this one's own
    pages: str = ""  # the hub's pages as others open them; empty when only this machine does
    proxy: str = ""  # addresses or networks of what ends TLS in front of the pages

    @property
    def hub_url(self) -> str:
        if self.mode == "real":
            return "https://hub.docker.com"
        return self.pages or f"http://127.0.0.1:{self.hub_port}"

    @property
    def jupyter_url(self) -> str:
        return f"http://127.0.0.1:{self.jupyter_port}"


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file whole or not at all, so that a full disk or a kill leaves the old one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            file.write(text)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def is_lab(home: Home) -> bool:
    return (home / "version").is_file()


def is_ours(home: Home) -> bool:
    """A lab's folder, or the course's own .lab, where the hub may have run before any lab did."""
    return is_lab(home) or home.root == REPOSITORY / ".lab"


def prepare(home: Home) -> None:
    """Make the folder, or bring an older one up to date."""
    if not is_lab(home):
        if not is_ours(home):
            _require_empty(home)
        make(home.root, "LAB_HOME")
        write(home / "version", f"{VERSION}\n")
    _migrate(home)
    for name in FOLDERS:
        (home / name).mkdir(exist_ok=True)
    (home / "secrets").mkdir(mode=0o700, exist_ok=True)
    for name in SECRETS:
        secret(home, name)


def secret(home: Home, name: str) -> str:
    """64 random bytes as URL-safe base64, made when they are first asked for."""
    path = home.secret(name)
    if not path.exists():
        write(path, secrets.token_urlsafe(64), mode=0o600)
    return path.read_text(encoding="utf-8").strip()


def _require_empty(home: Home) -> None:
    if not home.root.exists():
        return
    if not home.root.is_dir() or any(not work_home().is_relative_to(path) for path in home.root.iterdir()):
        raise BadState(
            f"{home.root} já existe e não é a pasta de um laboratório; não vou mexer nela. "
            "Escolha outra com LAB_HOME=/tmp/meu-lab."
        )


def _migrate(home: Home) -> None:
    text = (home / "version").read_text(encoding="utf-8").strip()
    if not text.isdigit():
        raise BadState(
            f"Não entendi a versão em {home / 'version'} («{text[:20]}»), e por isso não mexi em nada. "
            f"Se o laboratório não tem nada seu, comece de novo com `{typed.lab()} limpar`."
        )
    if int(text) > VERSION:
        raise BadState(
            f"{home.root} é de uma versão mais nova do curso ({text}; esta conhece até {VERSION}). "
            "Nada foi mexido. Atualize o curso com `git pull`, ou use outra pasta com LAB_HOME=/tmp/meu-lab."
        )
    for version in range(int(text), VERSION):
        MIGRATIONS[version](home)
        write(home / "version", f"{version + 1}\n")


def load(home: Home) -> Lab | None:
    """The kept lab.json; None when there is none, or when a killed machine left it unreadable."""
    try:
        data = json.loads((home / "lab.json").read_text(encoding="utf-8"))
        return Lab(**{name: data[name] for name in Lab.__dataclass_fields__ if name in data})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def save(home: Home, lab: Lab) -> None:
    write(home / "lab.json", json.dumps(asdict(lab), indent=2) + "\n")


@contextmanager
def locked(home: Home, name: str = "lock", busy: str = "") -> Iterator[None]:
    """One start or stop at a time for each lab; the second waits for its turn.

    With a sentence in `busy` it does not wait: BadState says it.
    """
    if sys.platform == "win32":
        yield
        return
    with (home / name).open("w", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if busy else 0))
        except BlockingIOError:
            raise BadState(busy) from None
        yield
