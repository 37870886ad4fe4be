"""The command line itself: Portuguese everywhere, the right exit codes, trouble told in sentences."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from lab import cli, entry, identity, lab_verbs, portuguese, typed
from lab.errors import CannotRun, LabDown, LabError, UsageError, from_os
from lab.paths import Home

VERBS = {
    "aula": "start", "status": "", "diagnostico": "doctor", "parar": "stop", "limpar": "clean",
    "executar": "exec", "terminal": "shell", "registros": "logs", "conta": "account", "verificar": "check",
    "lista": "list", "proximo": "next", "dica": "hint", "solucao": "solution",
    "acompanhar": "watch", "reiniciar": "reset", "marca": "mark", "entregar": "submit",
    "progresso": "progress", "faxina": "sweep", "imagem": "image",
}  # fmt: skip


TROUBLES = [
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EBUSY
]  # fmt: skip


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place where no lab ever was."""
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    for name in ("LAB_MODE", "COURSE_HOME", "DOCKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_help_is_in_portuguese_and_hides_the_english_names(capsys: pytest.CaptureFixture[str]) -> None:
    portuguese.speak()
    assert cli.run([]) == 0
    text = capsys.readouterr().out
    assert all(f" {verb} " in text for verb in VERBS)
    assert not any(f" {alias} " in text for alias in VERBS.values() if alias)
    assert not any(word in text for word in ("Usage", "Options", "Commands", "Show this", "Arguments"))


@pytest.mark.parametrize("verb", ["turma", "turma tarefa", "class"])
def test_verbs_with_verbs_below_them_have_help_in_portuguese(
    verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    portuguese.speak()
    assert cli.run([*verb.split(), "--ajuda"]) == 0
    assert f"Uso: lab {verb} COMANDO …" in capsys.readouterr().out


@pytest.mark.parametrize("verb", [*VERBS, *filter(None, VERBS.values())])
def test_every_verb_has_help_by_both_names(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    portuguese.speak()
    assert cli.run([verb, "--ajuda"]) == 0
    text = capsys.readouterr().out
    assert "Uso:" in text
    assert not any(word in text for word in ("Usage", "Options", "Arguments", "[required]", "[default"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["verifica"], "Não existe o comando `verifica`; você quis dizer `verificar`?"),
        (["publicar"], "Não existe o comando `publicar`."),
        (["status", "--xml"], "Não existe a opção --xml."),
        (["dica"], "Falta dizer"),
        (["aula", "--hub", "nuvem"], "Em --hub, `nuvem` não serve; as opções são treino, real."),
        (["verificar", "--formato", "xml"], "Em --formato, `xml` não serve; as opções são exercism, "),
        (["parar", "tudo"], "Sobrou no comando: tudo."),
        (["dica", "push", "dois"], "N precisa ser um número."),
        (["registros", "-n", "0"], "-n precisa ser 1 ou mais"),
        (["turma", "abrir", "--porta", "70000"], "--porta precisa ser de 1 a 65533."),
        (["turma", "tarefa", "rodar", "x.ipynb", "--segundos", "0"], "--segundos precisa ser de 5 a 600."),
        (["registros", "-n"], "pede um valor"),
        (["executar"], "Falta dizer COMANDO."),
    ],
)
def test_wrong_use_is_explained(typed: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(typed) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "lab --ajuda" in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    "typed",
    [["verificar", "push"], ["acompanhar"], ["executar", "--", "true"], ["terminal"], ["conta", "ana"]],
)
def test_a_lab_that_is_down_is_said_so(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(typed) == 3
    assert "O laboratório está desligado" in capsys.readouterr().err


def test_a_machine_format_leaves_stdout_to_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["verificar", "--tudo", "--formato", "json"]) == 3
    assert capsys.readouterr().out == ""


def test_status_of_no_lab(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["status"]) == 3
    assert "desligado" in capsys.readouterr().out
    assert cli.run(["status", "--json"]) == 3
    assert '"running": false' in capsys.readouterr().out


def test_stopping_and_cleaning_nothing_is_no_mistake(
    capsys: pytest.CaptureFixture[str], nowhere: Path
) -> None:
    assert cli.run(["parar"]) == 0
    assert cli.run(["limpar"]) == 0
    assert "nada a apagar" in capsys.readouterr().out
    assert list(nowhere.iterdir()) == []


def test_a_unit_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["dica", "pussh"]) == 2
    assert "`push`" in capsys.readouterr().err


def test_a_broken_course_is_not_the_learners_fault(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (nowhere / "course" / "40-tag").mkdir(parents=True)
    (nowhere / "course" / "40-tag" / "unit.toml").write_text("title =", encoding="utf-8")
    monkeypatch.setenv("COURSE_HOME", str(nowhere / "course"))
    assert cli.run(["lista"]) == 5
    assert cli.run(["dica", "40-tag"]) == 5
    assert "unit.toml" in capsys.readouterr().err


@pytest.mark.parametrize("number", TROUBLES)
def test_trouble_of_the_machine_is_a_sentence(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> None:
        raise OSError(number, "in English", "/x/lab.json")

    monkeypatch.setattr("lab.lifecycle.stop", fail)
    assert cli.run(["parar"]) == 3
    said = capsys.readouterr().err
    assert "/x/lab.json" in said
    assert "English" not in said


def test_a_fault_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise OSError(errno.EINVAL, "bug")

    assert from_os(OSError(errno.EINVAL, "bug")) is None
    monkeypatch.setattr("lab.lifecycle.stop", fail)
    with pytest.raises(OSError, match="bug"):
        cli.run(["parar"])


def test_an_interruption_is_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lab.lifecycle.stop", interrupt)
    assert cli.run(["parar"]) == 130


def test_an_interruption_while_it_loads_is_quiet() -> None:
    """As Ctrl-C right after Enter: what is loaded last is where it arrives."""
    interrupted = """
import sys
class Interrupted:
    def find_spec(self, name, *more):
        if name == "lab.study_verbs":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
import lab.cli
"""
    done = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def test_an_interruption_that_was_held_comes_when_it_can_be_told() -> None:
    held = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
os.kill(os.getpid(), signal.SIGINT)
from lab.cli import main
main()
"""
    done = subprocess.run([sys.executable, "-c", held], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def test_the_end_of_the_input_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As at the question for a password."""

    def end(_: object) -> None:
        raise EOFError

    monkeypatch.setattr("lab.lifecycle.stop", end)
    assert cli.run(["parar"]) == 2
    assert "A entrada acabou antes da resposta." in capsys.readouterr().err


def test_without_root_and_sudo_the_real_hub_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "can_be_root", lambda: False)
    monkeypatch.setattr("shutil.which", lambda *_: None)
    with pytest.raises(CannotRun, match="lab aula --hub real"):
        identity.require_root(["aula"])


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_on_other_systems_the_real_hub_is_offered(
    system: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", system)
    assert cli.run(["aula"]) == 3
    assert "lab aula --hub real" in capsys.readouterr().err


def test_a_path_that_cannot_be_used_is_said_before_a_password_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAB_HOME", f"/{'a' * 120}")
    monkeypatch.setattr(lab_verbs, "require_root", lambda *_: pytest.fail("asked for root"))
    assert cli.run(["aula"]) == 3
    assert "comprido demais" in capsys.readouterr().err


@pytest.mark.parametrize(("password", "said"), [("false", "o sudo vai pedir a sua senha"), ("true", "")])
def test_sudo_is_announced_when_it_will_ask_for_a_password(
    password: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sudo = tmp_path / "sudo"
    sudo.write_text(f"#!/bin/sh\n{password}\n", encoding="ascii")
    sudo.chmod(0o755)
    monkeypatch.setattr(identity, "can_be_root", lambda: False)
    monkeypatch.setattr("shutil.which", lambda *_: str(sudo))
    monkeypatch.setattr("os.execv", lambda *_: None)
    identity.require_root(["limpar"], identity.TO_CLEAN)
    err = capsys.readouterr().err
    assert err == (f"{identity.TO_CLEAN}: {said}.\n" if said else "")


def test_the_learner_is_told_to_type_what_their_terminal_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "lab").write_text("#!/bin/sh\n", encoding="ascii")
    (folder / "lab").chmod(0o755)
    monkeypatch.setattr("sys.executable", str(folder / "python"))
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.chdir(tmp_path)
    assert typed.lab() == ".venv/bin/lab"
    assert "`.venv/bin/lab aula`" in str(LabDown())
    monkeypatch.chdir("/")
    assert typed.lab() == str(folder / "lab")[1:]
    monkeypatch.setenv("PATH", str(folder))
    assert typed.lab() == "lab"


def test_a_command_that_does_not_exist_is_said_in_portuguese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.universe.find", lambda _: object())
    monkeypatch.setattr(entry, "require_root", lambda *_: pytest.fail("went in"))
    for name in ("dokcer", "./nada.sh"):
        with pytest.raises(UsageError, match=f"Não encontrei o comando `{name}`"):
            entry._inward(Home(tmp_path), [name, "images"], tmp_path)


def test_sudo_gets_the_choices_that_it_would_drop(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def execv(_: str, arguments: list[str]) -> None:
        seen.extend(arguments)
        raise SystemExit

    monkeypatch.setattr(identity, "can_be_root", lambda: False)
    monkeypatch.setattr("shutil.which", lambda *_: "/usr/bin/sudo")
    monkeypatch.setattr(identity, "_asks_for_password", lambda _: True)
    monkeypatch.setattr("os.execv", execv)
    monkeypatch.setenv("LAB_ENGINE_PATH", "/opt/motor")
    with pytest.raises(SystemExit):
        identity.require_root(["aula", "--sem-navegador"])
    assert seen[:3] == ["/usr/bin/sudo", "--", "env"]
    assert "LAB_ENGINE_PATH=/opt/motor" in seen
    assert seen[-4:] == ["-m", "lab.cli", "aula", "--sem-navegador"]


def test_every_error_has_an_exit_code_of_the_contract() -> None:
    assert LabDown().exit_code == 3
    pending = [LabError]
    for kind in pending:
        assert kind.exit_code in {2, 3, 5}
        pending += kind.__subclasses__()


def test_every_verb_of_the_contract_is_there() -> None:
    names = {command.name for command in lab_verbs.app.registered_commands}
    assert {"aula", "status", "diagnostico", "parar", "limpar", "executar", "terminal"} <= names
