"""One [[check]] of unit.toml, held against the signature of its rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from checks.errors import BadReference
from checks.reference import Reference, parse
from checks.rules import RULES, Rule
from checks.rules.base import KEYED_FACTS, NAMED_FACTS, Parameter
from checks.table import Table, did_you_mean

DOCKER_ID = "{docker_id}"
NOBODY = "SEU_DOCKER_ID"  # what stands for a Docker ID that is not known
_SAMPLE_ID = "docker"
_RESERVED = ("rule", "title", "points", "hints")
_SHAPES: Mapping[type, str] = {int: "1", bool: "true", tuple: '["…"]'}  # how to write a key; else as a text

Argument = str | int | bool | tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """A rule, what it is given, and what it is worth."""

    rule: Rule
    title: str
    points: int
    hints: tuple[str, ...]
    arguments: Mapping[str, Argument]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text the rule is given, those of lists too."""
        return tuple(text for value in self.arguments.values() for text in _texts(value))

    @property
    def answers(self) -> tuple[str, ...]:
        """The keys under which the learner answers it."""
        keyed = (one.name for one in self.rule.parameters if one.kind in KEYED_FACTS)
        return tuple(str(self.arguments[name]) for name in keyed)


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
    key = parameter.name
    if key not in table.data:
        shape = _SHAPES.get(parameter.kind, '"…"')
        raise table.complain(f"a regra `{rule.name}` precisa da chave `{key}`: escreva `{key} = {shape}`.")
    if parameter.kind is bool:
        return table.need(key, bool)
    if parameter.kind is int:
        return _number(table, parameter)
    value = _words(table, key) if parameter.kind is tuple else table.need(key, str)
    for text in _texts(value):
        _fitting(table, parameter, text)
    return value


def _number(table: Table, parameter: Parameter) -> int:
    value = table.points(parameter.name)
    if parameter.fits and not parameter.fits.test(value):
        raise table.complain(f"`{parameter.name}` é {value}, e tem de ser {parameter.fits.what}.")
    return value


def _words(table: Table, key: str) -> tuple[str, ...]:
    words = table.texts(key)
    if not words:
        raise table.complain(f"`{key}` tem de ter ao menos um texto.")
    return words


def _fitting(table: Table, parameter: Parameter, text: str) -> None:
    key = parameter.name
    _known_placeholders(table, key, text)
    sample = fill(text, _SAMPLE_ID)
    if not sample.strip():
        raise table.complain(f"`{key}` não pode ser um texto vazio.")
    if parameter.kind in (*NAMED_FACTS, Reference):
        try:
            parse(sample)
        except BadReference as error:
            raise table.complain(f"`{key}` não é um nome de imagem: {error}") from None
    if parameter.fits and not parameter.fits.test(sample):
        raise table.complain(f"`{key}` tem `{text}`, e tem de ser {parameter.fits.what}.")


def _known_placeholders(table: Table, key: str, text: str) -> None:
    for placeholder in re.findall(r"\{[^}]*\}?|\}", text.replace(DOCKER_ID, "")):
        raise table.complain(f"`{key}` tem `{placeholder}`, e só `{DOCKER_ID}` pode ser preenchido.")


def _texts(value: Argument) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return value if isinstance(value, tuple) else ()
