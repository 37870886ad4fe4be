"""A real lab for tests: engine, registry, hub and Jupyter, driven by the same command line as a learner's."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lab import universe
from lab.addresses import can_bind, free_port
from lab.identity import learner
from lab.paths import Home
from lab.services import hub_environment
from lab.state import Lab as State

LAB = str(Path(sys.executable).with_name("lab"))
# What another lab, or this run of pytest, would make it inherit.
_OUTER = (
    "LAB_", "HUB_", "DOCKER_", "DJANGO_", "PYTEST_", "PYTHONWARN", "COURSE_HOME", "WORK_HOME",
    "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
)  # fmt: skip
_CHOSEN = ("LAB_ENGINE_PATH", "LAB_ENGINE_STORE")


@dataclass(frozen=True)
class Lab:
    home: Path
    work: Path
    chosen: tuple[tuple[str, str], ...] = ()  # variables of this lab alone
    program: tuple[str, ...] = (LAB,)

    @property
    def environment(self) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if name in _CHOSEN or not _outer(name)}
        return {**own, "LAB_HOME": str(self.home), "WORK_HOME": str(self.work), **dict(self.chosen)}

    def cli(self, *arguments: str, text: str = "", timeout: float = 180) -> subprocess.CompletedProcess[str]:
        """A verb of `lab`, from outside the universe."""
        return subprocess.run(
            [*self.program, *arguments], input=text, capture_output=True, text=True, encoding="utf-8",
            env=self.environment, check=False, timeout=timeout,
        )  # fmt: skip

    def run(self, command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
        """A command inside the lab, as `lab executar` runs it; straight in, because tests run hundreds."""
        record = universe.find(Home(self.home))
        if record is None or self.program != (LAB,) or os.geteuid() != 0:
            return self.cli("executar", "--", *command, text=text)
        return subprocess.run(
            universe.entry_command(record, learner(), command, self.work), input=text, capture_output=True,
            text=True, encoding="utf-8", env=_inside(self, record.init.pid), check=False, timeout=180,
        )  # fmt: skip

    def start(self) -> None:
        done = self.cli("aula", "--segundo-plano", "--sem-navegador")
        assert done.returncode == 0, f"o laboratório não ligou:\n{done.stdout}{done.stderr}"

    def account(self, name: str, password: str) -> None:
        """A confirmed practice account."""
        done = self.cli("conta", name, text=f"{password}\n")
        assert done.returncode == 0, done.stdout + done.stderr

    def login(self, name: str, password: str) -> None:
        done = self.run(["docker", "login", "-u", name, "--password-stdin"], text=password)
        assert done.returncode == 0, done.stdout + done.stderr

    def newcomer(self) -> str:
        """The Docker ID of somebody new, who is logged in."""
        waiting = _WAITING.setdefault(self.home, {})
        if not waiting:
            waiting.update(self._accounts(AT_ONCE))
        name, password = waiting.popitem()
        self.login(name, password)
        return name

    def _accounts(self, how_many: int) -> dict[str, str]:
        """New Docker IDs and their passwords: what `lab conta` does, once for all of them."""
        new = {f"aluno{secrets.token_hex(4)}": secrets.token_urlsafe(15) for _ in range(how_many)}
        hub = hub_environment(Home(self.home), State(**self.settings))
        done = subprocess.run(
            [sys.executable, "-c", _MANY, *new], input="\n".join(new.values()) + "\n", capture_output=True,
            text=True, encoding="utf-8", env={**self.environment, **hub}, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return new

    def status(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads(self.cli("status", "--json").stdout)
        return found

    @property
    def settings(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = json.loads((self.home / "lab.json").read_text(encoding="utf-8"))
        return found

    @property
    def hub_url(self) -> str:
        return f"http://127.0.0.1:{self.settings['hub_port']}"

    @property
    def jupyter_url(self) -> str:
        return f"http://127.0.0.1:{self.settings['jupyter_port']}"

    @property
    def jupyter_token(self) -> str:
        return (self.home / "secrets" / "jupyter-token").read_text(encoding="utf-8").strip()


AT_ONCE = 5
_MANY = """
import sys, django
django.setup()
from django.core.management import call_command
for name in sys.argv[1:]:
    call_command("account", name)
"""
_WAITING: dict[Path, dict[str, str]] = {}  # accounts that nobody has taken yet, by lab


def class_port(in_a_row: int = 3) -> int:
    """The first of some ports in a row that are free; a class takes three."""
    while True:
        first = free_port()
        if all(can_bind("127.0.0.1", port, again=False) for port in range(first, first + in_a_row)):
            return first


@cache
def _inside(lab: Lab, _start: int) -> Mapping[str, str]:
    """The environment of commands in a lab, the same from one start to the next."""
    told = lab.cli("executar", "--", "env", "-0").stdout
    return dict(line.split("=", 1) for line in told.split("\0") if line)


def _outer(name: str) -> bool:
    return name.startswith(_OUTER)
