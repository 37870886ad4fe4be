"""The lab's folder: made, migrated, never somebody else's, and usable after a crash."""

import json
import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lab import cli, lifecycle, state, supervisor
from lab.errors import BadState
from lab.paths import REPOSITORY, Home, require_usable
from tests.real_lab import LAB


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "lab")


def test_a_new_folder_has_secrets_that_only_its_owner_reads(home: Home) -> None:
    state.prepare(home)
    for name in state.SECRETS:
        assert home.secret(name).stat().st_mode & 0o077 == 0
        assert len(home.secret(name).read_text(encoding="utf-8")) > 30


def test_the_supervisor_is_there_once_it_listens(home: Home) -> None:
    home.run.mkdir(parents=True)
    assert not supervisor.listens(home)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(home.supervisor_socket))
        assert not supervisor.listens(home)
        server.listen()
        assert supervisor.listens(home)


def test_preparing_again_changes_nothing(home: Home) -> None:
    state.prepare(home)
    before = {name: home.secret(name).read_text(encoding="utf-8") for name in state.SECRETS}
    state.prepare(home)
    assert {name: home.secret(name).read_text(encoding="utf-8") for name in state.SECRETS} == before


def test_somebody_elses_folder_is_left_alone(home: Home) -> None:
    home.root.mkdir()
    (home / "tese.txt").write_text("minha", encoding="utf-8")
    with pytest.raises(BadState, match="não é a pasta de um laboratório"):
        state.prepare(home)
    with pytest.raises(BadState, match="não apaguei nada"):
        lifecycle.clean(home)
    assert [path.name for path in home.root.iterdir()] == ["tese.txt"]


def test_the_courses_own_folder_may_have_been_used_by_the_hub_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Home(home.root / ".lab")
    monkeypatch.setattr(state, "REPOSITORY", home.root)
    (own / "hub").mkdir(parents=True)
    (own / "hub" / "db.sqlite3").touch()
    state.prepare(own)
    assert (own / "hub" / "db.sqlite3").exists()
    assert lifecycle.clean(own)
    assert not own.root.exists()


def test_a_newer_folder_is_left_alone(home: Home) -> None:
    home.root.mkdir()
    (home / "version").write_text("99\n", encoding="utf-8")
    with pytest.raises(BadState, match="versão mais nova"):
        state.prepare(home)
    assert [path.name for path in home.root.iterdir()] == ["version"]


