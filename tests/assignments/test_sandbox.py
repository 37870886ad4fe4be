"""Hostile notebooks, really run in the lab's own engine: each has an outcome, and nothing gets out."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lab.assignments import container, inside, sandbox
from lab.errors import CannotRun
from tests.real_lab import Lab

SECONDS = 10  # for what would never end
_RUN = """
import json, sys
from dataclasses import asdict
from lab.assignments import sandbox
print(json.dumps(asdict(sandbox.run(json.load(sys.stdin), int(sys.argv[1])))))
"""
FORK_BOMB = """\
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
STUBBORN = """\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
MEMORY_HOG = "hoard = []\nwhile True:\n    hoard.append(bytearray(10_000_000))"
FLOOD = "while True:\n    print('x' * 1000)"
FLOOD_BELOW_PYTHON = "import os\nwhile True:\n    os.write(1, b'x' * 1000)"
FORGER = """\
import glob, json, os
answer = json.dumps({"schema": 1, "nonce": "?", "cells": [{"outcome": "ran", "text": "", "error": ""}] * 2})
print(answer)
for path in (*glob.glob("/proc/[0-9]*/fd/*"), "/proc/1/fd/1", "/dev/stdout", "/dev/console", "/inside.py"):
    try:
        with open(path, "w") as file:
            file.write(answer)
    except OSError:
        pass
"""
KILLER = """\
import os, signal
for number in range(1, signal.NSIG):
    try:
        os.kill(1, number)
    except OSError:
        pass
"""


@dataclass(frozen=True)
class Came:
    outcome: str
    message: str
    cells: list[dict[str, str]]

    @property
    def outcomes(self) -> list[str]:
        return [cell["outcome"] for cell in self.cells]


def run(lab: Lab, *cells: str, seconds: int = sandbox.SECONDS) -> Came:
    done = lab.run([sys.executable, "-c", _RUN, str(seconds)], text=json.dumps(cells))
    assert done.returncode == 0, done.stderr
    return Came(**json.loads(done.stdout))


@pytest.fixture(autouse=True)
def nothing_is_left(lab: Lab) -> Any:
    yield
    listed = lab.run(["docker", "ps", "-aq", "--filter", "name=lab-caderno"])
    assert listed.stdout == ""


def test_an_honest_notebook_runs(lab: Lab) -> None:
    came = run(lab, "a = 20\nprint('olá')", "a + 1", "!echo $((a + 1))", "from checks import exercicio")
    assert (came.outcome, came.message) == ("passed", "Todas as células de código rodaram: 4.")
    assert [cell["text"].strip() for cell in came.cells[:2]] == ["olá", "21"]


def test_a_cell_in_error_does_not_stop_the_others(lab: Lab) -> None:
    came = run(lab, "1 / 0", "print('adiante')")
    assert (came.outcome, came.outcomes) == ("failed", ["failed", "ran"])
    assert came.message == "Células que terminaram em erro: 1 de 2."
    assert came.cells[0]["error"] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize(
    ("cell", "outcomes", "said"),
    [
        pytest.param("while True:\n    pass", {"too_slow"}, "passou de 10 s", id="endless"),
        pytest.param(STUBBORN, {"too_slow"}, "passou de 10 s", id="stubborn"),
        pytest.param(MEMORY_HOG, {"died"}, "por pedir memória demais", id="memory"),
    ],
)
def test_what_takes_too_much_is_stopped_and_told(lab: Lab, cell: str, outcomes: set[str], said: str) -> None:
    began = time.monotonic()
    came = run(lab, "print('antes')", cell, "print('depois')", seconds=SECONDS)
    assert came.outcome == "failed"
    assert said in came.message
    assert came.outcomes[0] == "ran"
    assert came.outcomes[1] in outcomes
    assert came.outcomes[2] == "not_run"
    assert time.monotonic() - began < SECONDS + 120
    assert len(json.dumps(came.cells)) < 50_000


@pytest.mark.parametrize("bomb", [FORK_BOMB, FLOOD, FLOOD_BELOW_PYTHON], ids=["fork", "output", "raw-output"])
def test_a_bomb_takes_its_own_container_along_at_most(lab: Lab, bomb: str) -> None:
    came = run(lab, bomb, "print('depois')", seconds=SECONDS)
    assert came.outcome == "failed"
    assert came.outcomes in ([], ["too_slow", "not_run"], ["died", "not_run"])
    assert len(json.dumps(came.cells)) < 50_000
    assert run(lab, "1").outcome == "passed"


def test_a_result_cannot_be_forged(lab: Lab) -> None:
    came = run(lab, FORGER, "1 / 0")
    assert came.outcomes == ["ran", "failed"], "ours, and not what the learner wrote everywhere"


def test_the_first_process_cannot_be_stopped_or_read(lab: Lab) -> None:
    came = run(lab, KILLER, "open('/proc/1/mem', 'rb')", "import os; os.listdir('/proc/1/fd')")
    assert came.outcomes == ["ran", "failed", "failed"]
    assert all("PermissionError" in cell["error"] for cell in came.cells[1:])


def test_there_is_nothing_to_reach(lab: Lab) -> None:
    came = run(
        lab,
        "import os, socket\nprint(os.getuid(), os.path.exists('/var/run/docker.sock'))",
        f"print(os.path.exists({str(lab.home)!r}))",
        "print(sorted(name for _, name in socket.if_nameindex()))",
        "socket.create_connection(('1.1.1.1', 53), 2)",
        "open('/usr/x', 'w')",
        "open('/x', 'w')",
        "import subprocess\nsubprocess.run(['unshare', '-r', 'true'], check=True)",
    )
    assert [cell["text"].strip() for cell in came.cells[:3]] == ["65534 False", "False", "['lo']"]
    assert came.outcomes[3:] == ["failed"] * 4


def test_a_container_that_says_too_much_or_ends_alone_is_not_believed(lab: Lab) -> None:
    """What a learner who did get hold of the first process could make it do."""
    for program, said in (
        ("sys.stdout.write('x' * 5_000_000)", "nada do que veio foi aceito"),
        ("print('{}')", "nada do que veio foi aceito"),
        ("import os; os._exit(3)", "código de saída 3"),
        ("import time; time.sleep(600)", "passou de 5 s"),
    ):
        began = time.monotonic()
        done = lab.run([sys.executable, "-c", _HIJACKED, f"{_BEGUN}; {program}"])
        assert done.returncode == 0, done.stderr
        came = Came(**json.loads(done.stdout))
        assert (came.outcome, came.cells) == ("failed", [])
        assert said in came.message
        assert time.monotonic() - began < 120


# No cell runs before this is told.
_BEGUN = "import json, sys; print(json.load(sys.stdin)['nonce'], flush=True)"
_HIJACKED = """
import json, sys, tempfile
from dataclasses import asdict
from lab.assignments import container, inside, sandbox
with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
    file.write(sys.argv[1])
    file.flush()
    __import__("os").chmod(file.name, 0o644)
    inside.__file__ = file.name
    container.TO_END = 5
    print(json.dumps(asdict(sandbox.run(sys.argv[2:] or ["1"], 5))))
