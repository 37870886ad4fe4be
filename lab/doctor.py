"""What this machine has and lacks for the lab, and how to get what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab import presence, static_program, tools
from lab.addresses import TLS_PORT, can_bind
from lab.environment import search_path
from lab.errors import LabError
from lab.identity import OFFER_REAL, as_root, can_be_root
from lab.paths import NEEDED_SPACE, Home, require_usable

_ONLY_ROOT = f"só o root pode conferir: sudo {Path(sys.executable).parent / 'lab'} diagnostico"
_TURN_ON = "Ligue-o: abra o Docker Desktop ou, no Linux, rode `sudo systemctl start docker`."


@dataclass(frozen=True)
class Diagnosis:
    topic: str
    ok: bool
    finding: str
    mend: str = ""
    known: bool = True  # False: it could not be looked at, which is nobody's fault


def examine(home: Home) -> tuple[Diagnosis, ...]:
    return tuple(_diagnoses(home))


def _diagnoses(home: Home) -> Iterator[Diagnosis]:
    yield _system()
    if sys.platform != "linux":
        return
    yield _root()
    yield from map(_tool, tools.ALL)
    yield _image()
    yield _folder(home)
    yield _space(home)
    yield _namespaces()
    yield _addresses(home)


def _system() -> Diagnosis:
    if sys.platform == "linux":
        return Diagnosis("Sistema", True, f"Linux {os.uname().release}, Python {sys.version.split()[0]}")
    return Diagnosis("Sistema", False, f"{sys.platform} não roda o motor do laboratório", OFFER_REAL)


def _root() -> Diagnosis:
    if can_be_root():
        return Diagnosis("Root", True, "este comando já roda como root")
    if shutil.which("sudo"):
        return Diagnosis("Root", True, "o laboratório usará o sudo")
    return Diagnosis("Root", False, "não é root, e não há sudo", OFFER_REAL)


def _tool(tool: tools.Tool) -> Diagnosis:
    program = tools.find(tool)
    topic = f"Programa {tool.names[0]}"
    if program is None:
        return Diagnosis(topic, False, f"falta ({tool.purpose})", f"sudo apt-get install {tool.package}")
    version = ".".join(map(str, tools.version_of(program)))
    return Diagnosis(topic, True, f"{program} {version}".strip())


def _image() -> Diagnosis:
    found = static_program.find(static_program.BUSYBOX)
    if found is None:
        return Diagnosis("Imagem docker-is-cool", False, "falta um busybox estático", "make preparar")
    return Diagnosis("Imagem docker-is-cool", True, f"busybox estático em {found}")


def _folder(home: Home) -> Diagnosis:
    try:
        require_usable(home)
    except LabError as error:
        return Diagnosis("Pasta do laboratório", False, str(home.root), str(error))
    folder = next(path for path in (home.root, *home.root.parents) if path.exists())
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK, effective_ids=True)):
        mend = f"veja de quem é {folder}, ou escolha outra com LAB_HOME=/tmp/meu-lab"
        return Diagnosis("Pasta do laboratório", False, f"você não pode gravar em {home.root}", mend)
    return Diagnosis("Pasta do laboratório", True, str(home.root))


def _space(home: Home) -> Diagnosis:
    folder = next(path for path in (home.root, *home.root.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    finding = f"{free // 1_000_000} MB livres"
    if free < NEEDED_SPACE:
        return Diagnosis(
            "Disco", False, finding, "libere espaço, ou escolha outro disco com LAB_HOME=/outro/lugar"
        )
    return Diagnosis("Disco", True, finding)


def _namespaces() -> Diagnosis:
    topic = "Espaço isolado"
    if not can_be_root():
        return Diagnosis(topic, True, _ONLY_ROOT, known=False)
    if tools.find(tools.UNSHARE) is None:
        return Diagnosis(topic, False, "falta o programa unshare", "sudo apt-get install util-linux")
    trial = ["unshare", "--mount", "--pid", "--fork", "mount", "-n", "--bind", "/etc/hosts", "/etc/hosts"]
    with as_root():
        environment = {**os.environ, "PATH": search_path()}
        done = subprocess.run(
            trial, capture_output=True, text=True, encoding="utf-8", env=environment, check=False
        )
    if done.returncode == 0:
        return Diagnosis(topic, True, "o sistema permite")
    mend = f"dentro de um contêiner, rode-o com --privileged. {OFFER_REAL}"
    return Diagnosis(topic, False, (done.stderr.strip().splitlines() or ["o sistema não permite"])[-1], mend)


def _addresses(home: Home) -> Diagnosis:
    topic = f"Porta {TLS_PORT} em 127.x.y.z"
    if presence.running(home):
        return Diagnosis(topic, True, "em uso por este laboratório, que está ligado")
    if not can_be_root():
        return Diagnosis(topic, True, _ONLY_ROOT, known=False)
    with as_root():
        free = can_bind("127.16.0.9", TLS_PORT)
    if free:
        return Diagnosis(topic, True, "livre")
    mend = f"descubra quem a usa com `sudo ss -ltnp 'sport = :{TLS_PORT}'` e desligue-o enquanto estuda"
    return Diagnosis(topic, False, "ocupada em todos os endereços", mend)


def own_docker() -> str:
    """With the real hub, what keeps the learner's own Docker from answering; nothing when it answers."""
    program = shutil.which("docker")
    if program is None:
        return (
            "Não achei o programa docker nesta máquina, e com o Docker Hub real o curso usa o seu. "
            "Instale-o (https://docs.docker.com/get-started/get-docker/) e abra o curso de novo."
        )
    asked = [program, "version", "--format", "{{.Server.Version}}"]
    try:
        done = subprocess.run(
            asked, capture_output=True, text=True, encoding="utf-8", timeout=10, check=False
        )
    except subprocess.TimeoutExpired:
        return f"O seu Docker demorou demais para responder. {_TURN_ON}"
    if done.returncode == 0:
        return ""
    if "permission denied" in done.stderr.lower():
        return (
            "O Docker desta máquina está ligado, mas você não tem permissão para usá-lo. Rode "
            "`sudo usermod -aG docker $USER`, saia da sua sessão no sistema e entre de novo."
        )
    return f"O seu Docker não respondeu. {_TURN_ON}"
