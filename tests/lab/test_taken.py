"""Ports and addresses that another program takes while a lab starts."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lab import lifecycle
from lab.addresses import TLS_PORT
from lab.errors import ServiceFailed
from lab.identity import learner
from lab.paths import Home
from lab.services import SERVICES
from tests.real_lab import Lab


@contextmanager
def somebody_else(address: str, port: int) -> Iterator[None]:
    """Another program that answers there, as somebody's own Jupyter would: /api needs no token."""

    class Other(BaseHTTPRequestHandler):
        timeout = 0.2

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"version": "2.14"}')

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((address, port), Other) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


LATE = """\
#!/bin/sh
touch "$LAB_HOME/chosen"
until [ -e "$LAB_HOME/taken" ]; do sleep 0.02; done
exec {unshare} "$@"
"""


def when(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.lab
def test_what_is_taken_after_it_was_chosen_is_chosen_anew(tmp_path: Path) -> None:
    """Another program is faster than the registry and JupyterLab: the lab waits for it to be."""
    (tmp_path / "unshare").write_text(LATE.format(unshare=shutil.which("unshare")), encoding="ascii")
    (tmp_path / "unshare").chmod(0o755)
    late = Lab(tmp_path / "lab", tmp_path / "trabalho", (("LAB_ENGINE_PATH", str(tmp_path)),))
    with ExitStack() as stack:
        stack.callback(late.cli, "limpar")
        pool = stack.enter_context(ThreadPoolExecutor(1))
        starting = pool.submit(late.cli, "aula", "--segundo-plano", "--sem-navegador")
        when((late.home / "chosen").exists)
        first = late.settings
        stack.enter_context(somebody_else("127.0.0.1", first["jupyter_port"]))
        stack.enter_context(somebody_else(first["registry_address"], TLS_PORT))
        (late.home / "taken").touch()
        done = starting.result()
        assert done.returncode == 0, done.stderr
        assert late.status()["all_up"]
        second = late.settings
    for key in ("registry_address", "hub_address", "jupyter_port"):
        assert first[key] != second[key]
        assert f"{first[key]} " in done.stdout
        assert f"{second[key]}." in done.stdout or f"{second[key]} e" in done.stdout
    assert first["hub_port"] == second["hub_port"], "what was free is kept"
    assert done.stdout.count("✔") == len(SERVICES), "each is told of once"


def test_a_failure_that_is_nobody_elses_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    tries: list[int] = []

    def fail(*_: object) -> None:
        tries.append(1)
        raise ServiceFailed("sem espaço")

    monkeypatch.setattr(lifecycle, "_bring_up", fail)
    with pytest.raises(ServiceFailed, match="sem espaço"):
        lifecycle.start(Home(tmp_path / "lab"), "treino", learner(), lambda _: None)
    assert len(tries) == 1
