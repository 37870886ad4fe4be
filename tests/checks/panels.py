"""A lab of one unit, and hands and eyes for the panel of an exercise."""

import base64
import json
import threading
from pathlib import Path
from typing import Any

import ipywidgets
import nbformat
import pytest
from nbclient import NotebookClient

from checks.notebook import Exercise

UNIT = """
title = "Entre no <Docker Hub>"
points = 4
hints = ["Releia a lição, {docker_id}."]

[[check]]
rule = "logged_in"
points = 3
hints = ["Abra um terminal.", "Digite `docker login -u {docker_id}`."]

[[check]]
rule = "logged_in"
title = "De novo"
points = 1
"""


def make_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab with one unit and nobody logged in."""
    (folder / "course/50-login").mkdir(parents=True)
    (folder / "course/50-login/unit.toml").write_text(UNIT, encoding="utf-8")
    (folder / "docker").mkdir()
    monkeypatch.setenv("COURSE_HOME", str(folder / "course"))
    monkeypatch.setenv("LAB_HOME", str(folder / ".lab"))
    monkeypatch.setenv("LAB_MODE", "treino")
    monkeypatch.setenv("LAB_HUB_URL", "http://127.0.0.1:8123")
    monkeypatch.setenv("DOCKER_CONFIG", str(folder / "docker"))
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    return folder


def log_in(home: Path, docker_id: str) -> None:
    auth = base64.b64encode(f"{docker_id}:x".encode()).decode()
    config = {"auths": {"https://index.docker.io/v1/": {"auth": auth}}}
    (home / "docker/config.json").write_text(json.dumps(config), encoding="utf-8")


def widgets(ex: Exercise) -> list[Any]:
    found: list[Any] = []

    def walk(widget: Any) -> None:
        found.append(widget)
        for child in getattr(widget, "children", ()):
            walk(child)

    walk(ex._panel.widget)
    return found


def page(ex: Exercise) -> str:
    """All that the panel shows."""
    return " ".join(item.value for item in widgets(ex) if isinstance(item, ipywidgets.HTML))


def button_of(ex: Exercise, text: str) -> ipywidgets.Button:
    return next(
        item for item in widgets(ex) if isinstance(item, ipywidgets.Button) and text in item.description
    )


def press(ex: Exercise, text: str) -> None:
    """Presses a button and waits for what it does."""
    button_of(ex, text).click()
    rest()


def rest() -> None:
    """Until no check that was asked for by a button is going on."""
    for thread in threading.enumerate():
        if thread.name == "panel-check":
            thread.join(20)


def in_a_kernel(sources: list[str]) -> Any:
    """A notebook of these cells, run in a real kernel."""
    plain: dict[str, Any] = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    content = {
        "nbformat": 4,
        "nbformat_minor": 4,
        "metadata": {},
        "cells": [plain | {"source": source} for source in sources],
    }
    notebook = nbformat.reads(json.dumps(content), as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return notebook
