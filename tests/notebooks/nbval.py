"""Runs notebooks under nbval in one pytest of their own, apart from the configuration of this one."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.place import REPOSITORY

SANITIZE = REPOSITORY / "course" / "sanitize.cfg"
Run = Callable[[Sequence[str]], object]


@dataclass(frozen=True)
class Verdict:
    """What nbval said of one cell: `outcome` is passed, failed or skipped."""

    notebook: str
    cell: str
    outcome: str
    detail: str


def validate(notebooks: Sequence[Path], home: Path, run: Run, *plugins: str) -> tuple[Verdict, ...]:
    """The verdict on every code cell, in the order of the notebooks."""
    (home / "pytest.ini").write_text("[pytest]\njunit_family = xunit1\n", encoding="utf-8")
    report = home / "nbval.xml"
    words = [
        "-c",
        str(home / "pytest.ini"),
        "--rootdir",
        str(home),
        "-p",
        "no:cacheprovider",
        "-p",
        "no:django",
    ]
    extra = [word for plugin in ("lab.author.sockets", *plugins) for word in ("-p", plugin)]
    nbval = ["--nbval", "--nbval-sanitize-with", str(SANITIZE), "--nbval-cell-timeout", "300"]
    paths = [str(path) for path in notebooks]
    run([sys.executable, "-m", "pytest", "-q", *words, *extra, *nbval, f"--junitxml={report}", *paths])
    return tuple(_verdict(case) for case in ET.parse(report).iter("testcase"))  # noqa: S314 (pytest wrote it)


def here(environment: dict[str, str]) -> Run:
    """Run in this process's own world, with these variables besides."""

    def run(command: Sequence[str]) -> object:
        return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=False)

    return run


def _verdict(case: ET.Element) -> Verdict:
    outcomes = {"failure": "failed", "error": "failed", "skipped": "skipped"}
    bad = next((child for child in case if child.tag in outcomes), None)
    outcome, detail = (outcomes[bad.tag], bad.text or "") if bad is not None else ("passed", "")
    return Verdict(case.get("file", ""), case.get("name", ""), outcome, detail)
