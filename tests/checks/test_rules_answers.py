"""What the learner answered: the accepted texts, and names read as Docker reads them."""

import pytest

from checks.image import Answer
from checks.outcome import Outcome
from checks.reference import parse
from tests.checks.rule_facts import FAILED, NOT_ATTEMPTED, PASSED, expect, judge

AGAIN = '`ex.responder("pergunta", "a sua resposta")`'
WANTED = parse("ana/app:1.0")


def answer(text: str | None) -> Answer:
    return Answer("pergunta", text)


@pytest.mark.parametrize(
    "text",
    ["Não", "nao", "  NÃO ", "`não`", "“Não”.", "na\u0303o", "não\u200b", "talvez\n  sim", "'talvez sim'"],
)
def test_an_accepted_answer_in_any_dress(text: str) -> None:
    expect(judge("answer_is", answer=answer(text), accepted=("não", "Talvez  sim")), PASSED, "está certa")


@pytest.mark.parametrize("text", ["sim", "nã", "não não", "naoo"])
def test_another_answer(text: str) -> None:
    verdict = judge("answer_is", answer=answer(text), accepted=("não",))
    expect(verdict, FAILED, f"foi `{text}`", AGAIN)


def test_what_is_only_punctuation_is_compared_as_it_is() -> None:
    expect(judge("answer_is", answer=answer(" ."), accepted=(".",)), PASSED)
    expect(judge("answer_is", answer=answer("!"), accepted=(".",)), FAILED)


def test_a_wrong_answer_is_shown_short_and_does_not_tell_the_right_one() -> None:
    verdict = judge("answer_is", answer=answer("`a`\n" + "b" * 900), accepted=("segredo",))
    assert len(verdict.message) < 300
    assert "\n" not in verdict.message
    assert "segredo" not in verdict.message


@pytest.mark.parametrize("rule", ["answer_is", "answer_names"])
def test_a_token_pasted_by_mistake_is_not_repeated(rule: str) -> None:
    token = "dckr_pat_" + "aB3xK9mQ2rT7vW1yZ5nL8pC4dF6"
    keys = {"accepted": ("x",)} if rule == "answer_is" else {"image": WANTED}
    verdict = judge(rule, answer=answer(token), **keys)
    expect(verdict, FAILED, AGAIN)
    assert token not in verdict.message


@pytest.mark.parametrize("rule", ["answer_is", "answer_names"])
def test_no_answer_yet(rule: str) -> None:
    keys = {"accepted": ("x",)} if rule == "answer_is" else {"image": WANTED}
    expect(judge(rule, answer=answer(None), **keys), NOT_ATTEMPTED, "ainda não respondeu a `pergunta`", AGAIN)


@pytest.mark.parametrize("text", ["ana/app:1.0", " docker.io/ana/app:1.0\n", "index.docker.io/ana/app:1.0"])
def test_the_name_in_any_way_that_means_the_same(text: str) -> None:
    expect(judge("answer_names", answer=answer(text), image=WANTED), PASSED, "`ana/app:1.0`")


@pytest.mark.parametrize("text", ["app", "library/app:latest"])
def test_the_tag_that_is_not_said(text: str) -> None:
    expect(judge("answer_names", answer=answer(text), image=parse("app")), PASSED)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ana/App:1.0", ["só aceita minúsculas", "use `ana/app:1.0`"]),
        ("ana/minha app:1.0", ["não pode ter espaços"]),
        ("ana/app:", ["falta a tag depois de `:`"]),
        ("https://hub.docker.com/r/ana/app", ["endereço da web", "use `ana/app`"]),
        ("hub.docker.com/ana/app:1.0", ["não entra no nome da imagem", "use `ana/app:1.0`"]),
        ("", ["Falta o nome da imagem"]),
        ("ghcr.io/ana/app:1.0", ["registry `ghcr.io`"]),
        ("bia/app:1.0", ["imagem de `bia`"]),
        ("app:1.0", ["não diz de quem é a imagem"]),
        ("ana/outra:1.0", ["de outro repositório"]),
        ("ana/app:2.0", ["tem a tag `2.0`"]),
        ("ana/app", ["tem a tag `latest`"]),
        (f"ana/app@sha256:{'1' * 64}", ["uma tag ou um digest"]),
    ],
)
def test_a_name_that_is_not_the_one_says_which_part(text: str, words: list[str]) -> None:
    expect(judge("answer_names", answer=answer(text), image=WANTED), FAILED, *words, AGAIN)


def test_only_a_name_that_docker_refuses_gets_its_mend() -> None:
    """The right name stays for the learner to find."""
    verdict = judge("answer_names", answer=answer("bia/app:1.0"), image=WANTED)
    assert "ana" not in verdict.message
    assert verdict.outcome is Outcome.FAILED
