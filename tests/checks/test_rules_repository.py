"""A repository: who sees it and what is written about it, as the hub tells and as the rules say."""

from typing import Any

import pytest

from checks.image import Repository
from checks.outcome import Outcome
from checks.reference import parse
from checks.rules import RULES
from tests.checks.rule_facts import FAILED, NOT_ATTEMPTED, PASSED, UNVERIFIABLE, expect, judge

APP = parse("ana/app")


def repository(**known: Any) -> Repository:
    return Repository(APP, exists=True, **known)


ABSENT = Repository(APP, exists=False)
WRITTEN = repository(
    private=False, description="Uma página com Olá", overview="# Olá\n\nUse com `docker run`."
)


@pytest.mark.parametrize(
    ("known", "private", "outcome", "words"),
    [
        (True, True, PASSED, ["é privado"]),
        (False, False, PASSED, ["é público"]),
        (True, False, FAILED, ["`ana/app` é privado", "No navegador", "torne-o público"]),
        (False, True, FAILED, ["`ana/app` é público", "No navegador", "torne-o privado"]),
        (None, True, UNVERIFIABLE, ["não disse"]),
    ],
)
def test_visibility(known: bool | None, private: bool, outcome: Outcome, words: list[str]) -> None:
    expect(judge("visibility", image=repository(private=known), private=private), outcome, *words)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, []),
        ({"contains": "PAGINA"}, []),
        ({"at_least": 10}, []),
        ({"contains": "docker"}, ["não tem o texto `docker`", "No navegador", "acrescente esse texto"]),
        ({"at_least": 90}, ["(18), e o mínimo pedido é 90", "No navegador", "em até 100."]),
    ],
)
def test_the_short_description(keys: dict[str, Any], words: list[str]) -> None:
    expect(judge("short_description", image=WRITTEN, **keys), FAILED if words else PASSED, *words)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, []),
        ({"contains": "Docker  RUN"}, []),
        ({"contains": "licença"}, ["não tem o texto `licença`", "No navegador", "em Overview"]),
        ({"at_least": 90}, ["(28), e o mínimo pedido é 90", "No navegador", "em Overview"]),
    ],
)
def test_the_overview(keys: dict[str, Any], words: list[str]) -> None:
    expect(judge("overview", image=WRITTEN, **keys), FAILED if words else PASSED, *words)


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_nothing_written_yet(empty: str) -> None:
    blank = repository(description=empty, overview=empty)
    expect(judge("short_description", image=blank), FAILED, "ainda não tem descrição curta", "No navegador")
    expect(judge("overview", image=blank), FAILED, "ainda não tem apresentação", "No navegador")


@pytest.mark.parametrize("rule", ["short_description", "overview"])
def test_what_the_hub_does_not_tell(rule: str) -> None:
    expect(judge(rule, image=repository()), UNVERIFIABLE, "não disse", "Verifique de novo")


@pytest.mark.parametrize("rule", ["repository_exists", "visibility", "short_description", "overview"])
def test_a_repository_that_is_not_there(rule: str) -> None:
    keys = {"private": True} if "private" in RULES[rule].arguments else {}
    made_by_push = [] if rule == "visibility" else ["`docker push ana/app:latest`"]
    expect(judge(rule, image=ABSENT, **keys), NOT_ATTEMPTED, "no navegador", *made_by_push)


def test_a_repository_that_is_there() -> None:
    expect(judge("repository_exists", image=WRITTEN), PASSED, "`ana/app`")
