"""The panel checks again by itself: when, how often, until when; and it says nothing in the cell."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from checks import exercicio, live, notebook, progress, runner
from checks.live import Live
from checks.notebook import Exercise
from checks.outcome import Outcome
from checks.report import Finding, Report
from tests.checks.panels import button_of, in_a_kernel, log_in, make_home, page, press, widgets

SOON = 5.0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return make_home(tmp_path, monkeypatch)


@pytest.fixture(autouse=True)
def nobody_stays() -> Iterator[None]:
    yield
    for one in live._watching.values():
        one.stop()
    until(lambda: watchers() == 0)


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def watchers() -> int:
    return sum(thread.name == "live-panel" for thread in threading.enumerate())


class Still:
    """A trail that moves when it is told to."""

    def __init__(self) -> None:
        self.next = self.closed = False

    def moved(self) -> bool:
        found, self.next = self.next, False
        return found

    def close(self) -> None:
        self.closed = True


class Watched:
    """A watcher of a trail in the test's hands."""

    def __init__(self, unit: str = "um") -> None:
        self.trail = Still()
        self.checks = self.stops = 0
        self.live = Live(unit, self._check, self._stop, lambda: self.trail)

    def _check(self) -> None:
        self.checks += 1

    def _stop(self) -> None:
        self.stops += 1


def test_a_docker_command_brings_one_check() -> None:
    one = Watched()
    one.live.start()
    time.sleep(0.7)
    assert one.checks == 0
    for _ in range(3):
        one.trail.next = True
        time.sleep(0.2)
    until(lambda: one.checks == 1)
    time.sleep(0.7)
    assert one.checks == 1


def test_a_unit_has_one_watcher_and_the_last_to_come_is_it() -> None:
    first, second, other = Watched(), Watched(), Watched("dois")
    for one in (first, first, second, other):
        one.live.start()
    until(lambda: watchers() == 2)
    assert (first.stops, second.stops, other.stops) == (1, 0, 0)
    until(lambda: first.trail.closed)
    first.trail.next = second.trail.next = True
    until(lambda: second.checks == 1)
    assert first.checks == 0


def test_who_stopped_may_start_again() -> None:
    one = Watched()
    one.live.start()
    one.live.stop()
    one.live.stop()
    assert one.stops == 1
    until(lambda: watchers() == 0)
    assert one.trail.closed
    one.live.start()
    one.trail.next = True
    until(lambda: one.checks == 1)


def toggle(ex: Exercise) -> ipywidgets.Checkbox:
    return next(item for item in widgets(ex) if isinstance(item, ipywidgets.Checkbox))


def follow(ex: Exercise) -> ipywidgets.Checkbox:
    """As the learner does it: by the box in the panel."""
    box = toggle(ex)
    box.value = True
    return box


def test_the_panel_turns_green_by_itself_and_then_rests(home: Path) -> None:
    ex = exercicio("login")
    box = follow(ex)
    assert watchers() == 1
    log_in(home, "ana")
    until(lambda: ex.relatorio is not None and "Verificação terminada: passou" in page(ex))
    assert progress.load("login") == ex.relatorio
    assert not box.value
    until(lambda: watchers() == 0)


def test_it_watches_on_while_something_is_missing(home: Path) -> None:
    ex = exercicio("login")
    box = follow(ex)
    (home / ".lab").mkdir(exist_ok=True)
    (home / ".lab/events.jsonl").write_text("{}\n", encoding="utf-8")
    until(lambda: "Verificação terminada: não tentado" in page(ex))
    assert (box.value, watchers()) == (True, 1)
    box.value = False
    until(lambda: watchers() == 0)


def test_what_is_checked_in_a_cell_or_by_a_button_ends_it_too(home: Path) -> None:
    for check in (lambda ex: ex.verificar(), lambda ex: press(ex, "Verificar")):
        ex = exercicio("login")
        box = follow(ex)
        log_in(home, "ana")
        check(ex)
        assert not box.value
        (home / "docker/config.json").unlink()
        progress.forget("login")


def test_a_panel_that_was_replaced_says_that_it_no_longer_watches(home: Path) -> None:
    old, new = exercicio("login"), exercicio("login")
    before = follow(old)
    now = follow(new)
    assert (before.value, now.value) == (False, True)
    until(lambda: watchers() == 1)


