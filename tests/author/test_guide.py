"""docs/autor.md says what is true: its rules, kinds, steps and verdicts are the ones of the code."""

import re
import tomllib

from checks.cases import PREFIXES
from checks.place import REPOSITORY
from checks.rules import RULES
from lab.author.source import Kind
from lab.author.steps import STEPS

GUIDE = (REPOSITORY / "docs" / "autor.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """First column, in backquotes, to the second one, of the first table after a heading."""
    table = GUIDE.split(f"# {heading}\n", 1)[1].split("\n|", 1)[1].split("\n\n", 1)[0]
    return dict(re.findall(r"^\|? ?`(\w+)` \|([^|]*)\|", table, flags=re.MULTILINE))


def test_the_rules_and_their_keys() -> None:
    said = {name: set(re.findall(r"`(\w+)`", keys)) for name, keys in rows("As regras").items()}
    assert said == {name: set(rule.arguments) for name, rule in RULES.items()}


def test_the_kinds_of_cell() -> None:
    assert set(rows("As células")) == {kind.value for kind in Kind} - {Kind.PLAIN.value}


def test_the_steps_done_by_hand() -> None:
    sample = tomllib.loads(GUIDE.split("```toml\n", 1)[1].split("```", 1)[0])
    assert set(sample["by_hand"]) == set(STEPS)
    assert all(f"`{step}` " in GUIDE for step in STEPS)


def test_the_verdicts_of_cases() -> None:
    assert set(re.findall(r"`(\w+)-….json`", GUIDE)) == set(PREFIXES)
