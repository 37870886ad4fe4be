"""supervisord, first process of the lab: its configuration, and its commands over the unix socket."""

from __future__ import annotations

import http.client
import shlex
import socket
import xmlrpc.client
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab.engine_api import UnixConnection
from lab.errors import LabDown
from lab.identity import Person
from lab.paths import Home
from lab.state import write

ROTATE_AT, KEPT_LOGS = "2MB", 2


@dataclass(frozen=True)
class Program:
    """What supervisord has to know of a service."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: int = 8
    priority: int = 100


@dataclass(frozen=True)
class Process:
    name: str
    state: str  # RUNNING, STARTING, BACKOFF, FATAL, STOPPED, EXITED
    pid: int  # in the lab's pid namespace


def prepare(home: Home, person: Person, programs: Sequence[Program]) -> None:
    for name in ("supervisor", *(program.name for program in programs)):
        home.log(name).touch()  # made by the learner, for the supervisor is root
    for stale in (home.supervisor_socket, home.engine_socket):
        stale.unlink(missing_ok=True)
    write(home.run / "supervisord.conf", config(home, person, programs), mode=0o600)


def config(home: Home, person: Person, programs: Sequence[Program]) -> str:
    lines = [
        "[supervisord]",
        "nodaemon=true",
        "silent=true",  # its log file is rotated, its output is not
        "user=root",
        f"logfile={_text(home.log('supervisor'))}",
        "logfile_maxbytes=1MB",
        "logfile_backups=1",
        "pidfile=/run/supervisord.pid",
        f"childlogdir={_text(home.logs)}",
        f"directory={_text(home.root)}",
        "[unix_http_server]",
        f"file={_text(home.supervisor_socket)}",
        "chmod=0600",
        f"chown={person.uid}:{person.gid}",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    for program in programs:
        lines += _program(home, program)
    return "\n".join(lines) + "\n"


def _program(home: Home, program: Program) -> list[str]:
    environment = ",".join(f"{name}={_quoted(value)}" for name, value in program.environment.items())
    return [
        f"[program:{program.name}]",
        f"command={_text(shlex.join(program.command))}",
        f"environment={environment}",
        f"priority={program.priority}",
        "autorestart=true",
        "startsecs=1",
        "startretries=20",
        f"stopwaitsecs={program.stop_seconds}",
        "stopasgroup=false",
        "killasgroup=true",
        "redirect_stderr=true",
        f"stdout_logfile={_text(home.log(program.name))}",
        f"stdout_logfile_maxbytes={ROTATE_AT}",
        f"stdout_logfile_backups={KEPT_LOGS}",
    ]


def _text(value: object) -> str:
    return str(value).replace("%", "%%")


def _quoted(value: str) -> str:
    """As its parser wants it: no escapes, and either kind of quotes."""
    mark = "'" if '"' in value else '"'
    return _text(f"{mark}{value}{mark}")


class _Transport(xmlrpc.client.Transport):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = UnixConnection(self.path)
        self._connection = host, connection  # what `close` closes
        return connection


class Refused(Exception):  # noqa: N818
    """The supervisor heard the command and did not carry it out: it is stopping, most of the time."""


def call(home: Home, method: str, *arguments: Any) -> Any:
    """One command to the running supervisord; LabDown when there is none."""
    transport = _Transport(home.supervisor_socket)
    try:
        with xmlrpc.client.ServerProxy("http://localhost", transport=transport) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)
    except xmlrpc.client.Fault as error:
        raise Refused(error.faultString) from error
    except (OSError, http.client.HTTPException) as error:
        raise LabDown() from error


def listens(home: Home) -> bool:
    """Whether it can be called; its socket's file alone says too little, made a moment before it listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        return connection.connect_ex(str(home.supervisor_socket)) == 0


def processes(home: Home) -> tuple[Process, ...]:
    """Every service as the supervisor sees it."""
    found = call(home, "getAllProcessInfo")
    return tuple(Process(str(item["name"]), str(item["statename"]), int(item["pid"])) for item in found)
