"""Runs the `!command` of a cell through a plain pipe.

IPython gives such a command a terminal, so docker draws its progress by moving the cursor, and
JupyterLab ignores those moves (its renderer knows colours only): the learner would read the states
of the first moments on the wrong lines. Through a pipe docker writes one line for each state.
"""

import subprocess
from typing import Any


def use_pipes(shell: Any) -> None:
    """Make `!command` in this IPython shell write line by line; None, outside IPython, is left alone."""
    if shell is not None:
        # an instance's own `system` comes before the one of its class
        shell.system = lambda command: _run(shell, shell.var_expand(command, depth=1))


def _run(shell: Any, command: str) -> None:
    process = subprocess.Popen(  # noqa: S602  # a shell line is what the learner wrote
        command,
        shell=True,
        stdin=subprocess.DEVNULL,  # a question would wait for ever: a cell cannot answer
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    with process:
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
        except KeyboardInterrupt:
            process.terminate()
    shell.user_ns["_exit_code"] = process.returncode
