"""`pytest exercises/` lists each check of each unit as a test: exercises/50-push.ipynb::pushed.

The notebook only says which unit it is of: no cell of it is run or believed. It stays out of the way of
nbval, and an ordinary run of pytest pays for nothing here but the loading of this file.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from checks.report import Finding, Report
    from checks.unit import Unit

_LARGEST = 50 * 1024 * 1024  # a notebook with many pictures in it
_OUTSIDE = (
    "Isto está rodando fora do laboratório, e não sei a qual Docker Hub perguntar. No laboratório, rode:\n"
    "    lab executar -- pytest exercises/\n"
    "Para perguntar ao Docker Hub real, com o seu próprio Docker, rode: LAB_MODE=real pytest exercises/"
)
_reports = pytest.StashKey[dict[str, "Report"]]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".ipynb" or _is_for_nbval(parent.config):
        return None
    folder = _unit_of(file_path)
    # A copy under another name (the one of before a restart) is only checked when it is asked for.
    if folder is None or (file_path.stem != folder and not parent.session.isinitpath(file_path)):
        return None
    exercise: Exercise = Exercise.from_parent(parent, path=file_path)
    exercise.unit_id = folder.partition("-")[2]
    return exercise


def _is_for_nbval(config: pytest.Config) -> bool:
    return any(config.getoption(name, default=False) for name in ("nbval", "nbval_lax"))


def _unit_of(path: Path) -> str | None:
    """The folder of the unit that a notebook is the exercise of; what it says is not believed further."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        notebook = json.loads(path.read_text(encoding="utf-8"))
        noted = notebook["metadata"]["dockerhub_na_pratica"]
        return str(noted["unit"]) if noted["role"] == "exercises" else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


class Exercise(pytest.File):
    """The exercise of a unit; its tests are the unit's checks."""

    unit_id = ""

    def collect(self) -> Iterator[Check]:
        from checks.errors import BadUnit
        from checks.unit import load_unit

        try:
            unit = load_unit(self.unit_id)
        except BadUnit as error:
            raise self.CollectError(str(error)) from error
        for at, name in enumerate(_names([check.rule.name for check in unit.checks])):
            yield Check.from_parent(self, name=name, unit=unit, at=at)


def _names(rules: Sequence[str]) -> Iterator[str]:
    """The rules' own; one that comes again gets a number: pushed, pushed[2]."""
    seen: Counter[str] = Counter()
    for rule in rules:
        seen[rule] += 1
        yield rule if seen[rule] == 1 else f"{rule}[{seen[rule]}]"


class Check(pytest.Item):
    """One check of a unit; the whole unit is verified once, when its first check is run."""

    def __init__(self, *, unit: Unit, at: int, **settings: Any) -> None:
        super().__init__(**settings)
        self.unit, self.at = unit, at

    def setup(self) -> None:
        """What could not be verified is told here: for pytest that is an error, and not a failed test."""
        from checks.outcome import Outcome

        if "LAB_MODE" not in os.environ:
            pytest.fail(_OUTSIDE, pytrace=False)
        finding = self._finding()
        if finding.outcome in (Outcome.UNVERIFIABLE, Outcome.ERROR):
            pytest.fail(_sentences(finding), pytrace=False)

    def runtest(self) -> None:
        from checks.outcome import Outcome

        finding = self._finding()
        if finding.outcome is not Outcome.PASSED:
            pytest.fail(_sentences(finding), pytrace=False)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.unit.title}: {self.unit.checks[self.at].title}"

    def _finding(self) -> Finding:
        reports = self.session.stash.setdefault(_reports, {})
        if self.unit.id not in reports:
            from checks import progress, runner

            reports[self.unit.id] = runner.verify(self.unit)
            progress.save(reports[self.unit.id])
        return reports[self.unit.id].checks[self.at]


def _sentences(finding: Finding) -> str:
    head = f"{finding.title}: {finding.outcome.label}"
    return "\n".join(filter(None, [head, finding.message, finding.hint and f"Dica: {finding.hint}"]))
