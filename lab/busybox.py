"""The static busybox that docker-is-cool is made of: a program that needs nothing around it."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from lab.environment import search_path
from lab.errors import MissingProgram
from lab.paths import CACHE

CACHED = CACHE / "busybox"
PACKAGE = "busybox-static"
_PT_INTERP = 3  # the entry of an ELF file that asks for a dynamic loader
_IMPOSSIBLE = (
    "Para montar a imagem docker-is-cool falta um busybox estático, e não consegui baixá-lo ({why}). "
    "Instale o pacote busybox-static (no Debian e no Ubuntu: sudo apt-get install busybox-static) "
    "e rode `make preparar` de novo."
)


def find() -> Path | None:
    """The kept one, else a static one of this machine."""
    candidates = [CACHED]
    candidates += [Path(folder) / "busybox" for folder in search_path().split(os.pathsep)]
    return next((path for path in candidates if is_static(path)), None)


def require() -> Path:
    found = find()
    if found is None:
        raise MissingProgram(_IMPOSSIBLE.format(why="rode `make preparar`, que cuida disso"))
    return found


def obtain() -> Path:
    """Find it, or download the package and take the program out of it: nothing is installed."""
    found = find()
    if found is not None:
        return found
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg")
    if apt is None or dpkg is None:
        raise MissingProgram(_IMPOSSIBLE.format(why="esta máquina não tem apt-get"))
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # apt downloads as a user of its own
        _run([apt, "download", PACKAGE], folder)
        package = next(Path(folder).glob("*.deb"), None)
        if package is None:
            raise MissingProgram(_IMPOSSIBLE.format(why="o apt-get não trouxe o pacote"))
        _run([dpkg, "-x", str(package), "unpacked"], folder)
        program = next(
            (path for path in Path(folder).glob("unpacked/**/bin/busybox") if is_static(path)), None
        )
        if program is None:
            raise MissingProgram(_IMPOSSIBLE.format(why="o pacote veio sem ele"))
        _keep(program)
    return CACHED


def _run(command: list[str], folder: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise MissingProgram(_IMPOSSIBLE.format(why=lines[-1] if lines else "sem explicação"))


def _keep(program: Path) -> None:
    CACHED.parent.mkdir(exist_ok=True)
    draft = CACHED.with_suffix(".new")
    shutil.copyfile(program, draft)
    draft.chmod(0o755)
    draft.replace(CACHED)


def is_static(path: Path) -> bool:
    """Whether it is a 64-bit ELF program that asks for no dynamic loader."""
    try:
        with path.open("rb") as file:
            header = file.read(64)
            if len(header) < 64 or header[:5] != b"\x7fELF\x02":
                return False
            order = "<" if header[5] == 1 else ">"
            offset, size, count = (
                struct.unpack_from(f"{order}Q", header, 32)[0], *struct.unpack_from(f"{order}HH", header, 54),
            )  # fmt: skip
            file.seek(offset)
            table = file.read(size * count)
    except OSError:
        return False
    kinds = [struct.unpack_from(f"{order}I", table, index * size)[0] for index in range(count)]
    return bool(kinds) and _PT_INTERP not in kinds
