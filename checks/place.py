"""Where this process runs: what the lab's environment variables say, read in one place."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_HUB = "https://hub.docker.com"


def is_practice() -> bool:
    """Outside any lab the names lead to the real Docker Hub."""
    return os.environ.get("LAB_MODE") == "treino"


def mode_label() -> str:
    return "Hub de treino" if is_practice() else "Docker Hub real"


def hub_url() -> str:
    return os.environ.get("LAB_HUB_URL") or REAL_HUB


def hub_host() -> str:
    """Where the hub's pages are, as it looks in front of a name that was copied from one of them."""
    return urlsplit(hub_url()).netloc


def lab_home() -> Path | None:
    home = os.environ.get("LAB_HOME")
    return Path(home) if home else None


def class_secret_file() -> Path | None:
    """Where the secret of the class is: the teacher's file, or else the lab's own; None outside any lab."""
    chosen, home = os.environ.get("CLASS_SECRET_FILE"), lab_home()
    if chosen:
        return Path(chosen)
    return home / "secrets" / "class-secret" if home else None


def work_home() -> Path:
    """The learner's copies."""
    return Path(os.environ.get("WORK_HOME") or REPOSITORY / "trabalho")


def course_home() -> Path:
    return Path(os.environ.get("COURSE_HOME") or REPOSITORY / "course")
