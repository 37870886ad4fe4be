"""What the terminal says to who gives a class: its list, its models and its grades. No lab is on."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checks.classroom.session import Way
from checks.content import Image, Platform
from checks.reference import Reference, parse
from lab import cli, screen, state
from lab.classroom import export, models, roster
from lab.environment import contract
from lab.errors import UsageError
from lab.identity import CARRIED, learner
from lab.paths import Home
from tests.classroom.gradebook_samples import BOOK

COOL = parse("docker-is-cool")
AMD, OTHER, ARM = (
    Image(Platform("linux", architecture), (f"sha256:{digit * 64}",))
    for architecture, digit in (("amd64", "1"), ("amd64", "2"), ("arm64", "3"))
)


@pytest.fixture
def a_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A list with one person who has no more than a name."""
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "lab"))
    monkeypatch.setenv("WORK_HOME", str(tmp_path / "trabalho"))
    monkeypatch.delenv("HUB_TIME_ZONE", raising=False)
    (tmp_path / "lista.csv").write_text("Nome,E-mail\nAna,ana@x.br\nÉlio Ávila,\n", encoding="utf-8")
    assert cli.run(["turma", "importar", str(tmp_path / "lista.csv")]) == 0
    return tmp_path


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        patch.delenv("HUB_TIME_ZONE", raising=False)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("in_tokyo")
def test_a_due_date_is_by_the_clock_of_the_pages_wherever_it_is_typed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert export.moment("29/11/2026 07:06") == datetime(2026, 11, 29, 10, 6, tzinfo=UTC)
    assert export.moment("29/11/2026") == datetime(2026, 11, 30, 2, 59, 59, tzinfo=UTC)
    monkeypatch.setenv("HUB_TIME_ZONE", "America/Manaus")
    assert export.moment("29/11/2026 07:06") == datetime(2026, 11, 29, 11, 6, tzinfo=UTC)


def test_the_hub_of_the_lab_hears_of_the_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also behind sudo."""
    monkeypatch.setenv("HUB_TIME_ZONE", "America/Manaus")
    lab = state.Lab("cafe0123", "127.40.1.2", "127.40.1.3", 21001, 21002)
    assert contract(Home(tmp_path), lab, learner())["HUB_TIME_ZONE"] == "America/Manaus"
    assert "HUB_TIME_ZONE" in CARRIED


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (export.Rules(due="0001-01-01"), "Não entendi o dia «0001-01-01»"),
        (export.Rules(due="17/02/2018 23:30"), "existe duas vezes, por causa do horário de verão"),
        (export.Rules(off_each_day="10"), "--desconto-por-dia só conta com um prazo"),
        (export.Rules(second_worth="60"), "--segunda-vale só conta com uma segunda chance"),
        (export.Rules(due="10/12/2026", second_worth="60"), "só conta com uma segunda chance"),
        (
            export.Rules(due="10/12/2026", off_each_day="nan"),
            "precisa ser um número de 0 a 100, e vale «nan»",
        ),
        (export.Rules(due="10/12/2026", off_each_day="150"), "precisa ser um número de 0 a 100"),
        (export.Rules(due="10/12/2026", off_each_day="dez"), "precisa ser um número de 0 a 100"),
    ],
)
def test_rules_that_make_no_sense_or_count_for_nothing_are_refused(rules: export.Rules, said: str) -> None:
    with pytest.raises(UsageError) as told:
        rules.policy()
    assert said in str(told.value)


def test_a_zone_that_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Marte", "America", "/etc/passwd"):
        monkeypatch.setenv("HUB_TIME_ZONE", name)
        with pytest.raises(UsageError, match="HUB_TIME_ZONE precisa ser um fuso horário"):
            export.moment("10/12/2026")


def test_a_part_may_have_a_comma() -> None:
    assert export.Rules(due="10/12/2026", off_each_day="10,5").policy().off_each_day == 0.105


def test_the_file_and_its_due_date_are_told(a_class: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = a_class / "notas.csv"
    assert cli.run(["turma", "exportar", "csv", "--arquivo", str(file), "--prazo", "29/11/2026 07:06"]) == 0
    said = capsys.readouterr().out
    assert f"Pessoas no arquivo {file}: 2." in said
    assert "Prazo: 29/11/2026 07:06, no horário de America/Sao_Paulo." in said
    assert "Pessoas ainda sem nota nenhuma: 2." in said


def test_a_spreadsheet_in_portuguese_gets_its_commas(a_class: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = a_class / "notas.csv"
    monkeypatch.setattr(export, "gradebook", lambda *_, **__: BOOK)
    typed = ["turma", "exportar", "csv", "--arquivo", str(file), "--ponto-e-virgula"]
    for more, shown in ([], ";7.5;"), (["--numeros-com-virgula"], ";7,5;"):
        assert cli.run([*typed, *more]) == 0
        assert shown in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            ["exportar", "csv", "--arquivo", "nada/x.csv"],
            "Não consegui gravar nada/x.csv: essa pasta não existe.",
        ),
        (["exportar", "csv", "--arquivo", "."], "Não consegui gravar .: isso é uma pasta, e não um arquivo."),
        (["exportar", "canvas", "--base", "x.csv"], "Não consegui ler x.csv: esse arquivo não existe."),
        (["importar", "x.csv"], "Não consegui ler x.csv: esse arquivo não existe. Confira o nome."),
        (["importar", "."], "Não consegui ler .: isso é uma pasta, e não um arquivo."),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_portuguese(
    a_class: Path,
    typed: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(a_class)
    assert cli.run(["turma", *typed]) == 2
    assert said in capsys.readouterr().err


def test_rows_that_are_nobody_are_no_trouble(a_class: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As every export of Canvas has them."""
    canvas = 'Student,ID,SIS Login ID,Section\n    Points Possible,,,\nBia,7,bia,A\n"Student, Test",9,x,A\n'
    (a_class / "canvas.csv").write_text(canvas, encoding="utf-8")
    assert cli.run(["turma", "importar", str(a_class / "canvas.csv")]) == 0
    assert "Linha 2 ficou de fora" in capsys.readouterr().out
    (a_class / "ruim.csv").write_text("nome,email\nBia,b@x.br\nEva,e@x.br,a,b\n", encoding="utf-8")
    assert cli.run(["turma", "importar", str(a_class / "ruim.csv")]) == 1