def test_an_older_folder_is_brought_up_to_date(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    state.prepare(home)
    moved: list[str] = []
    monkeypatch.setattr(state, "VERSION", 3)
    monkeypatch.setattr(state, "MIGRATIONS", {1: lambda _: moved.append("1"), 2: lambda _: moved.append("2")})
    state.prepare(home)
    assert moved == ["1", "2"]
    assert (home / "version").read_text(encoding="utf-8") == "3\n"


def test_a_migration_that_fails_is_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    state.prepare(home)

    def fail(_: Home) -> None:
        raise BadState("sem espaço")

    monkeypatch.setattr(state, "VERSION", 2)
    monkeypatch.setattr(state, "MIGRATIONS", {1: fail})
    with pytest.raises(BadState, match="sem espaço"):
        state.prepare(home)
    assert (home / "version").read_text(encoding="utf-8") == "1\n"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": "a"}'])
def test_a_broken_note_counts_as_none(home: Home, text: str) -> None:
    state.prepare(home)
    (home / "lab.json").write_text(text, encoding="utf-8")
    assert state.load(home) is None


def test_what_is_saved_is_loaded(home: Home) -> None:
    state.prepare(home)
    lab = state.Lab("cafe0123", "127.40.1.2", "127.40.1.3", 21001, 21002)
    state.save(home, lab)
    assert state.load(home) == lab
    assert json.loads((home / "lab.json").read_text(encoding="utf-8"))["mode"] == "treino"


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "nota"
    state.write(path, "antes")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fchmod", full)
    with pytest.raises(OSError, match="No space"):
        state.write(path, "depois")
    assert path.read_text(encoding="utf-8") == "antes"
    assert [path] == list(tmp_path.iterdir())


def test_a_path_too_long_for_sockets_is_refused_with_a_shorter_one(tmp_path: Path) -> None:
    with pytest.raises(BadState, match="LAB_HOME=/tmp/"):
        require_usable(Home(tmp_path / ("a" * 100)))
    require_usable(Home(Path("/tmp/" + "a" * 75)))  # noqa: S108 - nothing is written


@pytest.mark.parametrize("name", ["curso #1", "100%", 'o "meu" curso', "a\nb"])
def test_a_path_that_the_configuration_cannot_carry_is_refused(name: str) -> None:
    with pytest.raises(BadState, match="caractere"):
        require_usable(Home(Path("/tmp") / name))  # noqa: S108 - nothing is written


@pytest.mark.parametrize("variable", ["LAB_HOME", "WORK_HOME"])
def test_a_place_that_keeps_no_files_is_said_so(
    home: Home, variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAB_HOME", str(home.root))
    monkeypatch.setenv("WORK_HOME", str(home / "trabalho"))
    monkeypatch.setenv(variable, "/proc/aqui")
    assert cli.run(["aula", "--hub", "real", "--sem-navegador"]) == 3
    said = capsys.readouterr().err
    assert "Não dá para criar a pasta /proc/aqui" in said
    assert f"{variable}=/tmp/" in said


def on_a_disk(home: Home, command: str) -> "subprocess.CompletedProcess[str]":
    """Run with a disk mounted at the lab's folder, in a mount namespace that ends with the command."""
    home.root.mkdir(parents=True)
    prepare = "import lab.state, lab.paths; lab.state.prepare(lab.paths.lab_home())"
    script = f'mount -t tmpfs tmpfs "$LAB_HOME"; {shlex.join([sys.executable, "-c", prepare])}; {command}'
    return subprocess.run(
        ["unshare", "--mount", "sh", "-ec", script], capture_output=True, text=True, encoding="utf-8",
        env={**os.environ, "LAB_HOME": str(home.root), "LAB": LAB}, cwd=REPOSITORY, check=False,
    )  # fmt: skip


@pytest.mark.lab
def test_cleaning_a_mounted_disk_empties_it(home: Home) -> None:
    done = on_a_disk(home, '"$LAB" limpar; ls -A "$LAB_HOME"; "$LAB" limpar')
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert "foi apagado" in first
    assert "nada a apagar" in second


@pytest.mark.lab
def test_cleaning_walks_into_nothing_that_others_mounted(home: Home) -> None:
    mount = 'mkdir "$LAB_HOME/o meu"; mount -t tmpfs tmpfs "$LAB_HOME/o meu"; touch "$LAB_HOME/o meu/nota"'
    done = on_a_disk(home, f'{mount}; "$LAB" limpar || echo $?; ls "$LAB_HOME" "$LAB_HOME/o meu"')
    assert f"sudo umount '{home.root}/o meu'" in done.stderr
    assert {"3", "nota", "version"} <= set(done.stdout.splitlines())


def test_cleaning_a_link_keeps_the_link(home: Home) -> None:
    state.prepare(home)
    link = Home(home.root.with_name("atalho"))
    link.root.symlink_to(home.root)
    assert lifecycle.clean(link)
    assert list(link.root.iterdir()) == []
    assert not lifecycle.clean(link)


def test_cleaning_keeps_the_learners_copies_even_inside(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORK_HOME", str(home / "trabalho"))
    state.prepare(home)
    (home / "trabalho").mkdir()
    (home / "trabalho" / "meu.ipynb").write_text("{}", encoding="utf-8")
    assert lifecycle.clean(home)
    assert [path.name for path in home.root.rglob("*")] == ["trabalho", "meu.ipynb"]
    state.prepare(home)  # and a new lab may start there
