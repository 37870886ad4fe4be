"""What a cell sees: the panel, ex.verificar(), ex.dica(), ex.solucao() and quem_sou()."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from checks import exercicio, marca, onde_estou, progress, quem_sou, runner
from checks.errors import BadUnit
from checks.outcome import Outcome
from checks.report import Finding, Report
from tests.checks.panels import button_of, in_a_kernel, log_in, make_home, page, press, rest, widgets

MARKED = """
title = "Marque"
points = 1

[[check]]
rule = "marked"
image = "{docker_id}/app:1.0"
points = 1
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lab with one unit and nobody logged in."""
    return make_home(tmp_path, monkeypatch)


def test_the_panel_shows_the_exercise_before_any_check(home: Path) -> None:
    bundle = exercicio("login")._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == (
        "Exercício: Entre no <Docker Hub> (4 pontos)\n"
        "\n"
        "- Você entrou no Docker Hub pelo terminal (3 pontos)\n"
        "- De novo (1 ponto)\n"
        "\n"
        "Use ex.verificar(), ex.dica() e ex.solucao()."
    )


def test_the_panel_is_escaped_and_says_where_it_is(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ex = exercicio("login")
    ex._repr_mimebundle_()
    assert "Entre no &lt;Docker Hub&gt;" in page(ex)
    assert "Hub de treino" in page(ex)
    assert 'href="http://127.0.0.1:8123"' in page(ex)
    assert "ainda não verificado" in page(ex)
    monkeypatch.setenv("LAB_MODE", "real")
    ex._repr_mimebundle_()
    assert "Docker Hub real" in page(ex)


def test_checking_gives_a_value_with_a_stable_text_and_updates_the_panel(home: Path) -> None:
    ex = exercicio("login")
    first = ex.verificar()
    assert first.report.outcome is Outcome.NOT_ATTEMPTED
    assert repr(first) == repr(ex.verificar())
    assert "não tentado" in page(ex)
    log_in(home, "ana")
    assert repr(ex.verificar()).startswith("Entre no <Docker Hub>: passou, 4 de 4 pontos")
    assert "Verificação terminada: passou, 4 de 4 pontos" in page(ex)
    assert "&lt;Docker Hub&gt;" in ex.verificar()._repr_html_()


def test_the_result_is_kept_and_shown_again_later(home: Path) -> None:
    log_in(home, "ana")
    exercicio("login").verificar()
    kept = progress.load("login")
    assert kept
    assert (kept.learner, kept.score) == ("ana", 4)
    assert "passou" in page(exercicio("login"))
    assert "passou" not in page(exercicio("login", aluno="bob"))


def test_a_kept_result_of_an_older_unit_is_not_shown(home: Path) -> None:
    progress.save(Report("login", "x", "ana", (Finding("pushed", "t", Outcome.PASSED, 4, "m"),)))
    assert exercicio("login").relatorio is None


def test_a_button_never_loses_the_keyboard_while_it_works(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is disabled loses the focus, and with it goes whoever uses the keyboard alone."""
    ex = exercicio("login")
    button = button_of(ex, "Verificar")
    seen: list[str] = []
    button.observe(lambda change: seen.append(change["new"]), "description")
    button.observe(lambda _: pytest.fail("disabled"), "disabled")
    press(ex, "Verificar")
    assert seen == ["Verificando, aguarde…", "Verificar"]
    assert ex.relatorio is not None


def test_pressed_again_while_it_works_it_does_not_begin_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ex = exercicio("login")
    begun, go_on = threading.Semaphore(0), threading.Event()
    verify = runner.verify

    def slow(*given: Any) -> Report:
        begun.release()
        go_on.wait(10)
        return verify(*given)

    monkeypatch.setattr(runner, "verify", slow)
    button = button_of(ex, "Verificar")
    for _ in range(3):
        button.click()
    assert begun.acquire(timeout=10)
    assert "Verificando, aguarde…" in page(ex)
    go_on.set()
    rest()
    assert not begun.acquire(blocking=False)
    assert "Verificação terminada" in page(ex)


def test_every_button_has_a_tooltip(home: Path) -> None:
    buttons = [item for item in widgets(exercicio("login")) if isinstance(item, ipywidgets.Button)]
    assert [item.description for item in buttons] == ["Verificar", "Dica", "Solução"]
    assert all(item.tooltip for item in buttons)


def test_a_button_tells_trouble_in_the_panel(home: Path) -> None:
    ex = exercicio("login")
    (home / ".lab").mkdir(exist_ok=True)
    (home / ".lab/reports").write_text("in the way", encoding="utf-8")
    press(ex, "Verificar")
    assert "não tentado" in page(ex)


def test_hints_go_from_the_first_to_the_last(home: Path) -> None:
    ex = exercicio("login")
    assert repr(ex.dica()) == "Dica 1 de 2 para “Você entrou no Docker Hub pelo terminal”: Abra um terminal."
    assert "`docker login -u SEU_DOCKER_ID`" in repr(ex.dica(2))
    assert "tem dicas de 1 a 2" in repr(ex.dica(3))
    assert "tem dicas de 1 a 2" in repr(ex.dica(0))
    for expected in ("Dica 1 de 2", "Dica 2 de 2", "Dica 2 de 2"):
        press(ex, "Dica")
        assert expected in page(ex)


def test_a_hint_is_for_the_first_check_that_has_not_passed(home: Path) -> None:
    rules = ("logged_in", "logged_in")
    outcomes = (Outcome.PASSED, Outcome.FAILED)
    findings = [Finding(rule, "t", outcome, 1, "m") for rule, outcome in zip(rules, outcomes, strict=True)]
    progress.save(Report("login", "x", "ana", tuple(findings)))
    assert repr(exercicio("login").dica()) == "Dica 1 de 1 para “De novo”: Releia a lição, ana."


