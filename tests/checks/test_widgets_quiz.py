"""`pergunta` and `multipla`: feedback on each answer, in words; the answer reaches Python and is kept."""

from pathlib import Path
from typing import Any

import pytest

from checks import answers, multipla, pergunta
from checks.widgets.quiz import KEPT_AS, ManyAnswers, OneAnswer

WHY = {
    "para `library`": "Só o nome sem barra.",
    "para `ana`": "É o namespace.",
    "a <b>c</b>": "Não & não.",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    return tmp_path


def one(**changed: Any) -> OneAnswer:
    made = pergunta(
        **({"chave": "dono", "texto": "De quem é?", "opcoes": WHY, "certa": "para `ana`"} | changed)
    )
    assert isinstance(made, OneAnswer)
    return made


def many() -> ManyAnswers:
    made = multipla("partes", "O que falta?", {"a": "Um.", "b": "Dois.", "c": "Três."}, certas=["a", "b"])
    assert isinstance(made, ManyAnswers)
    return made


def radios(quiz: OneAnswer) -> list[Any]:
    return list(quiz.widget.children[2:-1])


def feedback(quiz: OneAnswer | ManyAnswers) -> str:
    return str(quiz.widget.children[-1].value)


def test_each_answer_gets_its_own_words_and_right_or_wrong_is_said() -> None:
    quiz = one()
    assert (quiz.resposta, quiz.acertou, feedback(quiz)) == (None, False, "")
    radios(quiz)[0].value = "para `library`"
    assert (quiz.resposta, quiz.acertou) == ("para `library`", False)
    assert "Não é essa. Só o nome sem barra." in feedback(quiz)
    radios(quiz)[1].value = "para `ana`"
    assert (quiz.resposta, quiz.acertou) == ("para `ana`", True)
    assert "Certa. É o namespace." in feedback(quiz)
    assert 'role="alert"' in feedback(quiz)


def test_one_choice_puts_out_the_other() -> None:
    quiz = one()
    for chosen in WHY:
        next(radio for radio in radios(quiz) if radio.options[0][1] == chosen).value = chosen
        assert [radio.value for radio in radios(quiz) if radio.value] == [chosen]


def test_the_answer_is_shown_again_after_the_kernel_restarts() -> None:
    one().responder("para library")
    again = one()
    assert again.resposta == "para `library`"
    assert "Não é essa" in feedback(again)
    assert 'role="alert"' not in feedback(again)  # nobody asked now
    assert radios(again)[0].value == "para `library`"


def test_an_answer_that_is_no_option_any_more_is_forgotten() -> None:
    one().responder("para library")
    assert one(opcoes={"x": "1", "y": "2"}, certa="x").resposta is None


@pytest.mark.parametrize("kept", ["não é json", "3", '{"a": 1}', "[[]]"])
def test_a_file_that_was_edited_does_no_harm(kept: str) -> None:
    answers.save(KEPT_AS, "dono", kept)
    assert one().resposta is None


def test_without_a_lab_it_works_and_remembers_while_the_kernel_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAB_HOME")
    try:
        assert "Certa" in str(one().responder("PARA ANA"))
        assert one().acertou
    finally:
        answers.forget(KEPT_AS)


def test_options_that_differ_in_a_capital_letter_alone_are_told_apart() -> None:
    quiz = one(opcoes={"`app`": "Sim.", "App": "Maiúscula."}, certa="`app`")
    assert "Maiúscula." in str(quiz.responder("App"))
    assert "Sim." in str(quiz.responder("app"))
    assert "Não há essa opção" in str(quiz.responder("APP"))


def test_what_is_no_option_lists_the_options() -> None:
    quiz = one()
    said = str(quiz.responder("para mim"))
    assert "`para library`, `para ana`" in said
    assert quiz.resposta is None


def test_several_right_answers_are_judged_together() -> None:
    quiz = many()
    *_, a, b, c, judge, _ = quiz.widget.children
    a.value, c.value = True, True
    assert feedback(quiz) == ""  # until it is asked for
    judge.click()
    assert "“a”: ✓ Certa. Um." in feedback(quiz)
    assert "“c”: ✗ Não é essa. Três." in feedback(quiz)
    assert "Falta 1 certa" in feedback(quiz)
    b.value, c.value = True, False
    judge.click()
    assert "achou todas" in feedback(quiz)
    assert (quiz.resposta, quiz.acertou) == (("a", "b"), True)
    assert many().resposta == ("a", "b")


@pytest.mark.parametrize(
    ("chosen", "last"),
    [
        ((), "Faltam 2 certas: procure de novo."),
        (("a", "b", "c"), "Desmarque o que não é e confira de novo."),
        (("a", "b"), "✓ Você achou todas as certas."),
    ],
)
def test_what_is_left_to_do_is_told(chosen: tuple[str, ...], last: str) -> None:
    assert str(many().responder(*chosen)).splitlines()[-1] == last


def test_the_form_that_stays_holds_the_options_and_gives_nothing_away() -> None:
    quiz = one()
    before = quiz._repr_html_(), repr(quiz)
    quiz.responder("para ana")
    assert (quiz._repr_html_(), repr(quiz)) == before
    assert before[0].count("<li>") == 3
    for text in ("De quem é?", "para <code>ana</code>", "a &lt;b&gt;c"):
        assert text in before[0]
    for form in before:
        assert not [why for why in (*WHY.values(), "Certa.", "✓", "✗") if why in form]


def test_a_page_that_cannot_run_folds_what_is_said_of_each_option() -> None:
    page = one().folded()
    assert page.count("<details>") == page.count("</details>") == 3
    assert "<summary>para <code>ana</code></summary><p>✓ Certa. É o namespace.</p>" in page
    assert "✗ Não é essa. Não &amp; não." in page


@pytest.mark.parametrize(
    ("options", "right", "word"),
    [
        ({}, "a", "duas opções"),
        ({"a": "b"}, "a", "duas opções"),
        (["a", "b"], "a", "duas opções"),
        ({"a": "1", "b": "2"}, "c", "resposta certa"),
    ],
)
def test_a_question_badly_written_is_a_sentence(options: Any, right: str, word: str) -> None:
    said = pergunta("dono", "?", options, certa=right)
    assert word in str(said)
    assert "`dono`" in str(said)
