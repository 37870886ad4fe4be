"""Where everything of a lab is: one object with the place of each file of LAB_HOME."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from lab import typed
from lab.errors import BadState

REPOSITORY = Path(__file__).resolve().parent.parent
CACHE = REPOSITORY / ".cache"
LIBRARY = CACHE / "library"  # the official images that the practice hub offers, as an OCI image layout
SOCKET_LIMIT = 107  # bytes that the kernel accepts in the path of a unix socket
LONGEST_SOCKET = "/run/supervisor.sock.1"
NEEDED_SPACE, NEEDED_FOR_WORK = 300_000_000, 20_000_000  # bytes, in .lab and in trabalho/


@dataclass(frozen=True)
class Home:
    """The lab's state folder (.lab)."""

    root: Path

    def __truediv__(self, name: str) -> Path:
        return self.root / name

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def engine_socket(self) -> Path:
        return self.run / "docker.sock"

    @property
    def supervisor_socket(self) -> Path:
        return self.run / "supervisor.sock"

    @property
    def bundle(self) -> Path:
        return self.root / "ca" / "bundle.pem"

    @property
    def models(self) -> Path:
        """The content of the images that a class was handed out, as checks.classroom.models keeps them."""
        return self.root / "class" / "models.json"

    @property
    def own_authority(self) -> Path:
        return self.root / "ca" / "ca.pem"

    @property
    def class_authority(self) -> Path:
        """The practice authority of the class's server, kept while this lab belongs to a class."""
        return self.root / "class" / "ca.pem"

    @property
    def events(self) -> Path:
        return self.root / "events.jsonl"

    @property
    def recorder_note(self) -> Path:
        """The recorder writes its pid here while it hears the engine."""
        return self.run / "recorder.pid"

    def secret(self, name: str) -> Path:
        return self.root / "secrets" / name

    def log(self, service: str) -> Path:
        return self.logs / f"{service}.log"


def lab_home() -> Home:
    """LAB_HOME, or .lab of the repository; a link is kept as typed, it may be there to shorten the path."""
    return Home(Path(os.environ.get("LAB_HOME") or REPOSITORY / ".lab").absolute())


def work_home() -> Path:
    return Path(os.environ.get("WORK_HOME") or REPOSITORY / "trabalho").absolute()


def course_home() -> Path:
    return Path(os.environ.get("COURSE_HOME") or REPOSITORY / "course").absolute()


def make(folder: Path, variable: str) -> None:
    """The folder that the variable names; BadState in a place that keeps no files, such as /proc."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileNotFoundError as error:
        raise BadState(
            f"Não dá para criar a pasta {folder}: esse lugar não guarda arquivos. "
            f"Escolha outra, por exemplo: {variable}=/tmp/meu-lab"
        ) from error


def require_usable(home: Home) -> None:
    """Say no early to a path that a socket or the supervisor's configuration cannot carry."""
    excess = len(os.fsencode(f"{home.root}{LONGEST_SOCKET}")) - SOCKET_LIMIT
    if excess > 0:
        raise BadState(
            f"O caminho {home.root} é comprido demais, em {excess} letras, para os sockets do laboratório. "
            f"Escolha um mais curto, por exemplo: LAB_HOME=/tmp/meu-lab {typed.lab()} aula"
        )
    for folder in (home.root, REPOSITORY, work_home()):
        if re.search(r"\s[;#]|[\n\r\"%]", str(folder)):
            raise BadState(
                f"O caminho {folder} tem um caractere que o laboratório não aceita "
                "(%, aspas, ou um espaço seguido de ; ou #). Mude o nome da pasta."
            )
