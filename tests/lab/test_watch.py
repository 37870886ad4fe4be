"""`lab acompanhar`: when it checks, which unit, which keys; and once for real, through a terminal."""

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import psutil
import pytest

from checks import progress
from checks.errors import EngineOff
from checks.outcome import Outcome
from checks.report import Finding, Report
from checks.trail import Both, Debounce, EngineTrail, FileTrail
from checks.unit import Unit
from lab import study, watch
from lab.keyboard import Keyboard
from tests.lab.desk import PATIENCE, soon
from tests.real_lab import LAB, Lab


def test_several_events_close_together_are_one_check() -> None:
    quiet = Debounce(0.5)
    assert not quiet.ripe(0)
    for moment in (0.0, 0.3, 0.6):
        quiet.stir(moment)
        assert not quiet.ripe(moment)
    assert not quiet.ripe(1.0)
    assert quiet.ripe(1.1)
    assert not quiet.ripe(9)


def test_a_file_that_grows_appears_or_vanishes_has_moved(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    trail = FileTrail([path])
    assert not trail.moved()
    for act in (lambda: path.write_text("{}\n"), lambda: path.write_text("{}\n{}\n"), path.unlink):
        act()
        assert trail.moved()
        assert not trail.moved()


def test_of_two_trails_both_are_asked(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    both = Both(FileTrail([first]), FileTrail([second]))
    first.touch()
    second.touch()
    assert both.moved()
    assert not both.moved()


def test_the_engine_is_heard_again_after_it_was_off() -> None:
    told: Iterator[object] = iter([["a"], EngineOff("x", "y"), ["a"], ["b"]])

    def ask() -> object:
        found = next(told, ["b"])
        if isinstance(found, EngineOff):
            raise found
        return found

    trail = EngineTrail(ask, pause=0.01)
    deadline = time.monotonic() + 5
    while not trail.moved():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.05)
    assert not trail.moved()


@pytest.fixture
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Unit, ...]:
    """A course of one lesson to read and three units to do, with nothing done."""
    for name in ("10-leitura", "20-um", "30-dois", "40-tres"):
        text = f'title = "{name}"\npoints = 0\n'
        if name != "10-leitura":
            text = f'title = "{name}"\npoints = 1\nhints = ["primeira", "segunda"]\n'
            text += '[[check]]\nrule = "logged_in"\npoints = 1\n'
        (tmp_path / "course" / name).mkdir(parents=True)
        (tmp_path / "course" / name / "unit.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("COURSE_HOME", str(tmp_path / "course"))
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    return study.course()


def test_the_next_unit_is_the_first_to_do_after_this_one_and_then_from_the_start(
    units: tuple[Unit, ...],
) -> None:
    def following(done: set[str], after: int = -1) -> str:
        found = study.next_of(units, done, after)
        return found.id if found else ""

    assert following(set()) == "um"
    assert following({"um"}, 20) == "dois"
    assert following({"dois", "tres"}, 40) == "um"
    assert following({"um", "dois", "tres"}, 20) == ""


class Still:
    """A trail that moves when it is told to."""

    def __init__(self) -> None:
        self.next = False

    def moved(self) -> bool:
        found, self.next = self.next, False
        return found

    def close(self) -> None:
        pass


class Sitting:
    """A watch whose checks give what the test says."""

    def __init__(self, unit: Unit, *, once: bool = False) -> None:
        self.outcome = Outcome.FAILED
        self.broken: Exception | None = None
        self.trail = Still()
        self.checked: list[str] = []
        self.now = 100.0
        self.watch = watch.Watch(unit, self.trail, Keyboard(), self.check, once=once)

    def check(self, unit: Unit) -> Report:
        self.checked.append(unit.id)
        if self.broken:
            raise self.broken
        finding = Finding("logged_in", "Entrou", self.outcome, 1, "Mensagem.")
        report = Report(unit.id, unit.title, "ana", (finding,))
        progress.save(report)
        return report

    def steps(self, typed: str = "", seconds: float = 1) -> None:
        self.watch.step(typed, self.now)
        for _ in range(round(seconds / watch.TICK)):
            self.now += watch.TICK
            for check in (one for one in threading.enumerate() if one.name == "watch"):
                check.join(PATIENCE)
            self.watch.step("", self.now)


def test_a_docker_command_brings_one_check(
    units: tuple[Unit, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    sitting = Sitting(units[1])
    sitting.steps()
    assert sitting.checked == []
    sitting.trail.next = True
    sitting.steps()
    assert sitting.checked == ["um"]
    told = capsys.readouterr().out
    assert told.index("aguarde") < told.index("falhou")


def test_who_passes_moves_on_until_nothing_is_left(
    units: tuple[Unit, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    sitting = Sitting(units[1])
    sitting.outcome = Outcome.PASSED
    sitting.steps("v", seconds=2)
    assert sitting.checked == ["um", "dois", "tres"]
    assert sitting.watch.over
    told = capsys.readouterr().out
    assert told.count("Muito bem!") == 3
    assert "Você passou em todas as unidades. Parabéns!" in told


def test_once_ends_with_the_unit(units: tuple[Unit, ...]) -> None:
    sitting = Sitting(units[1], once=True)
    sitting.steps("v")
    assert not sitting.watch.over
    sitting.outcome = Outcome.PASSED
    sitting.steps("v")
    assert sitting.watch.over
    assert sitting.checked == ["um", "um"]


def test_the_keys(units: tuple[Unit, ...], capsys: pytest.CaptureFixture[str]) -> None:
    sitting = Sitting(units[1])
    sitting.steps("v")
    capsys.readouterr()
    for typed, said in (
        ("d", "Dica 1 de 2"), ("D", "Dica 2 de 2"), ("d", "Dica 2 de 2"), ("l", "0 de 3 pontos"),
        ("x", ""), ("v", "falhou"), ("p", "“30-dois”"), ("s", "Até a próxima!"), ("v", ""),
    ):  # fmt: skip
        sitting.steps(typed)
        told = capsys.readouterr().out
        assert said in told
        assert said or not told
    assert sitting.checked == ["um", "um", "dois"]
    assert sitting.watch.over


def test_the_last_unit_to_do_cannot_be_skipped(
    units: tuple[Unit, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    for unit in units[2:]:
        progress.save(Report(unit.id, unit.title, "ana", ()))
    sitting = Sitting(units[1])
    sitting.steps("p")
    assert "Não há outra unidade por fazer" in capsys.readouterr().out
    assert sitting.checked == []


def test_a_result_that_comes_after_the_learner_moved_on_is_not_shown(
    units: tuple[Unit, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    sitting = Sitting(units[1])
    sitting.steps("vp")
    told = capsys.readouterr().out
    assert "20-um: falhou" not in told
    assert "30-dois: falhou" in told
    assert sitting.checked == ["um", "dois"]


def test_a_fault_of_the_course_is_not_swallowed(units: tuple[Unit, ...]) -> None:
    sitting = Sitting(units[1])
    sitting.broken = study.CourseBroken("unit.toml")
    with pytest.raises(study.CourseBroken):
        sitting.steps("v")


@pytest.fixture
def warming_up(lab: Lab) -> Iterator[None]:
    """The first unit is still to do, before and after."""
    remove = ["sh", "-c", "docker rmi aquecimento 2>/dev/null; true"]
    lab.run(remove)
    yield
    lab.run(remove)


def terminal(lab: Lab, *arguments: str) -> pexpect.spawn:
    return pexpect.spawn(
        LAB, ["acompanhar", *arguments], env=lab.environment, encoding="utf-8", timeout=PATIENCE,
        dimensions=(40, 120),
    )  # fmt: skip


def test_a_docker_command_in_the_lab_is_seen_by_itself(lab: Lab, warming_up: None) -> None:
    seen = terminal(lab, "comece-aqui")
    seen.expect_exact("Verificando, aguarde…")
    seen.expect_exact("não tentado")
    seen.expect_exact(watch.PROMPT)
    seen.send("d")
    seen.expect_exact("Dica 1 de 3")
    assert lab.run(["docker", "tag", "docker-is-cool", "aquecimento"]).returncode == 0
    seen.expect_exact("Comece aqui: passou, 10 de 10 pontos")
    seen.expect_exact("Muito bem!")
    seen.expect_exact("Unidade “")
    seen.expect_exact(watch.PROMPT)
    seen.send("s")
    seen.expect_exact("Até a próxima!")
    seen.expect(pexpect.EOF)
    seen.close()
    assert seen.exitstatus == 0


def test_ctrl_c_is_130_and_gives_the_terminal_back(lab: Lab, warming_up: None) -> None:
    shell = pexpect.spawn(
        "sh", ["-c", f"{LAB} acompanhar comece-aqui; echo saiu com $?; stty -a"],
        env=lab.environment, encoding="utf-8", timeout=PATIENCE,
    )  # fmt: skip
    shell.expect_exact(watch.PROMPT)
    shell.send("\x03")
    shell.expect_exact("Até a próxima!")
    shell.expect_exact("saiu com 130")
    shell.expect(pexpect.EOF)
    modes = shell.before.split()
    assert {"isig", "icanon", "echo"} <= set(modes)


@contextmanager
def following(lab: Lab, output: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The verb without a terminal; what it says is in the file."""
    command = [LAB, "acompanhar", "comece-aqui", "--uma-vez"]
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, env=lab.environment, stdin=subprocess.DEVNULL, stdout=file, stderr=file
        )
    try:
        yield process
    finally:
        process.kill()  # nothing, when it has ended as it should
        process.wait()


def test_without_a_terminal_it_follows_until_it_is_interrupted(
    lab: Lab, warming_up: None, tmp_path: Path
) -> None:
    output = tmp_path / "dito"
    with following(lab, output) as process:
        soon(lambda: "não tentado" in output.read_text(encoding="utf-8"), "a primeira verificação")
        # the verb itself goes on inside of the lab; what was started has become the one that waits for it
        psutil.Process(process.pid).children(recursive=True)[-1].send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    told = output.read_text(encoding="utf-8")
    assert told.count("Verificando") == 1
    assert "Traceback" not in told


def test_without_a_terminal_it_follows_until_the_unit_passes(
    lab: Lab, warming_up: None, tmp_path: Path
) -> None:
    output = tmp_path / "dito"
    with following(lab, output) as process:
        lab.run(["docker", "tag", "docker-is-cool", "aquecimento"])
        assert process.wait(PATIENCE) == 0
    told = output.read_text(encoding="utf-8")
    assert "Muito bem!" in told
    assert watch.PROMPT not in told
