"""Opens the course in the learner's browser, as the learner, with no token in a command line."""

from __future__ import annotations

import html
import os
import subprocess
import sys
from contextlib import nullcontext

from lab.environment import contract
from lab.identity import as_root, can_be_root, learner
from lab.paths import Home
from lab.services import drop_to
from lab.state import Lab, write

_PAGE = """<!doctype html>
<html lang="pt-BR"><head><meta charset="utf-8"><title>Abrindo o curso</title>
<meta http-equiv="refresh" content="0; url={url}"></head>
<body><p>Abrindo o curso. Se nada acontecer, <a href="{url}">siga este endereço</a>.</p></body></html>
"""


def can_open() -> bool:
    """Without a screen the system would start a browser of text inside the terminal."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))


def open_course(home: Home, lab: Lab, url: str) -> None:
    if not can_open():
        return
    page = home.run / "abrir.html"
    write(page, _PAGE.format(url=html.escape(url)), mode=0o600)  # only its owner can read the token
    person = learner()
    command = [sys.executable, "-m", "webbrowser", "-t", page.as_uri()]
    environment = {**os.environ, "HOME": contract(home, lab, person).get("HOME", str(person.home))}
    behind_sudo = can_be_root() and not person.is_root
    with as_root() if behind_sudo else nullcontext():
        subprocess.Popen(
            [*drop_to(person), *command] if behind_sudo else command, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
