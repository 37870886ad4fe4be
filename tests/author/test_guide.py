"""docs/autor.md says what is true: its rules, kinds, steps and verdicts are the ones of the code."""

import re
import tomllib
from pathlib import Path

from checks.case_file import KEYS, read_world
from checks.cases import PREFIXES
from checks.leaks import Place
from checks.place import REPOSITORY
from checks.rules import RULES
from checks.secrets import Kind as SecretKind
from lab.author.quizzes import read_quiz
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


def test_the_examples_of_cases_are_read_as_a_case_would_be(tmp_path: Path) -> None:
    examples = re.findall(r"```json\n(.*?)```", GUIDE.split("## Os casos")[1], flags=re.DOTALL)
    for example in examples:
        (tmp_path / "passa-exemplo.json").write_text(example, encoding="utf-8")
        assert read_world(tmp_path / "passa-exemplo.json").learner == "ana"
    assert len(examples) == 2


def test_every_key_of_a_case_is_told_and_every_kind_of_secret() -> None:
    cases = GUIDE.split("## Os casos")[1]
    told = set(re.findall(r'[`"](\w+)[`"]', cases))
    assert told >= {*KEYS, *map(str, SecretKind), *map(str, Place)}


def test_the_example_of_a_question() -> None:
    example = GUIDE.split('```python tags=["quiz"]\n')[1].split("```")[0]
    assert read_quiz(example).question.key == "push-sem-dono"
