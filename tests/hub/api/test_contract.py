"""Docker Hub's documented API, put to a running hub by Schemathesis: on both databases, as three askers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
import requests

from tests.facts import OPENAPI
from tests.hub.api.contract import BIA, UNDOCUMENTED, Schema, contract, operations
from tests.hub.api.running import RunningHub, running_hub
from tests.hub.postgres import database_url, postgres

# Requests made up for each operation; SCHEMATHESIS_EXAMPLES=500 looks deeper, and elsewhere each time.
USUAL_EXAMPLES = 5
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", USUAL_EXAMPLES))

# Every check of Schemathesis is on. One of them takes one status more, 400 for what the schema allows: the
# documentation tells narrower rules in prose alone (which scopes there are, that a name is still free and the
# namespace is that of the address, that a date still comes, that a page exists, that a rule can be read).
CONFIGURATION = f"""
workers = 1
continue-on-failure = true
warnings = false

[generation]
max-examples = {EXAMPLES}
deterministic = {str(EXAMPLES == USUAL_EXAMPLES).lower()}
database = "none"

[checks]
positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404"]

[[operations]]
include-operation-id-regex = "^{UNDOCUMENTED} "
enabled = false
"""
SIGNED_IN = """
[auth.openapi]
bearerAuth.bearer = "${HUB_BEARER}"
"""


# A code lives for seconds and signs in once: no made-up one is right (tests/hub/test_two_factor.py has them).
WITHOUT_SUCCESS = {"post /v2/users/2fa-login"}


READERS = ("anyone", "token")


class Asked(NamedTuple):
    method: str
    path: str
    status: int


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHub]:
    folder = tmp_path_factory.mktemp("hub")
    if request.param == "sqlite":
        with running_hub(folder, "") as one:
            yield one
    else:
        with postgres() as server, running_hub(folder, database_url(server)) as one:
            yield one


@pytest.fixture(scope="module")
def schema() -> Schema:
    if not OPENAPI.exists():
        pytest.skip(f"no {OPENAPI.name} beside the repository")
    return contract(OPENAPI)


def put_to(hub: RunningHub, asker: str, schema: Schema, folder: Path) -> list[Asked]:
    """All that was asked, once Schemathesis has nothing to say against the answers."""
    (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    told = CONFIGURATION + (SIGNED_IN if hub.bearers[asker] else "")
    (folder / "schemathesis.toml").write_text(told, encoding="utf-8")
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [program, "--config-file", "schemathesis.toml", "run", "schema.json", "--url", hub.url,
         "--report-har-path", "asked.har"],
        cwd=folder, env=os.environ | {"HUB_BEARER": hub.bearers[asker], "NO_PROXY": "*"},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    entries = json.loads((folder / "asked.har").read_text(encoding="utf-8"))["log"]["entries"]
    return [
        Asked(one["request"]["method"], urlsplit(one["request"]["url"]).path, one["response"]["status"])
        for one in entries
    ]


def answered(asked: list[Asked], method: str, path: str) -> bool:
    """Whether anybody saw it succeed: otherwise nothing of that answer is proved."""
    pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", path))
    return any(
        one.status < 300 and one.method.lower() == method and pattern.fullmatch(one.path) for one in asked
    )


def may(asker: str, operation: Schema) -> bool:
    """Without the password one only reads, and signs in."""
    security = operation.get("security", [])
    return asker == "password" or not security or {} in security


@pytest.fixture(scope="module")
def answers(
    hub: RunningHub, schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[list[Asked]]]]:
    """What each asker asked, or what went wrong; readers at the same time.

    The password comes after them: it can also change and delete, among all else the token of the other.
    """
    with ThreadPoolExecutor(2) as pool:
        folders = {asker: tmp_path_factory.mktemp(asker) for asker in READERS}
        found = {asker: pool.submit(put_to, hub, asker, schema, folders[asker]) for asker in READERS}
        wait(found.values())
        found["password"] = pool.submit(put_to, hub, "password", schema, tmp_path_factory.mktemp("password"))
        yield found


@pytest.mark.parametrize("asker", [*READERS, "password"])
def test_the_hub_keeps_the_documented_contract(
    answers: dict[str, Future[list[Asked]]], asker: str, schema: Schema
) -> None:
    asked = answers[asker].result()
    unseen = {
        f"{method} {path}"
        for path, method, operation in operations(schema)
        if may(asker, operation) and not answered(asked, method, path)
    }
    assert unseen == WITHOUT_SUCCESS
    shown = [one for one in asked if f"/{BIA}/repositories/segredo" in one.path and one.status < 300]
    assert shown == [], "what is private was shown to somebody else"


def test_requests_at_the_same_time_all_count(hub: RunningHub) -> None:
    def left(_number: int) -> int:
        return int(requests.get(f"{hub.url}/v2/users/{BIA}", timeout=30).headers["X-RateLimit-Remaining"])

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(left, range(40)))
    assert len(set(found)) == 40
