"""`lab progresso`: taken to another machine, brought together there, and nothing lost on the way."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from checks import progress
from checks.login import DOCKER_HUB_KEY
from checks.outcome import Outcome
from checks.report import Finding, Report
from lab import cli
from lab.paths import Home

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def report(
    unit: str, outcome: Outcome = Outcome.PASSED, learner: str = "ana", moment: datetime = NOON
) -> Report:
    return Report(unit, unit, learner, (Finding("pushed", "t", outcome, 10, "m"),), moment)


def exported(path: Path, *reports: Report) -> str:
    path.write_text(progress.export(reports, NOON), encoding="utf-8")
    return str(path)


def outcomes() -> dict[str, str]:
    return {unit: kept.outcome.value for unit, kept in progress.load_all().items()}


def test_there_and_back(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for unit in ("tag", "push"):
        progress.save(report(unit))
    assert cli.run(["progresso", "exportar"]) == 0
    told = capsys.readouterr().out
    path = next((tmp_path / "trabalho").glob("progresso-*.json"))
    assert f"(2 unidades) está em {path}" in told
    before = progress.load_all()
    for unit in before:
        progress.forget(unit)
    assert cli.run(["progresso", "importar", str(path)]) == 0
    assert progress.load_all() == before
    told = capsys.readouterr().out
    assert told.count("chegou como passou, 10 de 10 pontos.") == 2
    assert told.index("O nome completo") < told.index("Envie a sua imagem")  # in course order
    assert not (home / "reports" / "copies").exists()  # nothing was there to be kept


def test_twice_in_a_second_are_two_files(home: Home, tmp_path: Path) -> None:
    progress.save(report("tag"))
    for _ in range(3):
        assert cli.run(["progress", "export"]) == 0
    assert len(list((tmp_path / "trabalho").glob("progresso-*.json"))) == 3


def test_a_name_that_was_chosen(home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    progress.save(report("tag"))
    path = tmp_path / "meu.json"
    assert cli.run(["progresso", "exportar", str(path)]) == 0
    text = path.read_bytes()
    assert cli.run(["progresso", "exportar", str(path)]) == 2
    assert "já existe, e não vou escrever por cima" in capsys.readouterr().err
    assert path.read_bytes() == text
    assert cli.run(["progresso", "exportar", str(tmp_path / "nada" / "meu.json")]) == 2
    assert "não existe. Crie-a" in capsys.readouterr().err


def test_the_better_of_each_unit_stays_and_what_was_there_is_kept(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = NOON + timedelta(days=1)
    for kept in (report("tag"), report("push", Outcome.FAILED), report("pull", moment=later)):
        progress.save(kept)
    before = progress.load_all()
    came = [report("tag", Outcome.FAILED, moment=later), report("push"), report("pull"), report("estranha")]
    assert cli.run(["progresso", "importar", exported(tmp_path / "p.json", *came)]) == 0
    assert outcomes() == {"tag": "passed", "push": "passed", "pull": "passed"}
    assert progress.load_all()["pull"] == before["pull"]
    told = capsys.readouterr().out
    assert "✔ O nome completo da sua imagem: fica como já estava, passou, 10 de 10 pontos." in told
    assert "✔ Envie a sua imagem: agora passou, 10 de 10 pontos (antes 0 de 10 pontos)." in told
    assert "estranha: não é uma unidade deste curso, e ficou de fora." in told
    copy = next((home / "reports" / "copies").glob("antes-*.json"))
    assert str(copy) in told
    assert {one.unit: one for one in progress.brought(copy)} == before


def test_nothing_better_changes_nothing(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    progress.save(report("push"))
    path = exported(tmp_path / "p.json", report("push", Outcome.FAILED))
    assert cli.run(["progresso", "importar", path]) == 0
    assert "Nada mudou" in capsys.readouterr().out
    assert not (home / "reports" / "copies").exists()
    assert cli.run(["progresso", "importar", exported(tmp_path / "vazio.json")]) == 0
    assert "Nada mudou" in capsys.readouterr().out


def log_in(tmp_path: Path, name: str) -> None:
    (tmp_path / "docker").mkdir()
    auth = base64.b64encode(f"{name}:segredo".encode()).decode("ascii")
    config = json.dumps({"auths": {DOCKER_HUB_KEY: {"auth": auth}}})
    (tmp_path / "docker" / "config.json").write_text(config, encoding="utf-8")


@pytest.mark.parametrize("by_login", [True, False])
def test_somebody_elses_comes_only_when_it_is_said_to_be_on_purpose(
    home: Home, tmp_path: Path, by_login: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if by_login:
        log_in(tmp_path, "Ana")
    progress.save(report("tag"))
    path = exported(tmp_path / "p.json", report("push", learner="bia"))
    assert cli.run(["progresso", "importar", path]) == 2
    told = capsys.readouterr().err
    assert "Este progresso é de bia, e aqui quem estuda é ana. Não mexi em nada." in told
    assert "--mesmo-assim" in told
    assert outcomes() == {"tag": "passed"}
    assert cli.run(["progresso", "importar", path, "--mesmo-assim"]) == 0
    assert outcomes() == {"tag": "passed", "push": "passed"}


def test_ones_own_is_ones_own_however_it_was_typed(home: Home, tmp_path: Path) -> None:
    log_in(tmp_path, "ana")
    assert (
        cli.run(["progresso", "importar", exported(tmp_path / "p.json", report("push", learner="Ana"))]) == 0
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [("", "não é um progresso exportado"), ('{"kind": "receipt", "schema": 1}', "é um comprovante"),
     ('{"kind": "progress", "schema": 1, "reports": [{"unit": "../../x"}]}', "está estragado")],
)  # fmt: skip
def test_a_file_of_no_use_touches_nothing(
    home: Home, tmp_path: Path, content: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    progress.save(report("tag"))
    path = tmp_path / "p.json"
    path.write_text(content, encoding="utf-8")
    assert cli.run(["progresso", "importar", str(path)]) == 2
    assert said in capsys.readouterr().err
    assert outcomes() == {"tag": "passed"}
    assert cli.run(["progresso", "importar", str(tmp_path / "nada.json")]) == 2
    assert "não existe" in capsys.readouterr().err


def test_with_nothing_done_there_is_nothing_to_take(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["progresso", "exportar"]) == 2
    assert "Ainda não há progresso a exportar" in capsys.readouterr().err


def test_where_no_lab_ever_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "nenhum"))
    for typed in (["exportar"], ["importar", "p.json"]):
        assert cli.run(["progresso", *typed]) == 3
        assert "Ligue-o uma vez com `lab aula`" in capsys.readouterr().err
    assert not (tmp_path / "nenhum").exists()


def test_a_full_disk_loses_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress.save(report("tag", Outcome.FAILED))
    path = exported(tmp_path / "p.json", report("tag"))
    monkeypatch.setattr(progress, "save", lambda _: None)
    assert cli.run(["progresso", "importar", path]) == 3
    assert "Libere espaço" in capsys.readouterr().err
    assert outcomes() == {"tag": "failed"}


@pytest.mark.parametrize("typed", [["progresso"], ["progresso", "apagar"], ["progresso", "importar"]])
def test_wrong_use_is_explained(home: Home, typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(typed) == 2
    assert "lab --ajuda" in capsys.readouterr().err
