"""The files that an assignment carries: the grader with all it needs, and what the learner is given.

Files are a mapping of relative paths to what is in them, so that the same ones make a folder or a zip.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from checks.classroom.models import Models
from lab.assignments import evidence, grader, who
from lab.paths import REPOSITORY, course_home

# What the grader imports that is not Python's own; the lock file knows what these ask for in their turn.
_PACKAGES: Final = ("aiohttp", "cryptography", "docker", "zstandard")
_LOCK = REPOSITORY / "requirements.lock"
_PARTS = (grader, evidence, who)
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip knows none before


@dataclass(frozen=True)
class File:
    content: bytes
    runs: bool = False  # whether it is a program


Files = Mapping[str, File]


def text(content: str, *, runs: bool = False) -> File:
    return File(content.encode("utf-8"), runs)


def template(name: str, **words: str) -> str:
    """One of the files beside this module, with `@word@` filled in."""
    found = (Path(__file__).parent / "files" / f"{name}.txt").read_text(encoding="utf-8")
    for word, value in words.items():
        found = found.replace(f"@{word}@", value)
    return found


def grader_kit(models: Models) -> dict[str, File]:
    """What `python -m lab.assignments.grader` needs to run somewhere else."""
    modules = [REPOSITORY / "lab" / "__init__.py", Path(__file__).with_name("__init__.py")]
    modules += [Path(str(part.__file__)) for part in _PARTS]
    files = {path.relative_to(REPOSITORY).as_posix(): File(path.read_bytes()) for path in modules}
    files |= {f"checks/{name}": file for name, file in _tree(REPOSITORY / "checks")}
    for unit in sorted(course_home().glob("*/unit.toml")):  # all: a unit names those that come before it
        files[f"course/{unit.parent.name}/unit.toml"] = File(unit.read_bytes())
    files["LICENSE"] = File((REPOSITORY / "LICENSE").read_bytes())
    files["requirements.txt"] = text("".join(_locked(_LOCK.read_text(encoding="utf-8"))))
    files[evidence.MODELS] = text(models.to_json())
    return files


def _tree(folder: Path) -> Iterator[tuple[str, File]]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and "__pycache__" not in inside.parts:
            yield inside.as_posix(), File(path.read_bytes())


def _locked(lock: str) -> Iterator[str]:
    """The entries of a lock file, hashes and all, for our packages and whatever they bring along.

    After each entry the file says in comments who asked for it (`# via …`).
    """
    entries = dict(_entries(lock))
    wanted = set(_PACKAGES)
    while more := {name for name, (_, askers) in entries.items() if askers & wanted} - wanted:
        wanted |= more
    return (entry for name, (entry, _) in entries.items() if name in wanted)


def _entries(lock: str) -> Iterator[tuple[str, tuple[str, set[str]]]]:
    for entry in re.findall(r"(?m)^[a-z0-9].*\n(?:[ ].*\n)*", lock):
        name = re.split(r"[=\[ ]", entry, maxsplit=1)[0]
        comments = re.findall(r"(?m)^ +# +(?:via )?([\w.-]+)", entry)
        locked = re.sub(r"(?m)^ +#.*\n", "", entry)
        yield name, (locked, set(comments))


def write(folder: Path, files: Files, keep: Iterable[str] = ()) -> tuple[str, ...]:
    """Puts them in a folder; those of `keep` that are there already with other content stay, and are told."""
    kept = []
    for name, file in files.items():
        path = folder / name
        if name in set(keep) and path.exists() and path.read_bytes() != file.content:
            kept.append(name)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(0o755 if file.runs else 0o644)
    return tuple(kept)


def zipped(files: Files) -> bytes:
    """The same files give the same bytes, on any machine and day."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, file in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.create_system = 3  # Unix, whose permissions these are
            entry.external_attr = (0o100755 if file.runs else 0o100644) << 16
            archive.writestr(entry, file.content)
    return target.getvalue()
