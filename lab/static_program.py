"""Programs of Debian's packages that need nothing around them, so that an image can be made of one alone."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lab.environment import search_path
from lab.errors import MissingProgram
from lab.paths import CACHE

_PT_INTERP = 3  # the entry of an ELF file that asks for a dynamic loader


@dataclass(frozen=True)
class StaticProgram:
    name: str  # of the program's file, in the package and on a machine
    package: str  # on Debian and Ubuntu
    image: str  # what is made of it

    @property
    def kept(self) -> Path:
        return CACHE / self.name

    def missing(self, why: str) -> MissingProgram:
        return MissingProgram(
            f"Para montar a imagem {self.image} falta um {self.name} estático, e não consegui baixá-lo "
            f"({why}). "
            f"Instale o pacote {self.package} (no Debian e no Ubuntu: sudo apt-get install {self.package}) "
            "e rode `make preparar` de novo."
        )


BUSYBOX = StaticProgram("busybox", "busybox-static", "docker-is-cool")
BASH = StaticProgram("bash-static", "bash-static", "bash")


def find(program: StaticProgram) -> Path | None:
    """The kept one, else a static one of this machine."""
    folders = search_path().split(os.pathsep)
    candidates = [program.kept, *(Path(folder) / program.name for folder in folders)]
    return next((path for path in candidates if is_static(path)), None)


def require(program: StaticProgram) -> Path:
    found = find(program)
    if found is None:
        raise program.missing("rode `make preparar`, que cuida disso")
    return found


def obtain(program: StaticProgram) -> Path:
    """Find it, or download the package and take the program out of it: nothing is installed."""
    found = find(program)
    if found is not None:
        return found
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg")
    if apt is None or dpkg is None:
        raise program.missing("esta máquina não tem apt-get")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # apt downloads as a user of its own
        _run(program, [apt, "download", program.package], folder)
        package = next(Path(folder).glob("*.deb"), None)
        if package is None:
            raise program.missing("o apt-get não trouxe o pacote")
        _run(program, [dpkg, "-x", str(package), "unpacked"], folder)
        unpacked = Path(folder).glob(f"unpacked/**/bin/{program.name}")
        brought = next((path for path in unpacked if is_static(path)), None)
        if brought is None:
            raise program.missing("o pacote veio sem ele")
        _keep(brought, program.kept)
    return program.kept


def _run(program: StaticProgram, command: list[str], folder: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise program.missing(lines[-1] if lines else "sem explicação")


def _keep(found: Path, kept: Path) -> None:
    kept.parent.mkdir(exist_ok=True)
    draft = kept.with_suffix(".new")
    shutil.copyfile(found, draft)
    draft.chmod(0o755)
    draft.replace(kept)


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
