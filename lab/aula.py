"""`lab aula`: the lab coming up before the learner's eyes, and staying until they are done."""

from __future__ import annotations

import signal
import time
from types import FrameType

from lab import browser, jupyter, lifecycle, presence, screen
from lab.identity import learner
from lab.paths import Home
from lab.state import Mode


def give(home: Home, mode: Mode, *, browser: bool, foreground: bool) -> None:
    with screen.out.status("Ligando o laboratório…"):
        started = lifecycle.start(home, mode, learner(), screen.ready)
    entry = jupyter.entry_url(home, started.lab)
    stays = foreground and not started.already
    if started.already:
        screen.say("O laboratório já estava ligado; aqui estão os endereços de novo.")
    screen.welcome(started, entry, foreground=stays)
    if browser:
        _open(home, started, entry)
    if stays:
        _stay(home)


def _open(home: Home, started: lifecycle.Started, entry: str) -> None:
    browser.open_course(home, started.lab, entry)


def _stay(home: Home) -> None:
    """Wait until Ctrl-C, a closed terminal, or a `lab parar` elsewhere."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # also where a script had SIGINT ignored
        signal.signal(number, _interrupt)
    try:
        while presence.running(home):
            time.sleep(0.5)
    except KeyboardInterrupt:
        screen.say("\nDesligando o laboratório…")
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
        lifecycle.stop(home)
    screen.say("O laboratório foi desligado. Sua conta, suas imagens e seu progresso estão guardados.")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
