"""Runs each lesson and each solution alone, in a lab where nothing was done before: too long for every run.

    python -m tests.notebooks.alone classic
    python -m tests.notebooks.alone containerd

What a cell shows may differ from what is committed, which comes from a whole course; no cell may fail.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from checks.place import REPOSITORY
from checks.unit import load_course
from lab.author import notebook as nb
from lab.author.derive import LESSONS, SOLUTIONS
from lab.author.execute import copy_starter
from lab.author.throwaway import throwaway_lab
from tests.notebooks.nbval import Verdict, validate
from tests.stores import CLASSIC, CONTAINERD

STORES = {"classic": CLASSIC, "containerd": CONTAINERD}


def main(store: str) -> int:
    os.environ.update(STORES[store])
    bad = 0
    for unit in load_course():
        for role in (LESSONS, SOLUTIONS):
            verdicts = list(alone(unit.folder, role))
            failed = [one for one in verdicts if one.outcome != "passed"]
            bad += len(failed) + (not verdicts)
            print(
                f"{role}/{unit.folder.name}: {len(verdicts) - len(failed)} of {len(verdicts)} cells",
                flush=True,
            )
            for one in failed:
                print(f"{one.cell}\n{one.detail}", flush=True)
    return 1 if bad else 0


def alone(unit: Path, role: str) -> Iterator[Verdict]:
    """The verdicts on one notebook beside its starter files; what its cells show is not compared."""
    with tempfile.TemporaryDirectory() as folder, throwaway_lab() as lab:
        place = Path(folder) / unit.name
        place.mkdir()
        copy_starter(unit, place)
        notebook = nb.load((REPOSITORY / role / f"{unit.name}.ipynb").read_text(encoding="utf-8"))
        for cell in nb.code_cells(notebook):
            cell.metadata.setdefault("tags", []).append("nbval-ignore-output")
        path = place / f"{role}.ipynb"
        path.write_text(nb.dump(notebook), encoding="utf-8")
        yield from validate([path], Path(folder), lab.run, "lab.author.nbval_steps")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
