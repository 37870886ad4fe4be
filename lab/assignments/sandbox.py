"""Runs a learner's notebook in a container of the teacher's engine, and believes nothing that comes out.

No network, no engine's socket, no way to more rights, a user who owns nothing, files that can only be read
but for a small /tmp in memory; memory, processes, processor and time are bounded, and an engine that cannot
bound one of them is not used. Only JSON of a bounded size comes back, held against a schema; it has to know
a number that was told to the container's first process alone (lab.assignments.inside).

The image is an empty folder tree that the engine makes from a tar of some 10 kB, so it needs no internet:
the system's programs, this Python and its packages, `checks` and the course are this machine's own, mounted
for reading only.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import jsonschema  # type: ignore[import-untyped]

from checks.outcome import Outcome
from lab.assignments import inside
from lab.errors import CannotRun
from lab.paths import REPOSITORY, course_home

SECONDS: Final = 60
LARGEST_ANSWER: Final = 4 * 1024 * 1024  # of as many cells as there may be, with as much text, in UTF-8
MOST_CELLS: Final = 300
_NOBODY = 65_534
_TO_START = 20  # seconds for an engine that is busy with others
_TO_END = 10
_NAME = "lab-caderno"
_PROGRAM = Path("/inside.py")
_OUTCOMES = ("ran", "failed", "too_slow", "died", "not_run")
_CELL = {
    "type": "object",
    "properties": {
        "outcome": {"enum": list(_OUTCOMES)},
        "text": {"type": "string", "maxLength": inside.LONGEST_TEXT},
        "error": {"type": "string", "maxLength": inside.LONGEST_ERROR},
    },
    "required": ["outcome", "text", "error"],
    "additionalProperties": False,
}
_ANSWER = {
    "type": "object",
    "properties": {
        "schema": {"const": 1},
        "nonce": {"type": "string"},
        "cells": {"type": "array", "maxItems": MOST_CELLS, "items": _CELL},
    },
    "required": ["schema", "nonce", "cells"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Cell:
    """What came of one cell: `outcome` is ran, failed, too_slow, died or not_run."""

    outcome: str
    text: str
    error: str


@dataclass(frozen=True)
class Ran:
    """What came of a notebook; `message` is for the teacher."""

    outcome: Outcome
    message: str
    cells: tuple[Cell, ...] = field(default=())


def run(sources: Sequence[str], seconds: int = SECONDS) -> Ran:
    """Runs the code cells of a notebook, in order. CannotRun when this machine has no such sandbox."""
    if len(sources) > MOST_CELLS:
        return Ran(Outcome.FAILED, f"O caderno tem mais de {MOST_CELLS} células de código, e não foi rodado.")
    _require_limits()
    image, nonce = _image(), secrets.token_hex(16)
    question = json.dumps({"nonce": nonce, "seconds": seconds, "cells": list(sources)}).encode()
    answer, code = _asked(image, question, seconds + inside.GRACE + _TO_START)
    if answer is None:
        return Ran(Outcome.FAILED, f"O caderno passou de {seconds} s e foi interrompido.")
    cells = _cells(answer, nonce, len(sources))
    if cells is None:
        return Ran(Outcome.FAILED, _NO_ANSWER.format(code=code))
    return _judged(cells, seconds)


def _judged(cells: tuple[Cell, ...], seconds: int) -> Ran:
    outcomes = {cell.outcome for cell in cells}
    if "died" in outcomes:
        return Ran(Outcome.FAILED, _DIED, cells)
    if "too_slow" in outcomes:
        return Ran(Outcome.FAILED, f"O caderno passou de {seconds} s e foi interrompido.", cells)
    failed = sum(cell.outcome == "failed" for cell in cells)
    if failed:
        return Ran(Outcome.FAILED, f"Células que terminaram em erro: {failed} de {len(cells)}.", cells)
    return Ran(Outcome.PASSED, f"Todas as células de código rodaram: {len(cells)}.", cells)


def _cells(answer: bytes, nonce: str, how_many: int) -> tuple[Cell, ...] | None:
    """None for whatever our own program cannot have written."""
    try:
        found = json.loads(answer)
        jsonschema.validate(found, _ANSWER)
    except (ValueError, RecursionError, jsonschema.ValidationError):
        return None
    if len(found["cells"]) != how_many or found["nonce"] != nonce:
        return None
    return tuple(
        Cell(cell["outcome"], _clean(cell["text"]), _clean(cell["error"])) for cell in found["cells"]
    )


def _clean(text: str) -> str:
    """JSON may hold halves of letters, which nothing can write."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _asked(image: str, question: bytes, patience: float) -> tuple[bytes | None, int]:
    """What the container wrote and how it ended: nothing if it wrote too much, None when too late."""
    container = _created(image)
    with tempfile.TemporaryFile() as stdin, ThreadPoolExecutor(1) as pool:
        stdin.write(question)
        stdin.seek(0)
        attached = ["docker", "start", "--attach", "--interactive", container]
        process = subprocess.Popen(attached, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout  # noqa: S101 (a pipe was asked for)
        reading = pool.submit(process.stdout.read, LARGEST_ANSWER + 1)
        try:
            answer = reading.result(timeout=patience)
            code = process.wait(timeout=_TO_END)
            return (answer, code) if len(answer) <= LARGEST_ANSWER else (b"", code)
        except TimeoutError:
            return None, 0
        except subprocess.TimeoutExpired:
            return b"", 0
        finally:
            process.kill()  # first, for the engine does not let go of a container that somebody listens to
            process.wait()
            _docker("rm", "--force", "--volumes", container)


def _created(image: str) -> str:
    """Its id, before it runs: so that whatever happens then, it can be taken away."""
    made = _docker(*_command(image))
    if made.returncode != 0:
        raise CannotRun(_NOT_RUN.format(said=made.stderr.decode(errors="replace").strip()))
    return made.stdout.decode().strip()


def _command(image: str) -> list[str]:
    limits = {
        "--name": f"{_NAME}-{secrets.token_hex(6)}",
        "--network": "none",
        "--user": f"{_NOBODY}:{_NOBODY}",
        "--cap-drop": "ALL",
        "--security-opt": "no-new-privileges",
        "--memory": "512m",
        "--memory-swap": "512m",
        "--pids-limit": "64",
        "--cpus": "1",
        "--ulimit": "core=0",
        "--ipc": "none",
        "--log-driver": "none",  # what is written goes to us alone, and not to the engine's disk
        "--tmpfs": "/tmp:size=64m",  # noqa: S108 (the container's own)
        "--workdir": "/tmp",  # noqa: S108
    }
    settings = {"HOME": "/tmp", "LANG": "C.UTF-8", "COURSE_HOME": str(course_home())}  # noqa: S108
    return [
        *("create", "--rm", "--interactive", "--read-only", "--pull", "never"),
        *(f"{option}={value}" for option, value in limits.items()),
        *(f"--env={variable}={value}" for variable, value in settings.items()),
        *(f"--mount=type=bind,readonly,src={source},dst={target}" for source, target in _mounts().items()),
        *(image, sys.executable, "-I", str(_PROGRAM)),
    ]


def _mounts() -> Mapping[Path, Path]:
    """What of this machine is seen in there, and where; never the project's folder, which has secrets."""
    python = [Path(sys.base_prefix), Path(sys.executable).resolve().parents[1], Path(sys.prefix)]
    seen = [*_system(), *python, REPOSITORY / "checks", course_home()]
    loader = Path("/etc/ld.so.cache")
    below_usr = [path for path in seen if not path.is_relative_to("/usr") or path == Path("/usr")]
    found = {path: path for path in [*below_usr, loader] if path.exists()}
    return {**found, Path(inside.__file__): _PROGRAM}


def _system() -> list[Path]:
    return [path for path in _roots() if not path.is_symlink()]


def _roots() -> list[Path]:
    return [path for name in ("usr", "bin", "lib", "lib32", "lib64") if (path := Path("/", name)).exists()]


def _image() -> str:
    """The name of the image, made if this engine does not have it yet."""
    archive = _tree()
    image = f"{_NAME}:{hashlib.sha256(archive).hexdigest()[:12]}"
    if _docker("image", "inspect", image).returncode != 0:
        made = _docker("import", "-", image, given=archive)
        if made.returncode != 0:
            raise CannotRun(_NOT_RUN.format(said=made.stderr.decode(errors="replace").strip()))
    return image


def _tree() -> bytes:
    """A tar with /tmp, a name for the user, and the links that this system has at its root."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, mode in (("tmp", 0o1777), ("etc", 0o755)):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, mode
            tar.addfile(folder)
        users = f"aluno:x:{_NOBODY}:{_NOBODY}::/tmp:/bin/false\n".encode()
        entry = tarfile.TarInfo("etc/passwd")
        entry.size, entry.mode = len(users), 0o644
        tar.addfile(entry, io.BytesIO(users))
        for path in _roots():
            if path.is_symlink():
                link = tarfile.TarInfo(path.name)
                link.type, link.linkname = tarfile.SYMTYPE, str(path.readlink())
                tar.addfile(link)
    return target.getvalue()


def _require_limits() -> None:
    done = _docker("info", "--format", "{{json .}}")
    if done.returncode != 0:
        raise CannotRun(_NOT_RUN.format(said=done.stderr.decode(errors="replace").strip()))
    about: Mapping[str, Any] = json.loads(done.stdout)
    missing = [name for key, name in _LIMITS.items() if not about.get(key)]
    if about.get("OSType") != "linux" or missing:
        raise CannotRun(_NO_LIMITS.format(missing=", ".join(missing) or "nada"))


def _docker(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["docker", *arguments], input=given, capture_output=True, check=False)


_LIMITS = {"MemoryLimit": "memória", "PidsLimit": "processos", "CpuCfsQuota": "processador"}
_NO_LIMITS = (
    "O motor do Docker desta máquina não sabe limitar {missing} de um contêiner, "
    "e por isso o caderno do aluno não foi rodado. Rode-o em outra máquina, com Linux."
)
_NOT_RUN = (
    "O motor do Docker não abriu o contêiner em que o caderno rodaria ({said}). "
    "Veja se o laboratório está ligado, com `lab status`, e repita."
)
_DIED = "O caderno derrubou o kernel: quase sempre, por pedir memória demais (o limite é 512 MB)."
_NO_ANSWER = (
    "O caderno derrubou o contêiner, ou tentou responder no lugar dele, e nada do que veio foi aceito "
    "(código de saída {code})."
)
