"""Who may do what: every cell of tests/lab/permissions/table.py, asked of the running hub, token service and
registry.

Anybody may see what is public, and nobody but its owner learns that something private is there: 404 on pages
and API, 401 at the registry, as for what does not exist. A token does what its permission says, and no more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lab.paths import Home
from lab.services import hub_environment
from lab.state import Lab as Settings
from tests.lab.permissions.deeds import OF_A_REPOSITORY, OF_THE_ACCOUNT
from tests.lab.permissions.table import ACTORS, NO_STATE, STATES, Words, read_table
from tests.real_lab import Lab

pytestmark = pytest.mark.lab
ROOT = Path(__file__).parents[2]
CHANGE_NOTHING = ("anon", "other", "guest", "read", "pub", "exp", "off", "code")


@dataclass(frozen=True)
class Trial:
    """The scene; the words, by who asked, deed and state; what was there before and after."""

    actors: dict[str, Any]
    words: dict[str, dict[str, dict[str, str]]]
    before: dict[str, Any]
    after: dict[str, Any]

    def there(self, found: dict[str, Any], name: str) -> dict[str, Any]:
        namespace = self.actors[name]["namespace"]
        return {path: one for path, one in found.items() if path.startswith(f"{namespace}/")}


@pytest.fixture(scope="module")
def trial(lab: Lab) -> Trial:
    scene = in_the_hub(lab)
    started_here = f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    probe = "from tests.lab.permissions import probe; probe.main()"
    tried = lab.run([sys.executable, "-c", started_here + probe], text=json.dumps(scene))
    assert tried.returncode == 0, tried.stderr
    actors = scene["actors"]
    after = in_the_hub(lab, *(actors[name]["namespace"] for name in CHANGE_NOTHING))
    return Trial(actors, json.loads(tried.stdout), scene["before"], after)


def in_the_hub(lab: Lab, *words: str) -> Any:
    hub = hub_environment(Home(lab.home), Settings(**lab.settings))
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab.permissions.scene", *words], env={**os.environ, **hub}, cwd=ROOT,
        capture_output=True, encoding="utf-8", timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_table_is_whole() -> None:
    table = read_table()
    assert list(table) == [*OF_THE_ACCOUNT, *OF_A_REPOSITORY]
    for deed, words in table.items():
        assert set(words) == ({NO_STATE} if deed in OF_THE_ACCOUNT else set(STATES)), deed


@pytest.mark.parametrize(
    ("deed", "words"), [pytest.param(*row, id=row[0].replace(" ", "_")) for row in read_table().items()]
)
def test_each_may_do_just_this(trial: Trial, deed: str, words: Words) -> None:
    found = {state: {name: trial.words[name][deed][state] for name in ACTORS} for state in words}
    assert [
        f"{name}, {state}: {found[state][name]} and not {words[state][name]}"
        for state in words
        for name in ACTORS
        if found[state][name] != words[state][name]
    ] == []


@pytest.mark.parametrize("name", CHANGE_NOTHING)
def test_whoever_is_refused_changed_nothing(trial: Trial, name: str) -> None:
    assert trial.there(trial.after, name) == trial.there(trial.before, name)
