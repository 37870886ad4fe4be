"""Commands of the terminal in cells: `!command` runs through a plain pipe, and one without `!` gets a hint.

IPython gives such a command a terminal, so docker draws its progress by moving the cursor, and
JupyterLab ignores those moves (its renderer knows colours only): the learner would read the states
of the first moments on the wrong lines. Through a pipe docker writes one line for each state.
"""

import re
import subprocess
from typing import Any

_PROGRAM = r"(?:sudo\s+)?(?:docker|docker-compose|lab|curl)"
# What no Python has: a name right after a name. `docker in images` has, so its words are left out.
_COMMAND = re.compile(_PROGRAM + r"\s+(?!(?:in|is|and|or|not|if|else|for)\b)-{0,2}[a-zA-Z].*")
# What Python reads as one thing less another, and stumbles only over a name that it does not know.
_WITH_OPTIONS = re.compile(_PROGRAM + r"(\s+--?[a-zA-Z][\w\s-]*)?")
_ASKS = re.compile(
    r"docker login(?!.*--password-stdin)|docker (run|exec)\s.*-(it|ti)\b|lab (acompanhar|terminal)\b"
)
_HINT = (
    "\n💡 `{command}` é um comando do terminal, e uma célula só entende Python. "
    "Ponha `!` na frente e execute de novo:\n\n    !{command}"
)
_HINT_OF_THE_TERMINAL = (
    "\n💡 `{command}` é um comando que conversa com você, e uma célula não é o lugar para responder. "
    "Abra um terminal (botão +, depois Terminal) e digite-o lá."
)


def use_pipes(shell: Any) -> None:
    """Make `!command` in this IPython shell write line by line, and a command without its `!` get a hint.

    None, outside IPython, is left alone.
    """
    if shell is not None:
        # an instance's own `system` comes before the one of its class
        shell.system = lambda command: _run(shell, shell.var_expand(command, depth=1))
        shell.events.register("post_run_cell", _say_hint)


def hint(error: BaseException | None, cell: str) -> str:
    """What to do about a command that Python took for itself; "" for an error that is really Python's."""
    command = _command(error, cell)
    if not command:
        return ""
    return (_HINT_OF_THE_TERMINAL if _ASKS.search(command) else _HINT).format(command=command)


def _command(error: BaseException | None, cell: str) -> str:
    lines = [line.strip() for line in cell.splitlines()]
    if isinstance(error, SyntaxError):
        said = (error.text or "").strip()  # of the cell, or of something else that it reads
        return said if said in lines and _COMMAND.fullmatch(said) else ""
    if isinstance(error, NameError) and re.fullmatch(_PROGRAM, error.name or ""):
        return next((line for line in lines if _WITH_OPTIONS.fullmatch(line)), "")
    return ""


def _say_hint(result: Any) -> None:
    said = hint(result.error_before_exec or result.error_in_exec, result.info.raw_cell)
    if said:
        print(said)


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
