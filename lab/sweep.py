"""`lab faxina`: frees what the registry keeps of images that were deleted.

Deleting an image only unlinks it; its layers go when the registry collects its garbage, while it is stopped.
Nothing but what no tag or index leads to is taken: `--delete-untagged` would take the images of indexes in
2.8 (https://github.com/distribution/distribution/issues/3178). The registry is started again afterwards,
because it remembers layers that are gone (issue 2945 there).
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from lab import health, registry, services, supervisor, tools, typed
from lab.errors import LabDown, ServiceFailed, UsageError
from lab.identity import Person, as_root, can_be_root
from lab.paths import Home
from lab.state import Lab

_PATIENCE = 30.0  # seconds for the registry to answer again
_YOUNG = 60 * 60  # seconds: a first push may still be on its way


@dataclass(frozen=True)
class Swept:
    """Bytes in the registry's folder, before and after."""

    before: int
    after: int

    def __str__(self) -> str:
        freed = max(self.before - self.after, 0)
        if not freed:
            return "Não havia nada a limpar: tudo o que o registry guarda ainda serve a alguma tag."
        return f"A faxina liberou {_readable(freed)}. O registry guarda agora {_readable(self.after)}."


def sweep(home: Home, lab: Lab, person: Person) -> Swept:
    """With the lab on or off. Raises ServiceFailed when something did not go well; nothing in use is lost."""
    if lab.mode == "real" or lab.server:
        raise UsageError("A faxina é do registry deste laboratório, e ele não está usando um registry seu.")
    data = home / "registry" / "data"
    with _stopped(home, lab):
        before = _size(data)
        for folder in _left_behind(data, time.time() - _YOUNG):
            shutil.rmtree(folder)
        _collect(home, person)
        return Swept(before, _size(data))


@contextmanager
def _stopped(home: Home, lab: Lab) -> Iterator[None]:
    """The hub's gate answers 503 meanwhile, and docker tries again by itself."""
    try:
        supervisor.call(home, "stopProcess", "registry", True)
    except LabDown:
        yield  # nobody is using it
        return
    except supervisor.Refused as refused:
        raise ServiceFailed(
            "O registry não pôde ser desligado agora. Tente de novo em um minuto."
        ) from refused
    try:
        yield
    finally:
        supervisor.call(home, "startProcess", "registry", True)
        _wait(home, lab)


def _wait(home: Home, lab: Lab) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        process = next(one for one in supervisor.processes(home) if one.name == "registry")
        if health.ask(home, lab, process).healthy:
            return
        time.sleep(0.1)
    raise ServiceFailed(
        f"O registry não voltou a responder. Veja o que ele escreveu: {typed.lab()} registros registry"
    )


def _left_behind(data: Path, before: float) -> Iterator[Path]:
    """The folders of repositories without any tag, which nobody has pushed to for a while."""
    repositories = data / "docker" / "registry" / "v2" / "repositories"
    for manifests in sorted(repositories.glob("*/*/_manifests")):
        tags = manifests / "tags"
        if not (tags.is_dir() and any(tags.iterdir())) and _last_change(manifests.parent) < before:
            yield manifests.parent


def _last_change(folder: Path) -> float:
    return max(path.stat().st_mtime for path in (folder, *folder.rglob("*")))


def _collect(home: Home, person: Person) -> None:
    command = [tools.require(tools.REGISTRY), "garbage-collect", str(registry.config_path(home))]
    if can_be_root():
        command = [*services.drop_to(person), *command]
    with as_root() if can_be_root() else nullcontext():
        done = subprocess.run(
            command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:]
        raise ServiceFailed(
            "O registry não conseguiu fazer a faxina, e nada se perdeu. "
            + "".join(f"A última linha que deixou: «{line[:300]}»." for line in last)
        )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _readable(size: int) -> str:
    if size < 1_000_000:
        return f"{size / 1_000:.1f} kB".replace(".", ",")
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
