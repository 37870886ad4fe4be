"""`lab aula`: the lab coming up before the learner's eyes, and staying until they are done."""

from __future__ import annotations

import signal
import time
from types import FrameType

from lab import browser, jupyter, lifecycle, presence
from lab.identity import learner
from lab.paths import Home
from lab.state import Mode


def give(home: Home, mode: Mode, *, browser: bool, foreground: bool) -> None:
    print("Ligando o laboratório…", flush=True)
    started = lifecycle.start(home, mode, learner(), _ready)
    stays = foreground and not started.already
    if not stays:
        _greet(home, started, browser=browser, stays=False)
        return
    # Before the learner reads that Ctrl-C ends it. SIGINT too: a script may have had it ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    from lab import screen

    try:
        _greet(home, started, browser=browser, stays=True)
        _wait_for_its_end(home)
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not leave half of it running
        screen.say("\nDesligando o laboratório…")
        lifecycle.stop(home)
    screen.say("O laboratório foi desligado. Sua conta, suas imagens e seu progresso estão guardados.")


def _greet(home: Home, started: lifecycle.Started, *, browser: bool, stays: bool) -> None:
    from lab import screen

    entry = jupyter.entry_url(home, started.lab)
    if started.already:
        screen.say("O laboratório já estava ligado; aqui estão os endereços de novo.")
    screen.welcome(started, entry, foreground=stays)
    if browser:
        _open(home, started, entry)


def _ready(name: str) -> None:
    from lab import screen  # loaded while the services do, and not before they are on their way

    screen.ready(name)


def _open(home: Home, started: lifecycle.Started, entry: str) -> None:
    browser.open_course(home, started.lab, entry)


def _wait_for_its_end(home: Home) -> None:
    """Until Ctrl-C, a closed terminal, or a `lab parar` elsewhere."""
    while presence.running(home):
        time.sleep(0.5)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
