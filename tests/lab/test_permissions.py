"""Who may do what with a repository: every cell of the table, asked of the running hub and registry.

The statuses are those that a browser, a program of the API and docker get. Anybody may see what is public,
and nobody but its owner learns that something private is there: 404 on pages and API, 401 at the registry, as
for what does not exist. A token does what its permission says, and no more.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lab.paths import Home
from lab.services import hub_environment
from lab.state import Lab as Settings
from tests.lab.permissions.probe import DEEDS, ONLY_IN_A_BROWSER
from tests.lab.permissions.scene import ACTORS, STATES
from tests.real_lab import Lab

pytestmark = pytest.mark.lab
ROOT = Path(__file__).parents[2]
BROWSERS = ("anonymous", "other", "owner")
# what it is, who asks, and the status for a repository that is public, private, archived, with immutable tags
TABLE = """
page                    anonymous    200      404      200      200
page                    other        200      404      200      200
page                    owner        200      200      200      200
settings page           anonymous    302      302      302      302
settings page           other        404      404      404      404
settings page           owner        200      200      200      200
API read                anonymous    200      404      200      200
API read                other        200      404      200      200
API read                owner        200      200      200      200
API read                admin        200      200      200      200
API read                write        200      200      200      200
API read                read         200      200      200      200
API read                public_read  200      404      200      200
API tags                anonymous    200      404      200      200
API tags                other        200      404      200      200
API tags                owner        200      200      200      200
API tags                admin        200      200      200      200
API tags                write        200      200      200      200
API tags                read         200      200      200      200
API tags                public_read  200      404      200      200
pull                    anonymous    200      401      200      200
pull                    other        200      401      200      200
pull                    owner        200      200      200      200
pull                    admin        200      200      200      200
pull                    write        200      200      200      200
pull                    read         200      200      200      200
pull                    public_read  200      401      200      200
push a new tag          anonymous    401      401      401      401
push a new tag          other        401      401      401      401
push a new tag          owner        201      201      403      201
push a new tag          admin        201      201      403      201
push a new tag          write        201      201      403      201
push a new tag          read         401      401      401      401
push a new tag          public_read  401      401      401      401
move a tag              anonymous    401      401      401      401
move a tag              other        401      401      401      401
move a tag              owner        201      201      403      403
move a tag              admin        201      201      403      403
move a tag              write        201      201      403      403
move a tag              read         401      401      401      401
move a tag              public_read  401      401      401      401
API edit                anonymous    401      401      401      401
API edit                other        403      403      403      403
API edit                owner        200      200      403      200
API edit                admin        200      200      403      200
API edit                write        403      403      403      403
API edit                read         403      403      403      403
API edit                public_read  403      403      403      403
API delete a tag        anonymous    401      401      401      401
API delete a tag        other        403      403      403      403
API delete a tag        owner        204      204      403      403
API delete a tag        admin        204      204      403      403
API delete a tag        write        403      403      403      403
API delete a tag        read         403      403      403      403
API delete a tag        public_read  403      403      403      403
delete in the registry  anonymous    401      401      401      401
delete in the registry  other        401      401      401      401
delete in the registry  owner        202      202      401      403
delete in the registry  admin        202      202      401      403
delete in the registry  write        401      401      401      401
delete in the registry  read         401      401      401      401
delete in the registry  public_read  401      401      401      401
API delete              anonymous    401      401      401      401
API delete              other        403      403      403      403
API delete              owner        202      202      202      202
API delete              admin        202      202      202      202
API delete              write        403      403      403      403
API delete              read         403      403      403      403
API delete              public_read  403      403      403      403
"""
Found = Mapping[str, Mapping[str, Mapping[str, int]]]


def rows() -> list[tuple[str, str, tuple[int, ...]]]:
    return [
        (line[:24].strip(), line[24:37].strip(), tuple(map(int, line[37:].split())))
        for line in TABLE.strip().splitlines()
    ]


@pytest.fixture(scope="module")
def found(lab: Lab) -> Found:
    """What each request was answered with."""
    hub = hub_environment(Home(lab.home), Settings(**lab.settings))
    scene = subprocess.run(
        [sys.executable, "-m", "tests.lab.permissions.scene"], env={**os.environ, **hub}, cwd=ROOT,
        stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=120,
    ).stdout  # fmt: skip
    started_here = f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
    probe = "from tests.lab.permissions import probe; probe.main()"
    tried = lab.run([sys.executable, "-c", started_here + probe], text=scene)
    assert tried.returncode == 0, tried.stderr
    answers: Found = json.loads(tried.stdout)
    return answers


def test_the_table_is_whole() -> None:
    asked = {(deed, who) for deed, who, _ in rows()}
    assert asked == {
        (deed, who) for deed in DEEDS for who in ACTORS if who in BROWSERS or deed not in ONLY_IN_A_BROWSER
    }
    assert all(len(statuses) == len(STATES) for _, _, statuses in rows())


@pytest.mark.parametrize(
    ("deed", "who", "statuses"),
    [pytest.param(*row, id=f"{row[0]}-{row[1]}".replace(" ", "_")) for row in rows()],
)
def test_each_may_do_just_this(found: Found, deed: str, who: str, statuses: tuple[int, ...]) -> None:
    assert tuple(found[who][state][deed] for state in STATES) == statuses
