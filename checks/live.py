"""A panel that checks again by itself after each docker command, while somebody wants it to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from checks import trail
from checks.trail import Debounce, Trail

TICK = 0.1
_THREAD = "live-panel"  # the watchers of this kernel are the threads of this name

# The one that watches for each unit: running a cell again must not leave two.
_watching: dict[str, Live] = {}


class Live:
    """Watches in a thread that ends with the kernel; at most one for each unit watches at a time."""

    def __init__(
        self,
        unit_id: str,
        check: Callable[[], None],
        on_stop: Callable[[], None],
        open_trail: Callable[[], Trail] = trail.here,
    ) -> None:
        """`check` must not raise; it runs in the thread. `on_stop` hears that nobody watches any more."""
        self._unit_id, self._check, self._on_stop, self._open = unit_id, check, on_stop, open_trail
        self._over: threading.Event | None = None

    def start(self) -> None:
        """Begins to watch; whoever watched for the same unit stops."""
        former = _watching.get(self._unit_id)
        if former not in (None, self):
            former.stop()
        _watching[self._unit_id] = self
        if self._over is None:
            self._over = over = threading.Event()
            trail = self._open()  # here, so that what comes next is after it for sure
            threading.Thread(target=self._watch, args=(over, trail), name=_THREAD, daemon=True).start()

    def stop(self) -> None:
        if self._over is not None:
            self._over.set()
            self._over = None
            self._on_stop()

    def _watch(self, over: threading.Event, trail: Trail) -> None:
        quiet = Debounce()
        while not over.wait(TICK):
            now = time.monotonic()
            if trail.moved():
                quiet.stir(now)
            if quiet.ripe(now):
                self._check()
        trail.close()
