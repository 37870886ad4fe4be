"""The first process of the sandbox's container: runs a learner's cells and tells what came of each.

It is given to the container as one file and imports nothing of ours. The learner's code runs in a kernel,
another process of the same user, so whatever could be reached from there is put out of reach: the way out
(a copy of stdout that no child inherits), and this process's memory and files (not dumpable, so that /proc
shows them to nobody: https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html). As the first
process of its pid namespace it cannot be killed or stopped from inside it.

In:  {"nonce": text, "seconds": number, "cells": [text, …]}
Out: the nonce on a line, when the first cell can begin, and then
     {"schema": 1, "nonce": text, "cells": [{"outcome": …, "text": text, "error": text}, …]}
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

LONGEST_TEXT = 2_000  # letters of what a cell wrote
LONGEST_ERROR = 500
GRACE = 5  # seconds after which nobody waits for this process any more
_PR_SET_DUMPABLE = 4


class _Client(NotebookClient):
    """Keeps the beginning of what a cell writes, and reads the rest only to throw it away."""

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
        if msg["msg_type"] != "error" and sum(map(len, map(_text_of, outs))) > LONGEST_TEXT:
            return None
        return super().output(outs, msg, display_id, cell_index)


def main() -> None:
    way_out = os.dup(1)  # by default no child inherits it: https://peps.python.org/pep-0446/
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the only one for which Python has a handler of its own
    asked = json.load(sys.stdin)
    begun = Future[None]()

    def begin() -> None:
        os.write(way_out, f"{asked['nonce']}\n".encode())
        begun.set_result(None)

    # In the main thread, nbclient would have handlers for signals, and so the learner a way to stop us.
    work = ThreadPoolExecutor(1).submit(lambda: list(_run(asked["cells"], asked["seconds"], begin)))
    both: tuple[Future[Any], ...] = (begun, work)
    try:
        wait(both, return_when=FIRST_COMPLETED)  # for as long as whoever asked has patience
        cells = work.result(timeout=asked["seconds"] + GRACE)
        answer = json.dumps({"schema": 1, "nonce": asked["nonce"], "cells": cells}, ensure_ascii=False)
        with os.fdopen(way_out, "wb") as out:
            out.write(answer.encode("utf-8", "replace"))
    finally:
        os._exit(0)  # what the learner left running does not keep us; without an answer, nothing is believed


def _run(sources: list[str], seconds: float, begin: Callable[[], None]) -> Iterator[Mapping[str, str]]:
    """Time counts from when the kernel is up: it is not the learner who makes a machine slow."""
    client = _client(sources)
    stopped = ""
    with client.setup_kernel(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
        begin()
        end = time.monotonic() + seconds
        client.timeout_func = lambda _: max(1, int(end - time.monotonic()))
        for at, cell in enumerate(client.nb.cells):
            if stopped:
                yield {"outcome": "not_run", "text": "", "error": ""}
                continue
            outcome, error = _execute(client, cell, at)
            yield {"outcome": outcome, "text": _written(cell), "error": error[:LONGEST_ERROR]}
            stopped = outcome if outcome in ("too_slow", "died") else ""


def _client(sources: list[str]) -> _Client:
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "source": source, "metadata": {}, "execution_count": None, "outputs": []}
        for source in sources
    ]
    notebook = nbformat.from_dict({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})  # type: ignore[no-untyped-call]
    return _Client(
        notebook,
        shutdown_kernel="immediate",
        interrupt_on_timeout=False,
        store_widget_state=False,
        record_timing=False,
    )


def _execute(client: _Client, cell: Any, at: int) -> tuple[str, str]:
    try:
        client.execute_cell(cell, at)
    except CellExecutionError as error:
        return "failed", f"{error.ename}: {error.evalue}"
    except CellTimeoutError:
        return "too_slow", ""
    except DeadKernelError:
        return "died", ""
    return "ran", ""


def _written(cell: Any) -> str:
    return "".join(map(_text_of, cell.outputs))[:LONGEST_TEXT]


def _text_of(output: Any) -> str:
    if output.output_type == "stream":
        return str(output.text)
    text = output.get("data", {}).get("text/plain", "")
    return text if isinstance(text, str) else "".join(map(str, text))


if __name__ == "__main__":
    main()
