"""Verbs of `lab`, one after another in one process in the lab: starting Python costs more than a verb does.

Each line that comes in is a list of what was typed; each that goes out, the code, stdout and stderr of it.
"""

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout

from lab.cli import run


def answer(typed: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(typed)
    return code, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
