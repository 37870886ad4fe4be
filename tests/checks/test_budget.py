"""What a check will cost, told beforehand: never less than it does cost."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from aiohttp import web

from checks import budget, runner
from checks.allowance import Allowance
from checks.budget import Budget
from checks.entry import Check
from checks.image import PublicImageRequest, RemoteImageRequest, RemoteLeaksRequest, Request
from checks.login import DOCKER_HUB_KEY
from checks.outcome import Outcome
from checks.render import text
from checks.report import Report
from checks.rules import RULES
from checks.sources import live
from checks.unit import Unit, load_course
from tests.checks.conftest import FakeEngine, FakeHub

PUSHED = Check(RULES["pushed"], "Enviada", 6, (), {"image": "{docker_id}/app", "same_as": "app"})
PUBLIC = Check(RULES["public"], "Pública", 4, (), {"image": "{docker_id}/app"})
ACCOUNT = Check(RULES["account_confirmed"], "Conta", 4, (), {})
REPOSITORY = Check(RULES["repository_exists"], "Repositório", 4, (), {"image": "{docker_id}/app"})
LOCAL = Check(RULES["local_image"], "Aqui", 4, (), {"image": "app"})
pytestmark = pytest.mark.filterwarnings("ignore:'encoding':EncodingWarning")  # the SDK's own open()


def unit(*checks: Check) -> Unit:
    return Unit("push", 50, Path("50-push"), "Envie", 10, checks)


@pytest.fixture(params=["classic"])
def engine_store(request: pytest.FixtureRequest) -> str:
    """One store is enough here."""
    return str(request.param)


@pytest.fixture
def world(engine: FakeEngine, hub: FakeHub, tmp_path: Path) -> FakeHub:
    auth = base64.b64encode(b"ana:segredo").decode("ascii")
    config = json.dumps({"auths": {DOCKER_HUB_KEY: {"auth": auth}}})
    (tmp_path / "config.json").write_text(config, encoding="utf-8")
    return hub


def verify(hub: FakeHub, one: Unit) -> Report:
    return runner.verify_with(live(hub.url, hub.url), one, None)


def spent(hub: FakeHub) -> Budget:
    """What was really asked."""
    api = ("/v2/users/", "/v2/namespaces/", "/v2/auth/")
    paths = [asked.split(" ")[1] for asked in hub.asked if asked != "GET /token"]
    to_api = sum(path.startswith(api) for path in paths)
    return Budget(len(paths) - to_api, len(hub.pulled), to_api)


def within(cost: Budget, most: Budget) -> bool:
    return cost.registry <= most.registry and cost.pulls <= most.pulls and cost.hub <= most.hub


@pytest.mark.parametrize(
    "checks",
    [(PUSHED,), (PUBLIC,), (PUSHED, PUBLIC), (ACCOUNT,), (REPOSITORY,), (PUSHED, REPOSITORY, ACCOUNT)],
)
@pytest.mark.parametrize("state", ["absent", "pushed", "private", "moved"])
def test_a_check_costs_no_more_than_was_told(world: FakeHub, checks: tuple[Check, ...], state: str) -> None:
    one = unit(*checks)
    if state != "absent":
        world.push("ana/app", world.image())
    if state == "private":
        world.private.add("ana/app")
    if state == "moved":
        verify(world, one)
        world.push("ana/app", world.image({"os": "linux", "architecture": "arm64"}))
        world.asked.clear()
        world.pulled.clear()
    verify(world, one)
    assert spent(world) != Budget()
    assert within(spent(world), budget.of([one])), (spent(world), world.asked)


def test_the_worst_case_is_reached(world: FakeHub) -> None:
    """The bound is not a number out of the air: with nothing pushed the second look asks almost as much."""
    verify(world, unit(PUSHED, PUBLIC))
    told = budget.of([unit(PUSHED, PUBLIC)])
    assert spent(world).registry >= told.registry - 3


def test_what_is_on_this_machine_costs_nothing() -> None:
    assert budget.of([unit(LOCAL)]) == Budget()
    assert "nenhuma consulta" in Budget().sentence


def test_every_fact_has_a_cost() -> None:
    looks = {RemoteImageRequest, PublicImageRequest, RemoteLeaksRequest}
    assert set(budget.COSTS) | looks == set(get_args(Request))


def test_units_add_up() -> None:
    one = budget.of([unit(PUSHED)])
    assert budget.of([unit(PUSHED), unit(PUSHED)]) == one + one
    assert str(one.registry) in one.sentence


def test_every_unit_of_the_course_has_a_budget() -> None:
    units = load_course()
    assert budget.of(units) == sum((budget.of([one]) for one in units), Budget())
    assert budget.of(units).pulls > 0


def quota(limit: str, remaining: str) -> dict[str, str]:
    return {"RateLimit-Limit": limit, "RateLimit-Remaining": remaining}


def test_what_docker_hub_says_of_its_limit_is_told(world: FakeHub) -> None:
    world.push("ana/app", world.image())
    assert "rate_limit" not in verify(world, unit(PUSHED)).to_dict()
    world.quota = quota("200;w=21600", "176;w=21600")
    report = verify(world, unit(PUSHED))
    assert report.allowance == Allowance(200, 176, 21600, signed_in=True)
    assert Report.from_dict(report.to_dict()) == report
    assert text.render(report).endswith(
        "ainda deixa a sua conta fazer 176 de 200 downloads no período de 6 h."
    )


def test_without_a_login_it_is_the_limit_of_the_network(world: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    world.push("ana/app", world.image())
    world.quota = quota("100;w=21600", "76;w=21600")
    report = runner.verify_with(live(world.url, world.url), unit(PUBLIC), "ana")
    assert report.allowance == Allowance(100, 76, 21600)


def test_a_limit_that_is_over_is_told_with_the_refusal(world: FakeHub) -> None:
    async def over(request: web.Request) -> web.Response:
        return web.Response(status=429, headers=quota("200;w=21600", "0;w=21600"))

    world.faults["/manifests/"] = over
    report = verify(world, unit(PUSHED))
    assert report.outcome is Outcome.UNVERIFIABLE
    assert report.allowance == Allowance(200, 0, 21600, signed_in=True)
    assert "no período de 6 h acabaram" in text.render(report)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "76;w=21600"}, Allowance(100, 76, 21600)),
        ({"ratelimit-limit": "100;w=3600", "ratelimit-remaining": "0"}, Allowance(100, 0, 3600)),
        ({"ratelimit-limit": "100", "ratelimit-remaining": "76"}, None),
        ({"ratelimit-limit": "100;w=0", "ratelimit-remaining": "76;w=0"}, None),
        ({"ratelimit-limit": "100;w=21600"}, None),
        ({"ratelimit-limit": "muitos", "ratelimit-remaining": "-1;w=9"}, None),
        ({"ratelimit-limit": "1" * 5000, "ratelimit-remaining": "1;w=9"}, None),
        ({}, None),
    ],
)
def test_the_headers_of_the_limit(headers: Mapping[str, str], found: Any) -> None:
    assert Allowance.from_headers(headers, signed_in=False) == found


@pytest.mark.parametrize(
    ("allowance", "words"),
    [
        (
            Allowance(200, 176, 21600, signed_in=True),
            "sua conta fazer 176 de 200 downloads no período de 6 h.",
        ),
        (Allowance(100, 76, 5400), "sua rede fazer sem login 76 de 100 downloads no período de 90 min."),
        (Allowance(200, 0, 21600, signed_in=True), "no período de 6 h acabaram"),
        (Allowance(100, 0, 30), "no período de 1 min acabaram"),
    ],
)
def test_what_the_learner_reads_of_the_limit(allowance: Allowance, words: str) -> None:
    assert words in allowance.sentence
