"""Trouble while a lab starts, and the verbs that help to understand it."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab import cli, doctor, lifecycle, logs, readiness, state, tools, universe
from lab.errors import BadState, CannotRun, MissingProgram, ServiceFailed, UsageError
from lab.identity import learner
from lab.paths import Home
from lab.processes import Known, boot_id, know
from lab.supervisor import Process
from tests.real_lab import LAB, Lab


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "lab"))
    return Home(tmp_path / "lab")


def start(home: Home) -> None:
    lifecycle.start(home, "treino", learner(), lambda _: None)


@pytest.mark.parametrize("tool", [tools.DOCKERD, tools.CONTAINERD, tools.REGISTRY, tools.UNSHARE])
def test_a_missing_program_is_named_with_its_package(
    home: Home, tool: tools.Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "find", lambda asked: None if asked == tool else "/bin/true")
    with pytest.raises(MissingProgram, match=f"apt-get install {tool.package}"):
        start(home)


@pytest.mark.parametrize(("folder", "variable"), [("lab", "LAB_HOME"), ("trabalho", "WORK_HOME")])
def test_a_full_disk_is_seen_before_anything_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch, folder: str, variable: str
) -> None:
    full = home.root.with_name(folder)
    monkeypatch.setattr(
        shutil, "disk_usage", lambda of: SimpleNamespace(free=5_000_000 if of == full else 10**9)
    )
    with pytest.raises(BadState, match=rf"{full} só tem 5 MB livres.* com {variable}="):
        start(home)
    assert list(full.parent.glob("trabalho/*")) == []


def test_a_machine_that_refuses_namespaces_is_told_so(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container without --privileged: mount fails."""
    monkeypatch.setattr(universe, "BOOT", "echo 'mount: permission denied' >&2; exit 32")
    with pytest.raises(CannotRun, match=r"mount: permission denied.*--privileged.*--hub real"):
        start(home)
    assert universe.find(home) is None


def test_a_service_that_keeps_dying_is_given_up_soon(home: Home) -> None:
    state.prepare(home)
    home.log("engine").write_text("primeira\nsem espaço para o motor\n", encoding="utf-8")
    lives: dict[str, set[int]] = {}
    for pid in (10, 0, 11):
        readiness.require_none_failed(home, [Process("engine", "STARTING", pid)], lives)
    with pytest.raises(
        ServiceFailed, match=r"Motor do Docker não conseguiu começar.*sem espaço para o motor"
    ):
        readiness.require_none_failed(home, [Process("engine", "STARTING", 12)], lives)


def test_a_pid_used_again_by_another_program_is_not_ours() -> None:
    me = know(os.getpid())
    assert me is not None
    assert me.alive
    assert not Known(me.pid, me.started + 1, me.boot).alive
    assert not Known(me.pid, me.started, "another start of the machine").alive
    assert not Known(2**22 + 1, me.started, boot_id()).alive


def test_stale_notes_are_cleared_by_cleaning(home: Home) -> None:
    state.prepare(home)
    state.save(home, state.Lab("cafe0123", "127.40.1.2", "127.40.1.3", 21001, 21002))
    (home.run / "universe.json").write_text(
        '{"keeper": {"pid": 1, "started": 1, "boot": "x"}, "init": {"pid": 1, "started": 1, "boot": "x"}}',
        encoding="utf-8",
    )
    (home.run / "supervisor.sock").touch()
    assert cli.run(["limpar"]) == 0
    assert not home.root.exists()


def test_logs_of_one_of_all_and_of_none(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadState, match="nunca foi ligado"):
        logs.show(home, "", 5, follow=False)
    state.prepare(home)
    home.log("hub").write_text("".join(f"linha {n}\n" for n in range(9)), encoding="utf-8")
    home.log("inbox").write_text("correio\n", encoding="utf-8")
    logs.show(home, "hub", 2, follow=False)
    assert capsys.readouterr().out == "linha 7\nlinha 8\n"
    logs.show(home, "", 1, follow=False)
    assert capsys.readouterr().out == "== hub ==\nlinha 8\n== inbox ==\ncorreio\n"
    with pytest.raises(UsageError, match="hub, inbox"):
        logs.show(home, "motor", 2, follow=False)


