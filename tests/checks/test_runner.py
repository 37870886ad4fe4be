"""Facts are fetched once and together; whatever breaks becomes an outcome of its own check only."""

import asyncio
import json
import threading
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest

from checks import cases, runner
from checks.entry import Check
from checks.errors import RateLimited
from checks.image import (
    AccountRequest,
    Fact,
    Login,
    LoginRequest,
    PublicImageRequest,
    RemoteImageRequest,
    Request,
    Source,
)
from checks.outcome import Outcome
from checks.report import Report
from checks.rules import RULES, Rule, Verdict
from checks.unit import Unit

NAMES = {"image": "{docker_id}/cool", "same_as": "cool"}
WORLD = {
    "learner": "ana",
    "account": {"exists": True, "confirmed": True},
    "images": {"cool": {"diff_ids": ["sha256:aa"]}},
    "engine": {"cool": "cool", "ana/cool": "cool"},
    "registry": {"ana/cool": {"image": "cool", "digest": "sha256:dd"}},
}


def check(rule: Rule, points: int = 1, **arguments: str) -> Check:
    return Check(rule, rule.title, points, ("Dica para {docker_id}.",), arguments)


def unit(*checks: Check) -> Unit:
    return Unit("push", 50, Path("50-push"), "Envie", sum(each.points for each in checks), checks)


PUSHED = check(RULES["pushed"], 6, **NAMES)
PUBLIC = check(RULES["public"], 2, image=NAMES["image"])
CONFIRMED = check(RULES["account_confirmed"], 1)
LOGGED_IN = check(RULES["logged_in"], 1)
LOCAL = check(RULES["local_image"], 1, image="cool")
WHOLE = unit(CONFIRMED, LOGGED_IN, LOCAL, PUSHED, PUBLIC)


class Watched:
    """The world of a case, and what was asked of it; `trouble` breaks some of the answers."""

    def __init__(self, folder: Path, **changes: object) -> None:
        path = folder / "passa-mundo.json"
        path.write_text(json.dumps({**WORLD, **changes}), encoding="utf-8")
        self.case: Source = cases.load(path)
        self.asked: list[Request] = []
        self.trouble: dict[type, Exception | float | asyncio.Barrier] = {}

    async def fetch(self, request: Request) -> Fact:
        self.asked.append(request)
        trouble = self.trouble.get(type(request))
        if isinstance(trouble, Exception):
            raise trouble
        if isinstance(trouble, asyncio.Barrier):
            await trouble.wait()
        elif trouble:
            await asyncio.sleep(trouble)
        return await self.case.fetch(request)


@pytest.fixture
def world(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def run(unit: Unit, source: Source, learner: str | None = None, patience: float = 5) -> Report:
    return asyncio.run(runner.run(unit, learner, source, patience))


def outcomes(report: Report) -> list[str]:
    return [finding.outcome.value for finding in report.checks]


def test_all_done_is_all_passed(world: Watched) -> None:
    report = run(WHOLE, world)
    assert (report.outcome, report.score, report.max_score) == (Outcome.PASSED, 11, 11)
    assert (report.unit, report.title, report.learner) == ("push", "Envie", "ana")
    assert report.checks[3].facts == {"digest": "sha256:dd"}
    assert {finding.hint for finding in report.checks} == {""}


def test_each_fact_is_fetched_once(world: Watched) -> None:
    run(unit(PUSHED, PUBLIC, PUSHED, LOCAL), world)
    counts = Counter(request for request in world.asked if not isinstance(request, LoginRequest))
    assert set(counts.values()) == {1}
    assert len(counts) == 4


def test_facts_are_fetched_together(world: Watched) -> None:
    """Each waits for all: fetched in turn, the first would wait in vain."""
    world.trouble = dict.fromkeys(
        (AccountRequest, RemoteImageRequest, PublicImageRequest), asyncio.Barrier(3)
    )
    assert run(WHOLE, world, patience=30).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("trouble", "outcome", "word"),
    [
        (RateLimited("registry-1.docker.io"), Outcome.UNVERIFIABLE, "não perde pontos"),
        (30.0, Outcome.UNVERIFIABLE, "a resposta não veio"),
        (RuntimeError("quebrou"), Outcome.ERROR, "RuntimeError: quebrou"),
    ],
)
def test_trouble_stays_with_the_checks_that_need_the_fact(
    world: Watched, trouble: Exception | float, outcome: Outcome, word: str
) -> None:
    world.trouble = {RemoteImageRequest: trouble}
    report = run(WHOLE, world, patience=0.2)
    assert outcomes(report) == ["passed", "passed", "passed", outcome.value, outcome.value]
    assert word in report.checks[3].message
    assert (report.outcome, report.score) == (outcome, 3)


