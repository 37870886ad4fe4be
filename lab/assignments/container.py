"""The container of the teacher's engine in which a learner's notebook runs, and what is heard from it.

The image is an empty folder tree that the engine makes from a tar of some 10 kB, so it needs no internet:
the system's programs, this Python and its packages, `checks` and the course are this machine's own, mounted
for reading only.

Until the program in there says that it begins, nothing of the learner's has run: what goes wrong before is
the engine's or the machine's, and CannotRun.
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
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from lab.assignments import inside
from lab.errors import CannotRun, MissingProgram
from lab.paths import REPOSITORY, course_home

LARGEST_ANSWER: Final = 4 * 1024 * 1024  # of as many cells as there may be, with as much text, in UTF-8
PATIENCE = 60  # seconds for whatever else is asked of an engine that is busy with others
TO_START = 60  # seconds until the program in there says that it begins
TO_END = 10
_NOBODY = 65_534
_NAME = "lab-caderno"
_PROGRAM = Path("/inside.py")
_LONGEST_COMPLAINT = 500


def require() -> None:
    """CannotRun for an engine that does not answer, or that cannot bound what a container takes."""
    try:
        about: Mapping[str, Any] = json.loads(_done("info", "--format", "{{json .}}"))
    except ValueError:
        raise _not_run(b"docker info") from None
    missing = [name for key, name in _LIMITS.items() if not about.get(key)]
    if about.get("OSType") != "linux" or missing:
        raise CannotRun(_NO_LIMITS.format(missing=", ".join(missing) or "nada"))


def ask(question: bytes, hello: bytes, seconds: float) -> tuple[bytes | None, int]:
    """What the program wrote after the line `hello`, and how it ended: nothing if too much, None if too late.

    The seconds count from `hello`; CannotRun when that never came.
    """
    image, name = _image(), f"{_NAME}-{secrets.token_hex(6)}"
    try:
        _done(*_command(image, name))
        return _attached(name, question, hello, seconds)
    finally:
        # Also when it is not sure that it was made. It was killed, and goes by itself if this takes too long.
        with suppress(CannotRun):
            _docker("rm", "--force", "--volumes", name)


def _attached(name: str, question: bytes, hello: bytes, seconds: float) -> tuple[bytes | None, int]:
    command = ["docker", "start", "--attach", "--interactive", name]
    with tempfile.TemporaryFile() as stdin, ThreadPoolExecutor(1) as pool:
        stdin.write(question)
        stdin.seek(0)
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=stdin, stdout=pipe, stderr=pipe) as process:
            try:
                _begun(process, pool, hello)
                return _heard(process, pool, seconds)
            finally:
                process.kill()  # for the engine does not let go of a container that somebody listens to


def _begun(process: subprocess.Popen[bytes], pool: ThreadPoolExecutor, hello: bytes) -> None:
    try:
        line = pool.submit(_stream(process.stdout).readline, len(hello)).result(timeout=TO_START)
    except TimeoutError:
        raise _too_slow(TO_START) from None
    if line != hello:
        process.kill()
        said = _stream(process.stderr).read(_LONGEST_COMPLAINT)
        raise _not_run(said or b"docker start")


def _heard(
    process: subprocess.Popen[bytes], pool: ThreadPoolExecutor, seconds: float
) -> tuple[bytes | None, int]:
    reading = pool.submit(_stream(process.stdout).read, LARGEST_ANSWER + 1)
    try:
        answer = reading.result(timeout=seconds + TO_END)
        code = process.wait(timeout=TO_END)
    except TimeoutError:
        return None, 0
    except subprocess.TimeoutExpired:
        return b"", 0
    return (answer, code) if len(answer) <= LARGEST_ANSWER else (b"", code)


def _stream(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe  # noqa: S101 (it was asked for)
    return pipe


def _command(image: str, name: str) -> list[str]:
    limits = {
        "--name": name,
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
        _done("import", "-", image, given=archive)
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


def _done(*arguments: str, given: bytes = b"") -> bytes:
    """What the engine answered; CannotRun with its own words when it did not do it."""
    done = _docker(*arguments, given=given)
    if done.returncode != 0:
        raise _not_run(done.stderr or f"docker {arguments[0]}".encode())
    return done.stdout


def _docker(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["docker", *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=False, timeout=PATIENCE)
    except FileNotFoundError:
        raise MissingProgram(_NO_DOCKER) from None
    except subprocess.TimeoutExpired:
        raise _too_slow(PATIENCE) from None


def _not_run(said: bytes) -> CannotRun:
    return CannotRun(_NOT_RUN.format(said=said.decode(errors="replace").strip()[:_LONGEST_COMPLAINT]))


def _too_slow(seconds: float) -> CannotRun:
    return CannotRun(_TOO_SLOW.format(seconds=seconds))


_LIMITS = {"MemoryLimit": "memória", "PidsLimit": "processos", "CpuCfsQuota": "processador"}
_NO_LIMITS = (
    "O motor do Docker desta máquina não sabe limitar {missing} de um contêiner, "
    "e por isso o caderno do aluno não foi rodado. Rode-o em outra máquina, com Linux."
)
_NOT_RUN = (
    "O motor do Docker não abriu o contêiner em que o caderno rodaria ({said}). O caderno não tem culpa. "
    "Veja se o laboratório está ligado, com `lab status`, e repita."
)
_TOO_SLOW = (
    "O motor do Docker demorou demais, mais de {seconds} s, para abrir o contêiner em que o caderno rodaria. "
    "O caderno não tem culpa. Espere esta máquina ficar menos ocupada e repita."
)
_NO_DOCKER = (
    "Falta o comando `docker` nesta máquina, e sem ele o caderno não pode ser rodado. "
    "Para ver tudo o que falta: lab diagnostico"
)
