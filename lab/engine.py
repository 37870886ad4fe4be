"""The private Docker Engine: configuration and flags of dockerd and containerd, for the version found.

Inside the lab /run is private (see lab.universe), so sockets and state that never outlive a start
go there, where paths are short and nothing is left on the machine.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping

from lab.identity import Person
from lab.paths import Home
from lab.state import Lab, write

CONTAINERD_SOCKET = "/run/containerd/containerd.sock"
# Kubernetes is not ours to serve, and the opt plugin makes /opt/containerd on the machine.
_DISABLED = (
    "io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime",
    "io.containerd.internal.v1.opt",
)  # fmt: skip
# dockerd dials containerd once, then waits a whole second: let it start when there is somebody to answer
_WHEN_CONTAINERD_ANSWERS = f'until [ -S {CONTAINERD_SOCKET} ]; do sleep 0.02; done; exec "$@"'


def cgroup_parent(lab: Lab) -> str:
    return f"dockerhub-na-pratica-{lab.id}"


def prepare(home: Home, version: tuple[int, ...]) -> None:
    write(home / "run" / "containerd.toml", containerd_toml(home))
    write(home / "run" / "daemon.json", json.dumps(daemon_json(home, version), indent=2) + "\n")


def containerd_toml(home: Home) -> str:
    return "\n".join(
        (
            "version = 2",
            f"root = {json.dumps(str(home / 'engine' / 'containerd'), ensure_ascii=False)}",
            'state = "/run/containerd"',
            f"disabled_plugins = {json.dumps(_DISABLED)}",
            "[grpc]",
            f'  address = "{CONTAINERD_SOCKET}"',
            "",
        )
    )


def daemon_json(home: Home, version: tuple[int, ...]) -> dict[str, object]:
    settings: dict[str, object] = {
        # the systemd driver would ask the machine's systemd for slices
        "exec-opts": ["native.cgroupdriver=cgroupfs"],
        "log-level": "warn",
        "shutdown-timeout": 3,  # seconds for containers to end by themselves
    }
    if version and version < (24,):
        settings["deprecated-key-path"] = str(home / "engine" / "key.json")  # else /etc/docker/key.json
    store = os.environ.get("LAB_ENGINE_STORE", "")
    if store:
        settings["features"] = {"containerd-snapshotter": store == "containerd"}
    return settings


def containerd_command(home: Home, program: str) -> list[str]:
    return [program, "--config", str(home.run / "containerd.toml"), "--log-level", "warn"]


def dockerd_command(home: Home, lab: Lab, person: Person, program: str) -> list[str]:
    flags = {
        "--config-file": str(home.run / "daemon.json"),
        "--data-root": str(home / "engine" / "docker"),
        "--exec-root": "/run/docker",
        "--pidfile": "",  # pids start again at 1 with each start: an old file would name another process
        "--host": f"unix://{home.engine_socket}",
        "--group": str(person.gid),
        "--containerd": CONTAINERD_SOCKET,
        "--cgroup-parent": f"/{cgroup_parent(lab)}",
        "--bridge": "none",
        "--iptables": "false",
        "--ip6tables": "false",
        "--ip-forward": "false",  # else it turns the machine into a router
    }
    dockerd = [program, *(f"{name}={value}" for name, value in flags.items())]
    return ["/bin/sh", "-c", _WHEN_CONTAINERD_ANSWERS, "dockerd", *dockerd]


def image_store(info: Mapping[str, object]) -> str:
    """Which image store an engine's /info speaks of: "containerd" or "classic"."""
    status = info.get("DriverStatus") or ()
    if not isinstance(status, list):
        return "classic"
    return "containerd" if any("containerd" in str(pair) for pair in status) else "classic"


def sweep_script(parent: str) -> str:
    """Shell text that removes the cgroups of a lab that has ended, in every hierarchy of the machine."""
    remove = f'[ -d "$root/{parent}" ] && find "$root/{parent}" -depth -type d -exec rmdir {{}} \\;'
    return f"for root in /sys/fs/cgroup /sys/fs/cgroup/*; do {remove}; done 2>/dev/null; true"
