"""Two labs side by side, and a machine that is, after both, what it was before."""

import hashlib
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lab.engine import cgroup_parent
from lab.identity import Person
from lab.services import drop_to
from lab.state import Lab as Settings
from tests.real_lab import LAB, Lab

pytestmark = pytest.mark.lab
WATCHED = ("/etc/hosts", "/etc/nsswitch.conf", "/etc/docker", "/etc/ssl", str(Path.home() / ".docker"))
FOLDERS = ("/run", "/opt", "/var/lib", "/etc")


def machine() -> dict[str, object]:
    """All of the machine that a lab could have touched."""
    files = [Path(one) for one in WATCHED]
    files += [path for one in list(files) if one.is_dir() for path in one.rglob("*")]
    return {
        "files": {str(path): digest(path) for path in files if path.is_file()},
        "folders": {one: sorted(path.name for path in Path(one).iterdir()) for one in FOLDERS},
        "mounts": Path("/proc/self/mountinfo").read_text(encoding="utf-8"),
        "forwarding": Path("/proc/sys/net/ipv4/ip_forward").read_text(encoding="ascii"),
        "interfaces": sorted(name for _, name in socket.if_nameindex()),
    }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def engine(lab: Lab) -> list[str]:
    """Everything that an engine tells of its images and containers."""
    asked = (
        "docker images --all --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}'",
        "docker ps --all --no-trunc --format '{{.ID}} {{.Image}} {{.Status}}'",
        "docker info --format '{{.ID}} {{.DockerRootDir}} {{.Driver}}'",
    )
    return sorted(lab.run(["sh", "-c", "; ".join(asked)]).stdout.splitlines())


@pytest.fixture(scope="module")
def before(lab: Lab) -> dict[str, object]:
    return {**machine(), "other engine": engine(lab)}


@pytest.fixture(scope="module")
def second(before: dict[str, object], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("l")
    second = Lab(folder / "lab", folder / "trabalho")
    second.start()
    yield second
    second.cli("limpar")


def test_two_labs_share_nothing(lab: Lab, second: Lab) -> None:
    one, other = lab.settings, second.settings
    shared = {one[key] for key in one if one[key]} & {other[key] for key in other}
    assert shared == {"treino"}
    second.account("anadois", "uma-senha-bem-longa")
    refused = lab.run(["docker", "login", "-u", "anadois", "--password-stdin"], text="uma-senha-bem-longa")
    assert refused.returncode != 0
    second.login("anadois", "uma-senha-bem-longa")
    second.run(["docker", "tag", "docker-is-cool", "anadois/so-aqui"])
    assert second.run(["docker", "push", "anadois/so-aqui"]).returncode == 0
    assert "so-aqui" not in lab.run(["docker", "images"]).stdout
    assert lab.run(["docker", "pull", "anadois/so-aqui"]).returncode != 0


def test_starting_again_only_tells_the_addresses_again(second: Lab) -> None:
    pids = {one["pid"] for one in second.status()["services"]}
    done = second.cli("aula", "--sem-navegador")
    assert done.returncode == 0
    assert "já estava ligado" in done.stdout
    assert second.jupyter_url in done.stdout
    assert {one["pid"] for one in second.status()["services"]} == pids
    refused = second.cli("aula", "--hub", "real", "--sem-navegador")
    assert refused.returncode == 2
    assert "lab parar" in refused.stderr


def test_status_tells_pids_that_are_valid_where_it_runs(second: Lab) -> None:
    outside = {one["name"]: one["pid"] for one in second.status()["services"]}
    inside = json.loads(second.run([LAB, "status", "--json"]).stdout)
    assert inside["all_up"]
    for one in inside["services"]:
        assert one["pid"] != outside[one["name"]]
        assert psutil.Process(outside[one["name"]]).is_running()
    assert "containerd" in psutil.Process(outside["containerd"]).cmdline()[0]


def test_inside_the_lab_it_cannot_be_stopped_or_cleaned(second: Lab) -> None:
    for verb in ("parar", "limpar"):
        done = second.run([LAB, verb])
        assert done.returncode == 2
        assert "fora do JupyterLab" in done.stderr


def test_the_engine_leaves_its_things_in_the_lab(second: Lab) -> None:
    assert second.run(["docker", "run", "--rm", "docker-is-cool"]).returncode == 0
    assert "docker" in second.run(["ls", "/run"]).stdout.split()
    assert has_traces(Settings(**second.settings))


def test_running_a_container_warns_of_no_network(second: Lab) -> None:
    """Whether the machine forwards packages between networks differs, and is no concern of a learner."""
    setting = Path("/proc/sys/net/ipv4/ip_forward")
    assert second.run(["cat", str(setting)]).stdout == "1\n"
    assert not setting.is_mount()
    ran = second.run(["docker", "run", "--rm", "docker-is-cool"])
    assert (ran.returncode, ran.stderr) == (0, "")


def test_cleaning_leaves_the_machine_as_it_was(lab: Lab, second: Lab, before: dict[str, object]) -> None:
    settings = Settings(**second.settings)
    second.run(["sh", "-c", "docker run -d --stop-timeout 1 docker-is-cool /bin/busybox sleep 600"])
    done = second.cli("limpar")
    assert done.returncode == 0, done.stderr
    assert not second.home.exists()
    assert second.work.exists()
    assert not has_traces(settings)
    assert _processes_with(str(second.home), cgroup_parent(settings)) == []
    assert {**machine(), "other engine": engine(lab)} == before


def has_traces(lab: Settings) -> bool:
    """Whether cgroups of the lab are still on the machine."""
    roots = (Path("/sys/fs/cgroup"), *Path("/sys/fs/cgroup").glob("*/"))
    return any((root / cgroup_parent(lab)).is_dir() for root in roots)


def _processes_with(*texts: str) -> list[str]:
    found = []
    for process in psutil.process_iter(["cmdline", "pid"]):
        line = " ".join(process.info["cmdline"] or ())
        if process.info["pid"] != os.getpid() and any(text in line for text in texts):
            found.append(line)
    return found


@pytest.mark.skipif(os.getuid() != 0, reason="só root pode trocar de usuário")
def test_who_is_not_root_may_listen_on_443_and_do_nothing_else_of_root() -> None:
    nobody = Person(65534, 65534, "nobody", Path("/"), "/bin/sh")
    code = """
import os, socket
socket.socket().bind(("127.99.99.9", 443))
kept = next(line for line in open("/proc/self/status") if line.startswith("CapEff"))
print(os.getuid(), os.getgid(), kept)
"""
    command = [*drop_to(nobody, low_ports=True), "/usr/bin/python3", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stdout.split() == ["65534", "65534", "CapEff:", f"{1 << 10:016x}"], done.stderr
