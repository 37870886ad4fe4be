"""One [[check]] of unit.toml, held against the signature of its rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.errors import BadReference
from checks.reference import parse
from checks.rules import RULES, Rule
from checks.rules.base import NAMED_FACTS, Parameter
from checks.table import Table, did_you_mean

DOCKER_ID = "{docker_id}"
NOBODY = "SEU_DOCKER_ID"  # what stands for a Docker ID that is not known
_SAMPLE_ID = "docker"
_RESERVED = ("rule", "title", "points", "hints")

Argument = str | int | bool


@dataclass(frozen=True)
class Check:
    """A rule, what it is given, and what it is worth."""

    rule: Rule
    title: str
    points: int
    hints: tuple[str, ...]
    arguments: Mapping[str, Argument]


def read_check(table: Table) -> Check:
    rule = _rule(table)
    table.only((*_RESERVED, *rule.arguments))
    return Check(
        rule=rule,
        title=table.get("title", str, rule.title),
        points=table.points("points"),
        hints=table.texts("hints"),
        arguments={
            name: _argument(table, rule, parameter)
            for name, parameter in rule.arguments.items()
            if parameter.required or name in table.data
        },
    )


def fill(text: str, docker_id: str) -> str:
    return text.replace(DOCKER_ID, docker_id)


def _rule(table: Table) -> Rule:
    name = table.need("rule", str)
    if name not in RULES:
        known = ", ".join(f"`{known}`" for known in sorted(RULES))
        nearest = did_you_mean(name, RULES)
        raise table.complain(f"a regra `{name}` não existe.{nearest} As regras são: {known}.")
    return RULES[name]


def _argument(table: Table, rule: Rule, parameter: Parameter) -> Argument:
    if parameter.name not in table.data:
        raise table.complain(
            f'a regra `{rule.name}` precisa da chave `{parameter.name}`: escreva `{parameter.name} = "…"`.'
        )
    if parameter.kind not in NAMED_FACTS:
        value: Argument = table.need(parameter.name, parameter.kind)
        if isinstance(value, str):
            _known_placeholders(table, parameter.name, value)
        return value
    text = table.need(parameter.name, str)
    _known_placeholders(table, parameter.name, text)
    try:
        parse(fill(text, _SAMPLE_ID))
    except BadReference as error:
        raise table.complain(f"`{parameter.name}` não é um nome de imagem: {error}") from None
    return text


def _known_placeholders(table: Table, key: str, text: str) -> None:
    for placeholder in re.findall(r"\{[^}]*\}?|\}", text.replace(DOCKER_ID, "")):
        raise table.complain(f"`{key}` tem `{placeholder}`, e só `{DOCKER_ID}` pode ser preenchido.")
