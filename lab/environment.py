"""The environment of everything that runs in the lab: services, kernels, terminals and commands."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from checks import time_zone
from lab.addresses import HUB_NAMES, REGISTRY_NAMES
from lab.identity import Person
from lab.paths import Home, course_home, work_home
from lab.state import Lab

# Of the person's own environment these would lead docker, Django or Jupyter elsewhere.
_FOREIGN = (
    "DOCKER_",
    "HUB_",
    "DJANGO_",
    "JUPYTER",
    "IPYTHON",
    "JPY_",
    "PYTEST_",
    "SUPERVISOR_",
    "SUDO_",
    "BUILDX_",
)
_KEPT = ("HUB_DATABASE_URL", time_zone.VARIABLE)
_CA_VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_PYTHON = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "VIRTUAL_ENV",
    "PYTHONWARNINGS",
    "PYTHONWARNDEFAULTENCODING",
)
_SBIN = ("/usr/local/sbin", "/usr/sbin", "/sbin")


def search_path() -> str:
    """PATH in the lab: this Python's folder, the chosen engine's, the person's own, the system's tools."""
    folders = [str(Path(sys.executable).parent)]
    folders += _engine_folders()
    folders += os.environ.get("PATH", os.defpath).split(os.pathsep)
    folders += _SBIN
    return os.pathsep.join(dict.fromkeys(folder for folder in folders if folder))


def _engine_folders() -> list[str]:
    """LAB_ENGINE_PATH: a folder of programs, or one where packages were unpacked."""
    chosen = os.environ.get("LAB_ENGINE_PATH", "")
    inner = [Path(chosen).absolute() / name for name in ("usr/bin", "usr/sbin")] if chosen else []
    return [str(path) for path in inner if path.is_dir()] or [chosen]


def contract(home: Home, lab: Lab, person: Person) -> dict[str, str]:
    """The variables that notebooks, checks and services may count on."""
    variables = {name: value for name, value in os.environ.items() if not _is_foreign(name)}
    variables |= {
        "LAB_HOME": str(home.root),
        "LAB_MODE": lab.mode,
        "LAB_HUB_URL": lab.hub_url,
        "COURSE_HOME": str(course_home()),
        "WORK_HOME": str(work_home()),
        "PATH": search_path(),
    }
    if chosen := os.environ.get("CLASS_SECRET_FILE"):
        variables["CLASS_SECRET_FILE"] = str(Path(chosen).absolute())  # kernels run in other folders
    if lab.mode == "treino":
        variables |= _practice(home, lab)
    else:
        variables |= {name: value for name, value in os.environ.items() if name.startswith("DOCKER_")}
    if sys.platform != "win32" and person.uid != os.getuid():  # behind sudo, these are root's
        variables |= {"HOME": str(person.home), "USER": person.name, "LOGNAME": person.name}
    variables.setdefault("LANG", "C.UTF-8")
    return variables


def _is_foreign(name: str) -> bool:
    if name in _KEPT:
        return False
    return name.startswith(_FOREIGN) or name in _PYTHON


def _practice(home: Home, lab: Lab) -> dict[str, str]:
    variables = {
        "DOCKER_HOST": f"unix://{home.engine_socket}",
        # a login on the class's hub is none on the lab's own
        "DOCKER_CONFIG": str(home / "class" / "docker" if lab.server else home / "docker"),
        # a command history of its own: nothing of the course is written in the person's home
        "HISTFILE": str(home / "bash_history"),
        # a kernel that is killed leaves its temporary folders where `lab limpar` finds them
        "TMPDIR": str(home / "tmp"),
    }
    variables |= dict.fromkeys(_CA_VARIABLES, str(home.bundle))
    # a proxy must not be asked for names that only exist in here
    for name in ("no_proxy", "NO_PROXY"):
        own = ("127.0.0.1", "localhost", *REGISTRY_NAMES, *HUB_NAMES)
        present = [part for part in os.environ.get(name, "").split(",") if part]
        variables[name] = ",".join(dict.fromkeys([*present, *own]))
    return variables
