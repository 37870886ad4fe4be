"""Every example of docs/autor.md is one that a unit could have, and shows the keys that the rule asks for."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from checks import cases
from checks.entry import read_check
from checks.place import REPOSITORY
from checks.rules import RULES
from checks.table import Table

GUIDE = (REPOSITORY / "docs" / "autor.md").read_text(encoding="utf-8")
TABLE = GUIDE.split("### As regras\n", 1)[1].split("\n## ", 1)[0]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines()]
KEYS = {row[0].strip("`"): row[1] for row in ROWS if len(row) == 4}
EXAMPLES = {row[0].strip("`"): row[3].strip("`") for row in ROWS if len(row) == 4}
IMAGE = 'image = "{docker_id}/app:1.0"'


@pytest.mark.parametrize("name", sorted(RULES))
def test_the_example_of_a_rule_can_be_read(name: str) -> None:
    keys = [f'rule = "{name}"', "points = 1", EXAMPLES[name]]
    if "image" in RULES[name].arguments and "image =" not in EXAMPLES[name]:
        keys.append(IMAGE)
    line = ", ".join(key for key in keys if key)
    check = read_check(Table(Path("docs/autor.md"), name, tomllib.loads(f"check = {{ {line} }}")["check"]))
    assert check.rule is RULES[name]


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_key_that_may_be_left_out_is_marked(name: str) -> None:
    optional = {key for key, parameter in RULES[name].arguments.items() if not parameter.required}
    assert set(re.findall(r"`(\w+)`\?", KEYS[name])) == optional


def test_the_case_of_the_guide_can_be_read(tmp_path: Path) -> None:
    sample = GUIDE.split("```json\n", 1)[1].split("```", 1)[0]
    path = tmp_path / "passa-exemplo.json"
    path.write_text(json.dumps(json.loads(sample)), encoding="utf-8")
    world = cases.load(path).world
    assert (world.learner, dict(world.answers)) == ("ana", {"porta": "80"})