def test_the_diagnosis_says_how_to_get_what_is_missing(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tools, "find", lambda tool: None if tool == tools.REGISTRY else "/bin/true")
    assert cli.run(["diagnostico"]) == 3
    said = capsys.readouterr().out
    assert "apt-get install docker-registry" in said
    assert "docker.io" not in said
    assert not home.root.exists(), "looking writes nothing"


def test_the_diagnosis_tries_whether_the_folder_can_be_written(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("os.access", lambda *_, **__: False)  # root may write everywhere
    assert cli.run(["diagnostico"]) == 3
    assert f"✘ Pasta do laboratório: você não pode gravar em {home.root}" in capsys.readouterr().out


def test_the_diagnosis_claims_nothing_that_it_could_not_look_at(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "can_be_root", lambda: False)
    cli.run(["diagnostico"])
    said = capsys.readouterr().out
    assert "? Espaço isolado: só o root pode conferir: sudo /" in said
    assert "✔ Espaço isolado" not in said


@pytest.mark.parametrize(
    ("docker", "said"),
    [
        ("echo 28.2.2", ""),
        ("echo 'Cannot connect to the Docker daemon' >&2; exit 1", "Ligue-o"),
        ("echo 'permission denied while trying to connect' >&2; exit 1", "usermod -aG docker"),
        (None, "Não achei o programa docker"),
    ],
)
def test_with_the_real_hub_the_learner_hears_what_their_own_docker_lacks(
    docker: str | None, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if docker is not None:
        (tmp_path / "docker").write_text(f"#!/bin/sh\n{docker}\n", encoding="ascii")
        (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = doctor.own_docker()
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.lab
def test_this_machine_is_fit_for_the_lab(home: Home) -> None:
    assert [one for one in doctor.examine(home) if not one.ok] == []


@pytest.fixture
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("l")
    own = Lab(folder / "lab", folder / "trabalho")
    yield own
    own.cli("limpar")


@contextmanager
def in_the_foreground(lab: Lab, until: str) -> Iterator["subprocess.Popen[str]"]:
    # what these tests were started by may ignore the interruption, and would pass that on
    heard = ["env", "--default-signal=INT,HUP", LAB, "aula", "--sem-navegador"]
    with subprocess.Popen(
        heard, env=lab.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8",
    ) as process:  # fmt: skip
        try:
            said = []
            for line in process.stdout or ():
                said.append(line)
                if until in line:
                    yield process
                    return
            pytest.fail("".join(said))
        finally:
            process.kill()  # nothing, when it has ended as it should


@pytest.mark.lab
def test_an_interrupted_start_leaves_nothing_running(own: Lab) -> None:
    with in_the_foreground(own, "Motor do Docker") as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    assert universe.find(Home(own.home)) is None


@pytest.mark.lab
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_the_foreground_lab_ends_with_its_terminal(own: Lab, number: signal.Signals) -> None:
    with in_the_foreground(own, "Ctrl-C") as process:
        process.send_signal(number)
        assert process.stdout is not None
        assert "guardados" in process.stdout.read()
        assert process.wait(60) == 0
    assert universe.find(Home(own.home)) is None


@pytest.mark.lab
def test_with_the_real_hub_only_jupyter_runs(own: Lab) -> None:
    done = own.cli("aula", "--hub", "real", "--sem-navegador", "--segundo-plano")
    assert done.returncode == 0, done.stderr
    assert "Docker Hub real" in done.stdout
    assert [one["name"] for one in own.status()["services"]] == ["jupyter"]
    inside = own.run(
        [sys.executable, "-c", "import os; print(sorted(n for n in os.environ if 'DOCKER' in n))"]
    )
    assert inside.stdout == "[]\n"
    refused = own.cli("conta", "ana", text="uma-senha-bem-longa\n")
    assert refused.returncode == 2
    assert "app.docker.com" in refused.stderr
    assert own.cli("parar").returncode == 0
    assert own.cli("status").returncode == 3
