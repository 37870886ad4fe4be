"""A receipt held against the course and the registry: still there, moved, gone, or not to be seen."""

import base64
import dataclasses
import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from checks import confirm, sources
from checks.confirm import Confirmation, State
from checks.image import Fact, Request
from checks.login import DOCKER_HUB_KEY
from checks.outcome import Outcome
from checks.receipt import Evidence, Receipt, evidence_of
from checks.reference import parse
from checks.report import Report
from tests.checks.conftest import CONFIG, FakeHub
from tests.checks.test_receipt import DIGEST, PUSH, TAG, report

COURSE = (TAG, PUSH)
OTHER = {**CONFIG, "config": {"Cmd": ["/outro"]}}


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A teacher's machine where nobody is logged in."""
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.delenv("DOCKER_AUTH_CONFIG", raising=False)
    return tmp_path


def log_in(home: Path, secret: str) -> None:
    auth = base64.b64encode(f"ana:{secret}".encode()).decode("ascii")
    config = json.dumps({"auths": {DOCKER_HUB_KEY: {"auth": auth}}})
    (home / "config.json").write_text(config, encoding="utf-8")


def asked(hub: FakeHub, digest: str) -> Confirmation:
    evidence = Evidence("push", parse("ana/app"), digest)
    found = confirm.ask_in(sources.live(hub.url, hub.url), [evidence])
    assert [one.evidence for one in found] == [evidence]
    return found[0]


def test_what_is_still_there_is_confirmed(hub: FakeHub) -> None:
    digest = hub.push("ana/app", hub.image())
    found = asked(hub, digest)
    assert found.state is State.SAME
    assert found.message == "`ana/app:latest` está no Docker Hub, com o mesmo digest."
    assert not any(hub.authorizations[0].startswith("Basic") for _ in hub.authorizations)


def test_a_tag_that_moved_says_whether_the_old_image_is_there(hub: FakeHub) -> None:
    digest = hub.push("ana/app", hub.image())
    hub.push("ana/app", hub.image(OTHER))
    found = asked(hub, digest)
    assert found.state is State.MOVED
    assert "A que foi entregue ainda está lá" in found.message
    hub.remove(digest)
    found = asked(hub, digest)
    assert found.state is State.MOVED
    assert "não está mais lá" in found.message


def test_what_is_gone_is_gone(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image(), tag="v1")
    found = asked(hub, DIGEST)
    assert found.state is State.GONE
    assert "`ana/app:latest` não está mais no Docker Hub." in found.message


def test_what_is_private_cannot_be_seen_but_by_its_owner(hub: FakeHub, nobody: Path) -> None:
    digest = hub.push("ana/app", hub.image())
    hub.private.add("ana/app")
    found = asked(hub, digest)
    assert found.state is State.UNSEEN
    assert "privado ou foi apagado" in found.message
    log_in(nobody, "segredo")
    assert asked(hub, digest).state is State.SAME


def test_a_login_that_is_refused_does_not_stand_in_the_way(hub: FakeHub, nobody: Path) -> None:
    digest = hub.push("ana/app", hub.image())
    log_in(nobody, "antiga")
    assert asked(hub, digest).state is State.SAME
    (nobody / "config.json").write_text("{", encoding="utf-8")
    assert asked(hub, digest).state is State.SAME


async def busy(request: web.Request) -> web.Response:
    return web.Response(status=429, headers={"Retry-After": "1200"})


def test_a_registry_that_does_not_answer_confirms_nothing_and_denies_nothing(hub: FakeHub) -> None:
    digest = hub.push("ana/app", hub.image())
    hub.faults["/manifests/"] = busy
    found = asked(hub, digest)
    assert found.state is State.UNSEEN
    assert "429" in found.message


def test_a_moved_tag_whose_old_image_cannot_be_asked_for(hub: FakeHub) -> None:
    digest = hub.push("ana/app", hub.image())
    hub.push("ana/app", hub.image(OTHER))
    hub.faults[digest] = busy
    found = asked(hub, digest)
    assert found.state is State.MOVED
    assert "não pôde ser procurada" in found.message


def test_many_names_are_asked_at_once(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    names = [f"ana/app:v{number}" for number in range(30)]
    begun = time.monotonic()
    evidence = [Evidence("push", parse(name), DIGEST) for name in names]
    found = confirm.ask_in(sources.live(hub.url, hub.url), evidence)
    assert [one.state for one in found] == [State.GONE] * 30
    assert time.monotonic() - begun < 15


class Broken:
    """A source with a fault of its own."""

    async def fetch(self, request: Request) -> Fact:
        raise ZeroDivisionError

    async def __aenter__(self) -> "Broken":
        return self

    async def __aexit__(self, *_: object) -> None:
        pass


def test_a_fault_of_ours_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        confirm.ask_in(Broken(), [Evidence("push", parse("ana/app"), DIGEST)])


def handed_in(*reports: Report) -> Receipt:
    units = {unit.id: unit for unit in COURSE}
    evidence = tuple(one for each in reports for one in evidence_of(units[each.unit], each, "ana"))
    return Receipt("ana", "treino:abc", datetime.now(UTC), reports, evidence)


def test_an_honest_receipt_fits_the_course() -> None:
    fits = confirm.fit(handed_in(report(TAG), report(PUSH, digest=DIGEST)), COURSE)
    assert [(one.outcome, one.has_evidence) for one in fits] == [
        (Outcome.PASSED, False),
        (Outcome.PASSED, True),
    ]


def test_another_image_than_the_unit_asks_for_does_not_fit() -> None:
    """Signed with the learner's own key, and pointing at somebody else's work."""
    honest = handed_in(report(PUSH, digest=DIGEST))
    stolen = (dataclasses.replace(honest.evidence[0], reference=parse("bia/app")),)
    for evidence in (stolen, (), (*honest.evidence, *stolen)):
        fit = confirm.fit(dataclasses.replace(honest, evidence=evidence), COURSE)[0]
        assert fit.outcome is Outcome.FAILED
        assert "não são as que a unidade `push` pede" in fit.message


def test_a_unit_of_another_course_cannot_be_judged() -> None:
    honest = handed_in(report(PUSH, digest=DIGEST))
    for course in ((TAG,), (dataclasses.replace(PUSH, checks=PUSH.checks[:1]),)):
        fit = confirm.fit(honest, course)[0]
        assert fit.outcome is Outcome.UNVERIFIABLE
        assert "outra versão" in fit.message


def test_the_outcome_of_the_whole() -> None:
    evidence = Evidence("push", parse("ana/app"), DIGEST)
    honest = confirm.fit(handed_in(report(PUSH, digest=DIGEST)), COURSE)
    forged = confirm.fit(dataclasses.replace(handed_in(report(PUSH, digest=DIGEST)), evidence=()), COURSE)

    def outcome(fits: tuple[confirm.Fit, ...], *states: State) -> Outcome:
        return confirm.outcome_of(fits, [Confirmation(evidence, state, "") for state in states])

    assert outcome(honest, State.SAME) is Outcome.PASSED
    assert outcome(honest, State.SAME, State.UNSEEN) is Outcome.UNVERIFIABLE
    assert outcome(honest, State.UNSEEN, State.GONE) is Outcome.FAILED
    assert outcome(honest, State.MOVED) is Outcome.FAILED
    assert outcome(forged, State.SAME) is Outcome.FAILED
    assert outcome(honest) is Outcome.UNVERIFIABLE  # with nothing to ask, nothing is confirmed