def test_the_hint_being_read_stays_and_the_button_too(home: Path) -> None:
    ex = exercicio("login")
    press(ex, "Dica")
    seen: list[str] = []
    button_of(ex, "Verificar").observe(lambda change: seen.append(change["new"]), "description")
    ex._check_by_itself()
    assert "Dica 1 de 2" in page(ex)
    assert seen == []
    log_in(home, "ana")
    ex._check_by_itself()
    assert "Dica" not in page(ex)


def test_only_what_is_new_is_said_aloud(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ex = exercicio("login")
    told: list[str] = []
    for item in widgets(ex):
        if isinstance(item, ipywidgets.HTML):
            item.observe(lambda change: told.append(change["new"]), "value")

    def aloud() -> list[bool]:
        ex._check_by_itself()
        said = [text for text in told if "erifica" in text and "dhp-list" not in text]
        told.clear()
        return ['role="alert"' in text for text in said]

    assert aloud() == [False, True]
    assert aloud() == [False, False]
    log_in(home, "ana")
    assert aloud() == [False, True]


def test_a_trouble_in_the_thread_is_told_in_the_panel(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> Report:
        raise RuntimeError("<b>quebrou</b>")

    ex = exercicio("login")
    follow(ex)
    monkeypatch.setattr(runner, "verify", broken)
    log_in(home, "ana")
    until(lambda: "Não consegui verificar: &lt;b&gt;quebrou" in page(ex))
    assert watchers() == 1
    assert capsys.readouterr() == ("", "")
    assert "aguarde" not in page(ex)


def test_outside_a_notebook_nothing_watches(home: Path) -> None:
    ex = exercicio("login")
    ex._ipython_display_()
    assert not toggle(ex).value
    assert watchers() == 0


COUNT = "sum(thread.name == 'live-panel' for thread in threading.enumerate())"
LOG_IN = """\
import base64, json, os, pathlib
login = {"auths": {"https://index.docker.io/v1/": {"auth": base64.b64encode(b"ana:x").decode()}}}
path = pathlib.Path(os.environ["DOCKER_CONFIG"]) / "config.json"
done = path.write_text(json.dumps(login), encoding="utf-8")
"""
RUNS = """\
title = "Olá"
points = 1

[[check]]
rule = "container_runs"
image = "{docker_id}/ola"
points = 1
"""
WAIT = """\
import time
for _ in range(500):
    if ex.relatorio is not None and ex.relatorio.outcome == "passed" and not COUNT:
        break
    time.sleep(0.01)
ex.relatorio.outcome.value, COUNT
""".replace("COUNT", COUNT)


def values(notebook: Any) -> list[list[str]]:
    """What each cell shows, of whatever kind."""
    return [
        [output.get("text") or output["data"]["text/plain"] for output in cell.outputs]
        for cell in notebook.cells
    ]


def test_in_a_real_kernel_it_watches_and_says_nothing_in_any_cell(home: Path) -> None:
    cells = [
        "import threading\nfrom checks import exercicio\nex = exercicio('login')",
        "ex = exercicio('login')\nex",
        COUNT,
        LOG_IN,
        WAIT,
        "ex = exercicio('login')",
        COUNT,
    ]
    shown = values(in_a_kernel(cells))
    panel = shown[0]
    assert [len(each) for each in shown] == [1, 1, 1, 0, 1, 1, 1]
    assert shown[1] == shown[5] == panel  # the text is the same before and after: nbval can compare it
    assert shown[2] == ["1"]
    assert shown[4] == ["('passed', 0)"]
    assert shown[6] == ["0"]  # all is done: there is nothing to watch for


def test_with_the_real_hub_the_learner_has_to_ask_for_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_MODE", "real")
    cells = ["import threading\nfrom checks import exercicio\nex = exercicio('login')", COUNT]
    assert values(in_a_kernel(cells))[1] == ["0"]


@pytest.fixture
def in_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "_in_notebook", lambda: True)


def test_a_unit_that_is_done_is_not_watched(home: Path, in_notebook: None) -> None:
    assert exercicio("login")._may_follow()
    finding = Finding("logged_in", "t", Outcome.PASSED, 1, "m")
    progress.save(Report("login", "x", "ana", (finding, finding)))
    assert not exercicio("login")._may_follow()


def test_a_check_that_runs_a_container_waits_to_be_asked(
    home: Path, in_notebook: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it runs, `docker image rm` of that image would be refused."""
    unit = tmp_path / "course" / "10-ola" / "unit.toml"
    unit.parent.mkdir(parents=True)
    monkeypatch.setenv("COURSE_HOME", str(unit.parent.parent))
    unit.write_text(RUNS, encoding="utf-8")
    assert not exercicio("ola")._may_follow()
