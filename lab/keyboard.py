"""Single keys of the terminal, without Enter; without a terminal there are none."""

from __future__ import annotations

import os
import select
import sys
import time

if sys.platform != "win32":
    import termios
    import tty

INTERRUPT = "\x03"


class Keyboard:
    """While open, what is typed is read at once and not shown."""

    def __init__(self) -> None:
        self.present = sys.platform != "win32" and sys.stdin.isatty() and sys.stdout.isatty()

    def __enter__(self) -> Keyboard:
        if sys.platform != "win32" and self.present:
            descriptor = sys.stdin.fileno()
            self._before = termios.tcgetattr(descriptor)
            tty.setcbreak(descriptor)
            # Ctrl-C comes as a key: as a signal it would also end who stands between us and the terminal
            settings = termios.tcgetattr(descriptor)
            settings[3] &= ~termios.ISIG
            termios.tcsetattr(descriptor, termios.TCSADRAIN, settings)
        return self

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32" and self.present:
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)

    def read(self, patience: float) -> str:
        """What was typed within that time, "" when nothing was; Ctrl-C is KeyboardInterrupt."""
        if not self.present:
            time.sleep(patience)
            return ""
        descriptor = sys.stdin.fileno()
        if not select.select([descriptor], [], [], patience)[0]:
            return ""
        typed = os.read(descriptor, 64)
        if not typed:  # the terminal is gone
            raise KeyboardInterrupt
        text = typed.decode("utf-8", "replace")
        if INTERRUPT in text:
            raise KeyboardInterrupt
        return text
