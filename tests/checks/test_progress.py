"""The last report of each unit stays in the lab's folder."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checks import document, progress
from checks.errors import BadDocument
from checks.outcome import Outcome
from checks.report import Finding, Report


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAB_HOME", str(tmp_path / ".lab"))
    return tmp_path / ".lab"


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def report(unit: str, outcome: Outcome = Outcome.PASSED, moment: datetime = NOON) -> Report:
    return Report(unit, "Título", "ana", (Finding("pushed", "t", outcome, 2, "Mensagem."),), moment)


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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    exported = tmp_path / "progresso.json"
    exported.write_text(progress.export([report("tag"), report("push")], NOON), encoding="utf-8")
    return exported


def test_what_is_exported_is_brought(path: Path) -> None:
    assert sorted(progress.brought(path), key=lambda one: one.unit) == [report("push"), report("tag")]


def test_of_a_unit_that_is_there_twice_the_better_is_brought(path: Path) -> None:
    reports = [report("push"), report("push", Outcome.FAILED, NOON + timedelta(days=1))]
    path.write_text(progress.export(reports, NOON), encoding="utf-8")
    assert progress.brought(path) == (report("push"),)


LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("came", "kept", "taken"),
    [
        (report("push"), None, True),
        (report("push"), report("push", Outcome.FAILED, LATER), True),
        (report("push", Outcome.FAILED, LATER), report("push"), False),
        (report("push", moment=LATER), report("push"), True),
        (report("push"), report("push", moment=LATER), False),
        (report("push"), report("push"), False),
        (report("push", Outcome.FAILED), report("push", Outcome.UNVERIFIABLE, LATER), False),
    ],
)
def test_the_better_report_stays_and_of_two_as_good_the_newer(
    came: Report, kept: Report | None, taken: bool
) -> None:
    before = {"push": kept} if kept else {}
    assert progress.arrivals([came], before) == (progress.Arrival(came, kept, taken),)


def more_points(unit: str, earned: int) -> Report:
    outcomes = [Outcome.PASSED] * earned + [Outcome.FAILED] * (3 - earned)
    findings = (Finding("pushed", "t", outcome, 1, "m") for outcome in outcomes)
    return Report(unit, "Título", "ana", tuple(findings), NOON)


def test_of_two_that_did_not_pass_the_one_with_more_points_is_better() -> None:
    assert progress.arrivals([more_points("push", 2)], {"push": more_points("push", 1)})[0].taken
    assert not progress.arrivals([more_points("push", 1)], {"push": more_points("push", 2)})[0].taken


@pytest.mark.parametrize(
    "reports",
    ["todas", [1], [{}], [{"schema": 1, "unit": "../x"}], [report("push").to_dict() | {"unit": "a/../b"}],
     [report("push").to_dict() | {"checked_at": "2026-11-23T12:00:00"}], None],
)  # fmt: skip
def test_what_would_lead_elsewhere_is_refused(path: Path, reports: Any) -> None:
    written = {"kind": "progress", "schema": 1, "exported_at": "2026-11-23T12:00:00Z", "reports": reports}
    path.write_text(document.dump(written), encoding="utf-8")
    with pytest.raises(BadDocument, match="está estragado"):
        progress.brought(path)


def test_another_kind_of_file_is_told_what_it_is(path: Path) -> None:
    path.write_text(json.dumps({"kind": "receipt", "schema": 1}), encoding="utf-8")
    with pytest.raises(BadDocument, match="é um comprovante, que se lê com `lab entregar --conferir`"):
        progress.brought(path)


def test_a_copy_kept_beside_is_no_report(home: Path) -> None:
    progress.save(report("push"))
    (home / "reports" / "copies").mkdir()
    (home / "reports" / "copies" / "tag.json").write_text(
        json.dumps(report("tag").to_dict()), encoding="utf-8"
    )
    assert set(progress.load_all()) == {"push"}