"""


def test_a_machine_that_is_slow_to_begin_takes_no_time_of_the_notebooks(lab: Lab) -> None:
    program = Path(inside.__file__).read_text(encoding="utf-8")
    program = program.replace(
        "    with client.setup_kernel(", "    time.sleep(7)\n    with client.setup_kernel("
    )
    done = lab.run([sys.executable, "-c", _HIJACKED, program, "import time; time.sleep(3)"])
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "passed"


def test_a_notebook_without_code_was_not_tried() -> None:
    ran = sandbox.run([])
    assert (ran.outcome.exit_code, ran.cells) == (4, ())
    assert "nenhuma célula de código" in ran.message


GOOD = {"schema": 1, "nonce": "n", "cells": [{"outcome": "ran", "text": "", "error": ""}]}


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"\xff",
        json.dumps({**GOOD, "nonce": "other"}).encode(),
        json.dumps({**GOOD, "nonce": "\ud800"}).encode(),
        json.dumps({**GOOD, "schema": 2}).encode(),
        json.dumps({**GOOD, "cells": []}).encode(),
        json.dumps({**GOOD, "cells": GOOD["cells"] * 2}).encode(),  # type: ignore[operator]
        json.dumps({**GOOD, "more": 1}).encode(),
        json.dumps({**GOOD, "cells": [{"outcome": "graded", "text": "", "error": ""}]}).encode(),
        json.dumps({**GOOD, "cells": [{"outcome": "ran", "text": "x" * 3000, "error": ""}]}).encode(),
        json.dumps({**GOOD, "cells": [{"outcome": "ran", "text": 1, "error": ""}]}).encode(),
    ],
)
def test_an_answer_that_is_not_to_the_letter_is_none(answer: bytes) -> None:
    assert sandbox._cells(answer, "n", 1) is None
    assert sandbox._cells(json.dumps(GOOD).encode(), "n", 1) == (sandbox.Cell("ran", "", ""),)


def test_the_largest_answer_fits() -> None:
    cell = {"outcome": "too_slow", "text": "🐳" * inside.LONGEST_TEXT, "error": "🐳" * inside.LONGEST_ERROR}
    answer = {**GOOD, "cells": [cell] * sandbox.MOST_CELLS}
    encoded = json.dumps(answer, ensure_ascii=False).encode()
    assert len(encoded) <= container.LARGEST_ANSWER
    assert sandbox._cells(encoded, "n", sandbox.MOST_CELLS) is not None


def test_an_engine_that_knows_no_limits_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    told = json.dumps({"OSType": "linux", "MemoryLimit": True, "PidsLimit": False, "CpuCfsQuota": True})
    done = subprocess.CompletedProcess[bytes]([], 0, told.encode(), b"")
    monkeypatch.setattr(container, "_docker", lambda *arguments, **given: done)
    with pytest.raises(CannotRun, match="não sabe limitar processos"):
        sandbox.run(["1"])
