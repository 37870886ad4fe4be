"""The last report of each unit stays in the lab's folder."""

from pathlib import Path

import pytest

from checks import progress
from checks.outcome import Outcome
from checks.report import Finding, Report


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAB_HOME", str(tmp_path / ".lab"))
    return tmp_path / ".lab"


def report(unit: str, outcome: Outcome = Outcome.PASSED) -> Report:
    return Report(unit, "Título", "ana", (Finding("pushed", "t", outcome, 2, "Mensagem."),))


def test_what_is_saved_comes_back(home: Path) -> None:
    kept = report("push")
    assert progress.save(kept) == home / "reports" / "push.json"
    assert progress.load("push") == kept
    assert progress.load("tag") is None


def test_the_last_one_stays_and_no_draft_is_left(home: Path) -> None:
    progress.save(report("push", Outcome.FAILED))
    last = report("push")
    progress.save(last)
    assert progress.load("push") == last
    assert [path.name for path in (home / "reports").iterdir()] == ["push.json"]


def test_all_by_unit(home: Path) -> None:
    for unit in ("tag", "push"):
        progress.save(report(unit))
    assert set(progress.load_all()) == {"push", "tag"}


def test_what_is_forgotten_is_to_be_done_again(home: Path) -> None:
    for unit in ("tag", "push"):
        progress.save(report(unit))
    for _ in range(2):
        progress.forget("push")
        assert set(progress.load_all()) == {"tag"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 9}', '{"schema": 1}', "null", "\udcff"])
def test_a_file_that_is_no_report_is_as_if_absent(home: Path, text: str) -> None:
    progress.save(report("tag"))
    (home / "reports" / "push.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    assert progress.load("push") is None
    assert set(progress.load_all()) == {"tag"}


def test_a_place_that_cannot_be_written_takes_no_result_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "file"))
    assert progress.save(report("push")) is None
    assert progress.load("push") is None


def test_outside_any_lab_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_HOME", raising=False)
    assert progress.save(report("push")) is None
    assert progress.load("push") is None
    assert progress.load_all() == {}
    progress.forget("push")
