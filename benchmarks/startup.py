"""How long the lab takes to be ready, beside dockerd alone, in the same run.

Machines are noisy, so both are started in turn and the figure to read is the ratio of the medians.
"""

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROUNDS = 5
PRIVATE_NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child")
LAB = str(Path(sys.executable).with_name("lab"))


def answers(docker_socket: Path) -> bool:
    """Whether an engine answers `/_ping` on this socket."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(str(docker_socket))
            connection.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b" 200 " in connection.recv(64)
        except OSError:
            return False


def dockerd_command(home: Path) -> list[str]:
    """A private engine with the lab's own flags, its containerd included."""
    return [
        *PRIVATE_NAMESPACES,
        "dockerd",
        *("--data-root", str(home / "data"), "--exec-root", str(home / "exec")),
        *("--pidfile", str(home / "docker.pid"), "--host", f"unix://{home}/docker.sock"),
        *("--config-file", str(home / "daemon.json")),
        *("--bridge=none", "--iptables=false", "--ip6tables=false"),
    ]


def time_dockerd(home: Path) -> float:
    """Seconds from starting dockerd to its first answer."""
    started = time.perf_counter()
    with (home / "dockerd.log").open("ab") as log:
        process = subprocess.Popen(dockerd_command(home), stdout=log, stderr=log)
    while not answers(home / "docker.sock"):
        if process.poll() is not None:
            sys.exit(f"dockerd did not start; see {home}/dockerd.log")
        time.sleep(0.005)
    seconds = time.perf_counter() - started
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split():
        os.kill(int(child), signal.SIGTERM)
    process.wait()
    return seconds


def run_lab(home: Path, *arguments: str) -> None:
    environment = {**os.environ, "LAB_HOME": str(home / "lab"), "WORK_HOME": str(home / "work")}
    subprocess.run([LAB, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)


def time_lab(home: Path) -> float:
    """Seconds of a warm `lab aula --segundo-plano`, which returns when every service has answered."""
    started = time.perf_counter()
    run_lab(home, "aula", "--segundo-plano", "--sem-navegador")
    seconds = time.perf_counter() - started
    run_lab(home, "parar")
    return seconds


def measure() -> dict[str, list[float]]:
    home = Path(tempfile.mkdtemp(prefix="lab-bench-"))
    (home / "daemon.json").write_text(
        json.dumps({"deprecated-key-path": str(home / "key.json")}), encoding="utf-8"
    )
    try:
        # The first of each is cold (it makes folders, keys, the database, the image): not counted.
        time_dockerd(home)
        time_lab(home)
        rounds = [(time_dockerd(home), time_lab(home)) for _ in range(ROUNDS)]
    finally:
        run_lab(home, "limpar")
        shutil.rmtree(home)
    return {"dockerd": [first for first, _ in rounds], "lab": [second for _, second in rounds]}


def main(console: Console) -> None:
    times = measure()
    medians = {name: statistics.median(values) for name, values in times.items()}
    table = Table(title=f"Partida a quente, {ROUNDS} vezes cada um, na mesma execução")
    for heading in ("o quê", "mediana (s)", "mín–máx (s)", "razão"):
        table.add_column(heading)
    for name, label in (("dockerd", "dockerd sozinho"), ("lab", "lab aula --segundo-plano")):
        spread = f"{min(times[name]):.2f}–{max(times[name]):.2f}"
        table.add_row(label, f"{medians[name]:.2f}", spread, f"{medians[name] / medians['dockerd']:.1f}×")
    console.print(table)