def test_somebody_who_has_only_a_name_can_be_erased(
    a_class: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for answer in ("", "n\n", "\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer))
        assert cli.run(["turma", "apagar", "elio avila"]) == 1
        assert "Nada foi apagado." in capsys.readouterr().out
    monkeypatch.setattr("sys.stdin", io.StringIO("Sim\n"))
    assert cli.run(["turma", "apagar", "elio avila"]) == 0
    assert "Apagado: Élio Ávila" in capsys.readouterr().out


def test_who_shares_a_name_is_called_by_what_nobody_shares(
    a_class: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (a_class / "mais.csv").write_text("Nome,E-mail\nAna,ana@x.br\nANA,ana2@x.br\n", encoding="utf-8")
    cli.run(["turma", "importar", str(a_class / "mais.csv")])
    assert cli.run(["turma", "apagar", "ana"]) == 2
    assert "No lugar do nome, diga um destes: ana@x.br, ana2@x.br" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "agreed"),
    [("s\n", True), ("SIM \n", True), ("n\n", False), ("y\n", False), ("\n", False), ("", False)],
)
def test_a_question_is_answered_in_portuguese(
    typed: str, agreed: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert screen.agreed("Apagar tudo?") is agreed
    assert "Apagar tudo? [s/N]" in capsys.readouterr().out


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Image]:
    """What is on the hub under each name."""
    found = {"ana/docker-is-cool": AMD, "bia/docker-is-cool": OTHER, "caio/docker-is-cool": ARM}

    async def look(pushed: Reference, _: Way) -> tuple[Image, ...]:
        return (found[pushed.familiar.removesuffix(":latest")],)

    monkeypatch.setattr(models, "_look", look)
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    return found


@pytest.mark.usefixtures("registry")
def test_another_image_of_a_platform_is_no_second_model(tmp_path: Path) -> None:
    home = Home(tmp_path / "lab")

    def add(owner: str, **how: bool) -> tuple[Image, ...]:
        models.add_pushed(home, COOL, parse(f"{owner}/docker-is-cool"), Way(), **how)
        return models.load(home).named(COOL)

    assert add("ana") == (AMD,)
    assert add("caio") == add("ana") == (AMD, ARM), "another platform, and the same once more"
    with pytest.raises(
        UsageError, match=r"já tem outro modelo de `docker-is-cool:latest` para linux/amd64.*--trocar"
    ):
        add("bia")
    assert models.load(home).named(COOL) == (AMD, ARM)
    assert add("bia", both=True) == (AMD, ARM, OTHER), "of a class whose machines have other programs"
    assert add("bia", swap=True) == (ARM, OTHER)
    models.take_out(home, COOL)
    assert models.load(home).images == {}
    with pytest.raises(UsageError, match="não tem modelo"):
        models.take_out(home, COOL)


@pytest.mark.usefixtures("registry")
def test_a_name_that_no_unit_compares_with_has_no_model(tmp_path: Path) -> None:
    home = Home(tmp_path / "lab")
    with pytest.raises(UsageError, match=r"Nenhuma unidade compara .*têm modelo: docker-is-cool:latest"):
        models.add_pushed(home, parse("docker-is-col"), parse("ana/docker-is-cool"), Way())
    assert not home.models.exists()


@pytest.mark.usefixtures("registry")
def test_without_a_place_the_models_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path / "lab")
    roster.change_models(home, "docker-is-cool", roster.Change(), real=False)
    roster.change_models(home, "docker-is-cool", roster.Change("caio/docker-is-cool"), real=True)
    roster.change_models(home, "docker-is-cool", roster.Change(remove=True), real=False)
    assert [line.partition(".")[0] for line in capsys.readouterr().out.splitlines()] == [
        "A turma não tem nenhuma imagem modelo",
        "A turma tem o modelo de `docker-is-cool:latest` para: linux/arm64",
        "Tirei da turma os modelos de `docker-is-cool:latest`",
        "A turma não tem nenhuma imagem modelo",
    ]
    place = "ana/docker-is-cool"
    for change in (
        roster.Change(swap=True),
        roster.Change(both=True),
        roster.Change(place, swap=True, both=True),
        roster.Change(place, remove=True),
    ):
        with pytest.raises(UsageError, match="--de vai com --trocar ou com --tambem"):
            roster.change_models(home, "docker-is-cool", change, real=False)
