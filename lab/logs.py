"""`lab registros`: what the services wrote."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lab.errors import BadState, UsageError
from lab.paths import Home

OTHERS = ("supervisor", "universe")


def show(home: Home, service: str, lines: int, *, follow: bool) -> None:
    names = sorted(path.stem for path in home.logs.glob("*.log"))
    if not names:
        raise BadState(f"Ainda não há registros em {home.logs}: o laboratório nunca foi ligado aqui.")
    if service and service not in names:
        raise UsageError(f"Não há registro de `{service}`. Os que há: {', '.join(names)}.")
    chosen = [home.log(name) for name in ([service] if service else names) if name not in OTHERS or service]
    if follow:
        _follow(chosen, lines)
    for path in chosen:
        _print(path, lines, titled=not service)


def _print(path: Path, lines: int, *, titled: bool) -> None:
    last = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    if titled and last:
        print(f"== {path.stem} ==")
    for line in last:
        print(line)


def _follow(paths: list[Path], lines: int) -> None:
    tail = shutil.which("tail")
    if tail is None:
        raise UsageError("Para seguir um registro é preciso o programa tail.")
    os.execv(tail, [tail, "-n", str(lines), "-F", *map(str, paths)])  # noqa: S606
