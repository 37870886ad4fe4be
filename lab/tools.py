"""The programs of the system that the lab needs: where they are, their version, how to get them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lab.environment import search_path
from lab.errors import MissingProgram
from lab.state import write


@dataclass(frozen=True)
class Tool:
    names: tuple[str, ...]  # the first one found is used
    package: str  # on Debian and Ubuntu
    purpose: str


DOCKERD = Tool(("dockerd",), "docker.io", "o motor do Docker")
DOCKER = Tool(("docker",), "docker.io", "o comando docker")
CONTAINERD = Tool(("containerd",), "containerd", "a base do motor do Docker")
RUNC = Tool(("runc",), "runc", "o que inicia os contêineres")
REGISTRY = Tool(("docker-registry", "registry"), "docker-registry", "o registry")
UNSHARE = Tool(("unshare",), "util-linux", "o isolamento do laboratório")
NSENTER = Tool(("nsenter",), "util-linux", "a entrada no laboratório")
SETPRIV = Tool(("setpriv",), "util-linux", "a execução sem root")
MOUNT = Tool(("mount",), "mount", "os nomes de treino")
ALL = (DOCKERD, DOCKER, CONTAINERD, RUNC, REGISTRY, UNSHARE, NSENTER, SETPRIV, MOUNT)


def find(tool: Tool) -> str | None:
    path = search_path()
    return next((found for name in tool.names if (found := shutil.which(name, path=path))), None)


def require(tool: Tool) -> str:
    found = find(tool)
    if found is None:
        raise MissingProgram(
            f"Falta o programa {tool.names[0]} ({tool.purpose}). No Debian e no Ubuntu: "
            f"sudo apt-get install {tool.package}. Para ver tudo o que falta: lab diagnostico"
        )
    return found


def version_of(program: str) -> tuple[int, ...]:
    """The version that the program tells, as numbers; () when it tells none."""
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, encoding="utf-8", timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    found = re.search(r"\b(\d+)\.(\d+)(?:\.(\d+))?", done.stdout + done.stderr)
    return tuple(int(part) for part in found.groups() if part) if found else ()


def version_kept(program: str, note: Path) -> tuple[int, ...]:
    """The same, asked once of each file: dockerd takes a third of its start just to tell its version."""
    found = Path(program).stat()
    mark = [program, found.st_size, found.st_mtime_ns]
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        if kept["program"] == mark:
            return tuple(kept["version"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    version = version_of(program)
    if version:
        write(note, json.dumps({"program": mark, "version": version}) + "\n")
    return version
