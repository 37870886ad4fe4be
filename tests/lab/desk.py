"""A learner's desk in a lab: docker, and a terminal (terminal.py) that stays open for the verbs of `lab`."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.paths import Home
from lab.status import look
from lab.supervisor import call
from tests.real_lab import Lab

PATIENCE = 60  # seconds
_TERMINAL = Path(__file__).with_name("terminal.py")


@dataclass(frozen=True)
class Desk:
    lab: Lab
    terminal: "subprocess.Popen[str]"

    def docker(self, *command: str) -> str:
        """What docker did, as it says it."""
        done = self.lab.run(["docker", *command])
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *command: str) -> str:
        """What docker did not do, as it says it."""
        done = self.lab.run(["docker", *command])
        assert done.returncode != 0, done.stdout
        return done.stdout + done.stderr

    def names(self, owner: str) -> list[str]:
        """Of the engine's images, those of somebody; what only a digest names is not one."""
        listed = self.docker("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"{owner}/*").split()
        return [name for name in listed if not name.endswith(":<none>")]

    def told(self, image: str, code: int = 1) -> tuple[str, str]:
        """`lab diagnostico IMAGEM`: the sentence, and the command that mends it."""
        said, out, err = self._types("diagnostico", image)
        assert said == code, out + err
        sentence, _, command = out.strip().partition("\n\n")
        assert not command or command.strip() in sentence, "the sentence holds the command"
        return sentence, command.strip()

    def verdicts(self, unit: str = "push") -> dict[str, tuple[str, str]]:
        """`lab verificar`: outcome and message of each rule."""
        report = json.loads(self._types("verificar", unit, "--formato", "json")[1])
        return {check["rule"]: (check["outcome"], check["message"]) for check in report["checks"]}

    def _types(self, *verb: str) -> tuple[int, str, str]:
        to, back = self.terminal.stdin, self.terminal.stdout
        assert to is not None
        assert back is not None
        to.write(json.dumps(verb) + "\n")
        to.flush()
        code, out, err = json.loads(back.readline())
        return code, out, err


@contextmanager
def desk_in(lab: Lab, **variables: str) -> Iterator[Desk]:
    """`variables` of the terminal alone, over those of the lab."""
    chosen = [f"{name}={value}" for name, value in variables.items()]
    command = [*lab.program, "executar", "--", "env", *chosen, sys.executable, str(_TERMINAL)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, encoding="utf-8", env=lab.environment
    ) as terminal:
        yield Desk(lab, terminal)


@contextmanager
def cleaned(desk: Desk, owner: str) -> Iterator[str]:
    """The image of somebody; what they named goes away afterwards, and so does their login.

    Whoever comes next in the same lab may ask for something public: a login that the hub refuses (a token put
    out of use, a password tried too often) would be refused that too.
    """
    yield f"{owner}/docker-is-cool"
    if named := desk.names(owner):
        desk.docker("rmi", *named)
    desk.docker("logout")


def soon(true: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"esperei por {what}"
        time.sleep(0.1)


@contextmanager
def without(lab: Lab, service: str) -> Iterator[None]:
    home = Home(lab.home)
    call(home, "stopProcess", service)
    try:
        yield
    finally:
        call(home, "startProcess", service)
        soon(lambda: look(home).all_up, f"{service} voltar")
