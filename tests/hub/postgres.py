"""A PostgreSQL server of our own, Debian's, that nobody else can reach."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def database_url(folder: Path) -> str:
    return f"postgres:///postgres?host={folder}&user=hub"


@contextmanager
def postgres() -> Iterator[Path]:
    """The folder of the socket, the only way in, closed to others; its path has to be short."""
    initdb, server = _program("initdb"), _program("postgres")
    with tempfile.TemporaryDirectory(prefix="hub-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        person = _as_nobody(folder)
        data = str(folder / "data")
        made = [*person, initdb, "-D", data, "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder)
        options = [f"{key}={value}" for key, value in _settings(folder).items()]
        command = [*person, server, "-D", data, *(word for one in options for word in ("-c", one))]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            _wait_for(folder, process)
            yield folder
        finally:
            process.terminate()
            process.wait(20)


def _program(name: str) -> str:
    """Debian keeps the server's programs out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    path = shutil.which(name) or next(map(str, found), None)
    if path is None:
        pytest.skip("o PostgreSQL não está instalado (apt-get install postgresql)")
    return path


def _as_nobody(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: what to put before its commands, and a folder that is theirs."""
    if os.getuid() != 0:
        return []
    names = {person.pw_name for person in pwd.getpwall()}
    person = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, person.pw_uid, person.pw_gid)
    return ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups", "--"]


def _settings(folder: Path) -> dict[str, str]:
    return {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}


def _wait_for(folder: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while "ready to accept connections" not in (log := (folder / "log").read_text(errors="replace")):
        assert process.poll() is None, log
        assert time.monotonic() < end, log
        time.sleep(0.05)
