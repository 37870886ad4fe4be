"""Where this process runs: what the lab's environment variables say, read in one place."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
REAL_HUB = "https://hub.docker.com"


def is_practice() -> bool:
    """Outside any lab the names lead to the real Docker Hub."""
    return os.environ.get("LAB_MODE") == "treino"


def mode_label() -> str:
    return "Hub de treino" if is_practice() else "Docker Hub real"


def hub_url() -> str:
    return os.environ.get("LAB_HUB_URL") or REAL_HUB


def lab_home() -> Path | None:
    home = os.environ.get("LAB_HOME")
    return Path(home) if home else None


def course_home() -> Path:
    return Path(os.environ.get("COURSE_HOME") or REPOSITORY / "course")