def breaks(image: object) -> Verdict:
    raise KeyError("diff_ids")


def test_a_rule_that_breaks_stops_no_other(world: Watched) -> None:
    broken = Rule("breaks", "Quebra", breaks, RULES["local_image"].parameters)
    report = run(unit(check(broken, image="cool"), LOCAL), world)
    assert outcomes(report) == ["error", "passed"]
    assert "KeyError" in report.checks[0].message
    assert "a culpa não é sua" in report.checks[0].message
    assert report.exit_code == 5


def test_nobody_logged_in_is_not_attempted(tmp_path: Path) -> None:
    source = Watched(tmp_path, learner=None)
    report = run(WHOLE, source)
    assert outcomes(report) == ["not_attempted", "not_attempted", "passed", "not_attempted", "not_attempted"]
    assert "`docker login -u SEU_DOCKER_ID`" in report.checks[3].message
    assert report.checks[3].hint == "Dica para SEU_DOCKER_ID."
    assert report.learner is None
    assert not any(isinstance(request, RemoteImageRequest) for request in source.asked)


@pytest.mark.parametrize("name", ["ana@example.com", "ana/bob", "joão", " ", "{docker_id}"])
def test_a_login_that_is_no_docker_id_is_explained(tmp_path: Path, name: str) -> None:
    report = run(unit(PUSHED), Watched(tmp_path, learner=name))
    assert report.outcome is Outcome.NOT_ATTEMPTED
    assert f"`{name}` não é um Docker ID" in report.checks[0].message


def test_capitals_in_the_login_are_forgiven(tmp_path: Path) -> None:
    assert run(unit(PUSHED), Watched(tmp_path, learner="Ana")).outcome is Outcome.PASSED


def test_a_login_that_cannot_be_read_hides_only_the_learner(world: Watched) -> None:
    world.trouble = {LoginRequest: RateLimited("o guardião")}
    assert outcomes(run(unit(LOCAL, PUSHED), world)) == ["passed", "unverifiable"]


def test_another_learner_can_be_named(world: Watched) -> None:
    report = run(unit(PUSHED), world, learner="bob")
    assert report.learner == "bob"
    assert RemoteImageRequest in {type(request) for request in world.asked}
    assert "bob/cool" in report.checks[0].message


def test_it_works_inside_a_running_loop(world: Watched) -> None:
    async def cell() -> Report:
        return runner.verify_with(nullcontext(world), WHOLE, None)

    assert asyncio.run(cell()).outcome is Outcome.PASSED


def test_a_request_that_hangs_in_a_thread_does_not_hold_the_learner() -> None:
    release = threading.Event()

    class Hanging:
        async def fetch(self, request: Request) -> Fact:
            if isinstance(request, LoginRequest):
                return Login("ana")
            await asyncio.to_thread(release.wait, 30)
            raise AssertionError

    start = time.monotonic()
    report = runner.verify_with(nullcontext(Hanging()), unit(LOCAL), None, patience=0.2)
    waited = time.monotonic() - start
    release.set()
    for thread in threading.enumerate():
        if thread.name == "checks":
            thread.join(5)
    assert report.outcome is Outcome.UNVERIFIABLE
    assert waited < 5


def test_a_source_that_cannot_be_opened_is_told() -> None:
    class Closed(nullcontext[Source]):
        async def __aenter__(self) -> Source:
            raise OSError("sem rede")

    with pytest.raises(OSError, match="sem rede"):
        runner.verify_with(Closed(), unit(LOCAL), None)


def test_a_case_is_verified_like_the_world(tmp_path: Path) -> None:
    path = tmp_path / "incerto-registry.json"
    path.write_text(json.dumps({**WORLD, "registry": "unreachable"}), encoding="utf-8")
    assert runner.verify_case(unit(PUSHED), path).outcome is Outcome.UNVERIFIABLE


def test_the_live_world_without_engine_and_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:9")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    assert outcomes(runner.verify(unit(LOCAL, LOGGED_IN))) == ["unverifiable", "not_attempted"]
