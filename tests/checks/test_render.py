"""A report in text, JSON and HTML: whole, stable, escaped."""

import json
import re
from datetime import UTC, datetime

import pytest

from checks.outcome import Outcome
from checks.render import html, text
from checks.render import json as json_format
from checks.report import Finding, Report

SCRIPT = "<script>alert(1)</script>"


def report(*outcomes: Outcome, message: str = "Use `docker push ana/cool`.", at: int = 1) -> Report:
    checks = tuple(
        Finding(
            "pushed", "Está lá", outcome, 5, message, hint="Segredo da dica.", facts={"digest": "sha256:ff"}
        )
        for outcome in outcomes
    )
    return Report("push", "Envie a imagem", "ana", checks, datetime(2026, 11, at, tzinfo=UTC))


def test_the_text_of_a_report() -> None:
    assert text.render(report(Outcome.PASSED, Outcome.FAILED)) == (
        "Envie a imagem: falhou, 5 de 10 pontos\n"
        "\n"
        "✔ Está lá: passou (5 de 5 pontos)\n"
        "\n"
        "✘ Está lá: falhou (0 de 5 pontos)\n"
        "    Use `docker push ana/cool`."
    )


@pytest.mark.parametrize("render", [text.render, html.render])
def test_what_changes_by_itself_is_not_shown(render: object) -> None:
    assert callable(render)
    assert render(report(*Outcome, at=1)) == render(report(*Outcome, at=2))
    assert "sha256" not in render(report(*Outcome))
    assert "Segredo" not in render(report(*Outcome))


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_icon_and_word_in_both(outcome: Outcome) -> None:
    for shown in (text.render(report(outcome)), html.render(report(outcome))):
        assert outcome.icon in shown
        assert outcome.label in shown


def test_a_terminal_has_nothing_to_obey_in_it() -> None:
    assert "\ufffd[2JOi\ufffd\n" in text.render(
        report(Outcome.FAILED, Outcome.PASSED, message="\x1b[2JOi\x07")
    )


def test_one_point_is_singular() -> None:
    assert (text.points(0, 1), text.points(1, 2)) == ("0 de 1 ponto", "1 de 2 pontos")


def test_the_json_of_one_and_of_several() -> None:
    one, other = report(Outcome.PASSED), report(Outcome.FAILED)
    assert json.loads(json_format.render(one)) == one.to_dict()
    assert "Está lá" in json_format.render(one)
    several = json.loads(json_format.render_many([one, other]))
    assert several == {"schema": 1, "reports": [one.to_dict(), other.to_dict()]}


def test_html_escapes_everything() -> None:
    finding = Finding("pushed", SCRIPT, Outcome.FAILED, 1, f'Use `{SCRIPT}` e "aspas".')
    shown = html.render(Report("push", SCRIPT, SCRIPT, (finding,)))
    shown += html.header(SCRIPT, SCRIPT, f'https://x/"{SCRIPT}') + html.note(SCRIPT) + html.pending(SCRIPT, 1)
    assert "<script" not in shown
    assert shown.count("&lt;script&gt;") == 8
    assert '"&lt;' not in shown.replace("&quot;", "")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_web_addresses_become_links(url: str) -> None:
    assert html.link(url, "Hub") == "Hub"
    assert "href" in html.link("http://127.0.0.1:8000", "Hub")


def test_commands_are_shown_as_code() -> None:
    assert html.prose("Use `docker push` já.") == "Use <code>docker push</code> já."


def test_the_bar_says_its_value_to_a_screen_reader() -> None:
    shown = html.score(3, 10)
    assert 'role="progressbar"' in shown
    assert 'aria-valuenow="3"' in shown
    assert "width: 30%" in shown


def test_the_style_follows_the_theme_and_has_fallbacks() -> None:
    colours = re.findall(r"var\((--jp-[\w-]+)(,?)", html.STYLE)
    assert colours
    assert all(fallback for _, fallback in colours)
