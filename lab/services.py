"""The services of a lab: what runs, as whom, in which order, and what each is called for the learner."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from lab import engine, registry, school, tools
from lab.addresses import MAIL_PORT, NOTIFICATIONS_PORT, REGISTRY_PORT, TLS_PORT
from lab.environment import search_path
from lab.identity import Person
from lab.paths import LIBRARY, Home
from lab.state import Lab
from lab.supervisor import Program


@dataclass(frozen=True)
class Service:
    name: str
    title: str  # for the learner


SERVICES = (
    Service("containerd", "Base do motor (containerd)"),
    Service("engine", "Motor do Docker"),
    Service("registry", "Registry de treino"),
    Service("gate", "Porta do registry"),
    Service("hub", "Hub de treino"),
    Service("inbox", "Caixa de correio de treino"),
    Service("recorder", "Registro do que o motor fez"),
    Service("jupyter", "JupyterLab"),
)
BRIDGE = Service("bridge", "Ponte para o servidor da turma")
TITLES = {service.name: service.title for service in (*SERVICES, BRIDGE)}
_ELSEWHERE = ("registry", "gate", "hub", "inbox")  # what a lab that belongs to a class leaves to its server


def of(lab: Lab) -> tuple[Service, ...]:
    """The services of this very lab."""
    if lab.mode == "real":
        return tuple(service for service in SERVICES if service.name == "jupyter")
    if lab.server:
        return (*(service for service in SERVICES if service.name not in _ELSEWHERE), BRIDGE)
    return SERVICES


def addresses(home: Home, lab: Lab) -> dict[str, str]:
    """Where each service answers, as shown to the learner."""
    if lab.mode == "real":
        return {"jupyter": lab.jupyter_url}
    return {
        "containerd": engine.CONTAINERD_SOCKET,
        "engine": f"unix://{home.engine_socket}",
        "registry": f"http://{lab.registry_address}:{REGISTRY_PORT}",
        "gate": f"https://registry-1.docker.io ({lab.registry_address}:{TLS_PORT})",
        "hub": lab.hub_url,
        "inbox": f"{lab.hub_url}/correio/",
        "recorder": str(home.events),
        "jupyter": lab.jupyter_url,
        "bridge": lab.server,
    }


def programs(home: Home, lab: Lab, person: Person) -> tuple[Program, ...]:
    """The engine needs root; all the others run as the learner."""
    hub = hub_environment(home, lab)
    dockerd = engine.dockerd_command(home, lab, person, tools.require(tools.DOCKERD))
    containerd = engine.containerd_command(home, tools.require(tools.CONTAINERD))
    registry_command = registry.command(home, tools.require(tools.REGISTRY))
    every = (
        Program("containerd", containerd, priority=1),
        Program("engine", dockerd, stop_seconds=15, priority=2),
        Program("hub", _as(person, [sys.executable, "-m", "hub", "serve"], low_ports=True), hub, priority=3),
        Program("jupyter", _as(person, [sys.executable, "-m", "lab.jupyter"]), priority=4),
        Program("registry", _as(person, registry_command), registry.ENVIRONMENT, priority=5),
        Program("gate", _as(person, [sys.executable, "-m", "hub", "gate"], low_ports=True), hub, priority=6),
        Program("inbox", _as(person, [sys.executable, "-m", "hub", "inbox"]), hub, priority=7),
        Program("recorder", _as(person, [sys.executable, "-m", "lab.recorder"]), priority=8),
        Program("bridge", _as(person, school.bridge_command(lab), low_ports=True), priority=9),
    )
    wanted = {service.name for service in of(lab)}
    return tuple(program for program in every if program.name in wanted)


def _as(person: Person, command: Sequence[str], *, low_ports: bool = False) -> list[str]:
    """The command as the learner; ports under 1024 are the only thing of root that it may keep."""
    return [*drop_to(person, low_ports=low_ports), *command]


def drop_to(person: Person, *, low_ports: bool = False) -> list[str]:
    if person.is_root:
        return []
    setpriv = shutil.which("setpriv", path=search_path()) or "setpriv"
    dropped = [setpriv, f"--reuid={person.uid}", f"--regid={person.gid}", "--clear-groups"]
    if person.name != str(person.uid):
        dropped[-1] = "--init-groups"
    if low_ports:
        dropped += ["--inh-caps=+net_bind_service", "--ambient-caps=+net_bind_service"]
    return [*dropped, "--"]


def hub_environment(home: Home, lab: Lab) -> dict[str, str]:
    """What the practice hub reads, and nobody else."""
    return {
        "DJANGO_SETTINGS_MODULE": "hub.settings",
        "HUB_DATA_DIR": str(home / "hub"),
        "HUB_SECRET_KEY_FILE": str(home.secret("django-secret")),
        "HUB_NOTIFICATIONS_SECRET_FILE": str(home.secret("notifications")),
        "HUB_GRADER_SECRET_FILE": str(home.secret("grader")),
        "HUB_CLASS_SECRET_FILE": str(home.secret("class-secret")),
        "HUB_TEACHER_KEY_FILE": str(home.secret("teacher-key")),
        "HUB_CLASS_MODELS_FILE": str(home.models),
        "HUB_TOKEN_KEY_FILE": str(home / "token" / "token.key"),
        "HUB_TOKEN_CERT_FILE": str(home / "token" / "token.pem"),
        "HUB_REGISTRY_URL": f"http://{lab.registry_address}:{REGISTRY_PORT}",
        "HUB_WEBHOOKS_PRIVATE": "0" if lab.public else "1",
        "HUB_GATE_BINDS": ",".join([f"{lab.registry_address}:{TLS_PORT}", *school.registry_binds(lab)]),
        "HUB_GATE_CERT": str(home / "tls" / "registry.pem"),
        "HUB_GATE_KEY": str(home / "tls" / "registry.key"),
        "HUB_SMTP_HOST": lab.hub_address,
        "HUB_SMTP_PORT": str(MAIL_PORT),
        "HUB_WEB_URL": lab.hub_url,
        "HUB_TLS_BIND": ",".join([f"{lab.hub_address}:{TLS_PORT}", *school.hub_binds(lab)]),
        "HUB_TLS_CERT": str(home / "tls" / "hub.pem"),
        "HUB_TLS_KEY": str(home / "tls" / "hub.key"),
        "HUB_PLAIN_BINDS": ",".join(
            [
                f"{lab.hub_address}:{NOTIFICATIONS_PORT}",
                f"127.0.0.1:{lab.hub_port}",
                *school.page_binds(lab),
            ]
        ),
        "HUB_AUTHORITY_FILE": str(home.own_authority),
        "HUB_LIBRARY_DIR": str(LIBRARY),
        "HUB_MAILBOX": "own" if lab.public else "open",
        "HUB_TRUSTED_PROXIES": lab.proxy,
    }