def test_who_passed_needs_no_hint(home: Path) -> None:
    log_in(home, "ana")
    ex = exercicio("login")
    ex.verificar()
    assert "não precisa de dica" in repr(ex.dica())


def write_solution(home: Path) -> None:
    code = {"cell_type": "code", "source": ["docker_id = 'x'\n", "!docker push {docker_id}/cool\n"]}
    (home / "solutions").mkdir()
    path = home / "solutions/50-login.ipynb"
    path.write_text(
        json.dumps({"cells": [{"cell_type": "markdown", "source": "!não"}, code]}), encoding="utf-8"
    )


def test_the_solution_comes_at_the_second_asking(home: Path) -> None:
    write_solution(home)
    ex = exercicio("login", aluno="ana")
    assert "de novo" in repr(ex.solucao())
    assert repr(ex.solucao()) == (
        "A solução comentada está em `solutions/50-login.ipynb`, na pasta do curso.\n"
        "O essencial dela, na ordem:\n"
        "`docker push ana/cool`"
    )


def test_a_button_speaks_of_buttons_and_a_method_of_methods(home: Path) -> None:
    ex = exercicio("login")
    press(ex, "Solução")
    assert "experimente o botão Dica" in page(ex)
    assert "aperte Solução de novo" in page(ex)
    assert "ex." not in page(ex)
    assert "`ex.solucao()` de novo" in repr(exercicio("login").solucao())


def test_the_solution_comes_at_once_after_success(home: Path) -> None:
    write_solution(home)
    log_in(home, "ana")
    ex = exercicio("login")
    ex.verificar()
    press(ex, "Solução")
    assert "solutions/50-login.ipynb" in page(ex)


def test_a_solution_that_is_not_there_is_not_promised(home: Path) -> None:
    ex = exercicio("login")
    ex.solucao()
    assert "ainda não foi publicada" in repr(ex.solucao())


def test_the_english_names_do_the_same(home: Path) -> None:
    ex = exercicio("login")
    assert repr(ex.check()) == repr(ex.verificar())
    assert repr(ex.hint(2)) == repr(ex.dica(2))
    assert repr(ex.solution()) != repr(ex.solucao())


def test_the_mark_comes_with_the_image_that_the_unit_asks_for(home: Path) -> None:
    assert "docker login" in repr(exercicio("login").marca())
    (home / ".lab/secrets").mkdir(parents=True)
    (home / ".lab/secrets/class-secret").write_text("segredo da turma", encoding="utf-8")
    (home / "course/90-marca").mkdir()
    (home / "course/90-marca/unit.toml").write_text(MARKED, encoding="utf-8")
    log_in(home, "ana")
    told = exercicio("marca").marca()
    assert told.rotulo in repr(told)
    assert "-t ana/app:1.0 ." in repr(told)
    assert told == exercicio("marca", aluno="ana").marca()
    assert "-t ana/minha-imagem ." in repr(marca())
    assert "-t ana/minha-imagem ." in repr(exercicio("login").marca())


def test_it_works_where_a_loop_is_running(home: Path) -> None:
    async def cell() -> str:
        return repr(exercicio("login").verificar())

    assert "não tentado" in asyncio.run(cell())


def test_an_unknown_unit_names_the_nearest(home: Path) -> None:
    with pytest.raises(BadUnit, match="Você quis dizer `login`"):
        exercicio("logn")


def test_in_a_real_kernel_the_panel_shows_once_a_cell(home: Path) -> None:
    cells = [
        "from checks import exercicio\nex = exercicio('login')",
        "ex",
        "ex = exercicio('login')\nex",
        "ex.verificar()",
    ]
    notebook = in_a_kernel(cells)
    shown = [[output["data"]["text/plain"] for output in cell.outputs] for cell in notebook.cells]
    assert [len(texts) for texts in shown] == [1, 1, 1, 1]
    assert all(texts[0].startswith("Exercício: Entre no") for texts in shown[:3])
    assert shown[3][0].startswith("Entre no <Docker Hub>: não tentado, 0 de 4 pontos")
    assert "application/vnd.jupyter.widget-view+json" in notebook.cells[0].outputs[0]["data"]


def test_where_am_i(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert repr(onde_estou()).startswith("Hub de treino: ")
    assert "http://127.0.0.1:8123" in repr(onde_estou())
    monkeypatch.delenv("LAB_MODE")
    monkeypatch.delenv("LAB_HUB_URL")
    assert repr(onde_estou()).startswith("Docker Hub real: ")
    assert "https://hub.docker.com" in repr(onde_estou())


def test_who_am_i(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert quem_sou() == "SEU_DOCKER_ID"
    assert "`docker login -u SEU_DOCKER_ID`" in capsys.readouterr().out
    log_in(home, "ana")
    assert quem_sou() == "ana"
    assert capsys.readouterr().out == ""
    (home / "docker/config.json").write_text("{", encoding="utf-8")
    assert quem_sou() == "SEU_DOCKER_ID"
    assert "config.json" in capsys.readouterr().out


def test_a_command_of_a_cell_writes_line_by_line(home: Path) -> None:
    """Docker moves the cursor when it has a terminal, and JupyterLab ignores those moves."""
    command = "!sh -c '[ -t 1 ] && echo terminal || echo {word}; read answer || echo sem resposta; exit 3'"
    notebook = in_a_kernel(["from checks import exercicio\nword = 'cano'", command, "_exit_code"])
    written = "".join(output.text for output in notebook.cells[1].outputs)
    assert written == "cano\nsem resposta\n"
    assert notebook.cells[2].outputs[0]["data"]["text/plain"] == "3"
