"""Handing in, for real: the mark in an image, the receipt, and what the registry says of it later."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checks.mark import LABEL, code_of
from checks.receipt import read, sign
from lab import cli, entry, hand_in, state
from lab.addresses import new_lab
from lab.environment import contract
from lab.identity import CARRIED, learner
from lab.paths import Home
from tests.real_lab import Lab

ORIGIN = "docker-is-cool"


@pytest.fixture
def nowhere(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A lab that seems to be here, and in which nobody ever logged in."""
    monkeypatch.delenv("CLASS_SECRET_FILE", raising=False)
    monkeypatch.setattr(entry, "is_here", lambda _: True)
    return home


@pytest.mark.parametrize("verb", ["marca", "entregar"])
def test_nobody_has_no_mark_and_hands_nothing_in(
    nowhere: Home, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([verb]) == 4
    assert "`docker login -u SEU_DOCKER_ID`" in capsys.readouterr().err
    assert not (nowhere.root.parent / "trabalho").exists()


def test_a_login_that_cannot_be_read_is_nobodys_fault(
    nowhere: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = nowhere.root.parent / "docker"
    folder.mkdir()
    (folder / "config.json").write_text("{", encoding="utf-8")
    for verb in ("marca", "entregar"):
        assert cli.run([verb]) == 3
        assert "config.json" in capsys.readouterr().err


def test_the_teacher_tells_the_mark_of_anybody(nowhere: Home, capsys: pytest.CaptureFixture[str]) -> None:
    secret = nowhere.secret("class-secret").read_bytes()
    assert cli.run(["marca", "--aluno", "ana"]) == 0
    assert f"--label {LABEL}={code_of(secret, 'ana')} " in capsys.readouterr().out
    assert cli.run(["marca", "--aluno", "ana@exemplo.com"]) == 4
    assert "não é um Docker ID" in capsys.readouterr().err


def test_a_secret_of_the_class_that_is_not_there(
    nowhere: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLASS_SECRET_FILE", "/nada/segredo")
    assert cli.run(["marca", "--aluno", "ana"]) == 3
    assert "/nada/segredo" in capsys.readouterr().err


def test_the_secret_of_the_class_is_found_from_any_folder_and_behind_sudo(
    nowhere: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(nowhere.root)
    monkeypatch.setenv("CLASS_SECRET_FILE", "da-turma")
    variables = contract(nowhere, new_lab("treino"), learner())
    assert variables["CLASS_SECRET_FILE"] == str(nowhere.root / "da-turma")
    assert "CLASS_SECRET_FILE" in CARRIED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--conferir"], "Diga quais comprovantes conferir"),
        (["--aluno", "ana"], "--aluno só vale com --conferir"),
        (["pussh"], "`push`"),
        (["--formato", "xml"], "as opções são text, json"),
    ],
)
def test_wrong_use_is_explained(
    nowhere: Home, typed: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["entregar", *typed]) == 2
    assert said in capsys.readouterr().err


def test_the_key_is_made_once_and_nobody_else_may_read_it(nowhere: Home) -> None:
    key = nowhere.secret("receipt-key")
    before = key.read_bytes()
    state.prepare(nowhere)
    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(hand_in._seed(nowhere)) == 32
    key.unlink()  # a lab from before there were receipts
    assert len(hand_in._seed(nowhere)) == 32
    assert key.stat().st_mode & 0o777 == 0o600


class Handed:
    """A learner of the lab who pushed, and the receipt of it."""

    def __init__(self, lab: Lab) -> None:
        self.lab, self.name = lab, lab.newcomer()
        self.image = f"{self.name}/{ORIGIN}"
        self.push(ORIGIN)
        done = lab.cli("entregar", "push", "--formato", "json")
        assert (done.returncode, done.stderr) == (0, "")
        self.told: dict[str, Any] = json.loads(done.stdout)
        self.path = Path(self.told["path"])

    def sh(self, *command: str, text: str = "") -> None:
        done = self.lab.run(command, text=text)
        assert done.returncode == 0, done.stdout + done.stderr

    def push(self, source: str) -> None:
        self.sh("docker", "tag", source, self.image)
        self.sh("docker", "push", self.image)

    def confer(self, *paths: Path) -> tuple[int, Any]:
        names = map(str, paths or (self.path,))
        done = self.lab.cli("entregar", "--conferir", *names, "--formato", "json")
        return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def handed(lab: Lab) -> Handed:
    return Handed(lab)


def states(answer: Any) -> list[list[str]]:
    return [[image["state"] for image in each.get("images", ())] for each in answer["files"]]


def test_what_was_handed_in_is_confirmed_by_the_registry(handed: Handed) -> None:
    assert handed.path.parent == handed.lab.work / "entregas"
    assert handed.path.name.startswith(f"{handed.name}-20")
    assert json.loads(handed.path.read_text(encoding="utf-8")) == handed.told["receipt"]
    code, answer = handed.confer()
    assert code == 0
    assert states(answer) == [["same"]]
    told = answer["files"][0]
    assert (told["learner"], told["score"], told["outcome"]) == (handed.name, 10, "passed")
    assert answer["remarks"] == []


def test_people_are_told_in_sentences(handed: Handed) -> None:
    done = handed.lab.cli("entregar", "--conferir", str(handed.path))
    assert done.returncode == 0
    for words in ("conferido", "Nenhum byte mudou", "com o mesmo digest", "O que conta é a resposta do reg"):
        assert words in done.stdout


def test_each_hand_in_is_a_file_of_its_own(handed: Handed) -> None:
    again = handed.lab.cli("entregar", "push")
    assert again.returncode == 0
    assert "passou, 10 de 10 pontos" in again.stdout
    assert "Envie esse arquivo a quem dá a aula" in again.stdout
    assert len(list(handed.path.parent.glob(f"{handed.name}-*.json"))) >= 2


def test_a_bad_file_does_not_stop_the_others(handed: Handed, tmp_path: Path) -> None:
    changed, strange, deep = (tmp_path / name for name in ("mudado.json", "nota.txt", "fundo.json"))
    changed.write_text(handed.path.read_text(encoding="utf-8").replace('"score": 10', '"score": 99'), "utf-8")
    strange.write_text("dez", encoding="utf-8")
    deep.write_text("[" * 100_000, encoding="utf-8")
    code, answer = handed.confer(changed, tmp_path / "nada.json", strange, deep, handed.path)
    assert code == 1
    assert [each["outcome"] for each in answer["files"]] == ["failed"] * 4 + ["passed"]
    said = [each["problem"] for each in answer["files"]]
    assert "algum byte mudou" in said[0]
    assert "não existe" in said[1]
    assert "não é um comprovante" in said[2]


def test_the_receipt_of_somebody_else_is_not_taken(handed: Handed) -> None:
    done = handed.lab.cli("entregar", "--conferir", str(handed.path), "--aluno", "bia")
    assert done.returncode == 1
    assert f"O comprovante é de {handed.name}, e não de bia." in done.stdout


def test_two_receipts_of_one_lab_are_noticed(handed: Handed, tmp_path: Path) -> None:
    """Whoever has the key can write one for a friend; side by side it shows."""
    receipt = read(handed.path)
    friend = tmp_path / "bia.json"
    friend.write_text(
        sign(replace(receipt, learner="bia"), hand_in._seed(Home(handed.lab.home))), encoding="utf-8"
    )
    code, answer = handed.confer(handed.path, friend)
    assert code == 1
    assert "saíram do mesmo laboratório" in answer["remarks"][0]
    assert "não são as que a unidade `push` pede" in answer["files"][1]["units"][0]["problem"]


def test_the_practice_hub_of_another_lab_cannot_be_asked(handed: Handed, tmp_path: Path) -> None:
    elsewhere = tmp_path / "longe.json"
    receipt = replace(read(handed.path), hub="treino:ffffffff")
    elsewhere.write_text(sign(receipt, bytes(32)), encoding="utf-8")
    code, answer = handed.confer(elsewhere)
    assert code == 3
    assert "Hub de treino de outro laboratório" in answer["files"][0]["problem"]


def test_what_moves_or_goes_afterwards_is_seen(handed: Handed) -> None:
    """Last of all: it changes what the others look at."""
    dockerfile = f"FROM {ORIGIN}\nLABEL versao=outra\n"
    handed.sh("docker", "build", "-q", "--network", "none", "-t", "outra", "-", text=dockerfile)
    handed.push("outra")
    code, answer = handed.confer()
    assert code == 1
    assert states(answer) == [["moved"]]
    assert "A que foi entregue ainda está lá" in answer["files"][0]["images"][0]["message"]


def test_pytest_in_the_lab_asks_the_world(lab: Lab) -> None:
    assert (
        lab.work / ".pytest.ini"
    ).is_file()  # the settings of the course's own tests are not the learner's
    lab.newcomer()
    listed = lab.run(["pytest", "--co", "-q", "exercises"])
    assert "exercises/50-push.ipynb::pushed" in listed.stdout.splitlines()
    done = lab.run(["pytest", "exercises/50-push.ipynb"])
    assert done.returncode == 1
    assert "2 failed, 1 passed" in done.stdout
    assert "docker push" in done.stdout
    assert "Traceback" not in done.stdout
