"""Every format of a report: the golden files, and each document read back by the format's own rules."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

import pytest

from checks.outcome import Outcome
from checks.render import FORMATS
from checks.report import Finding, Report

GOLDEN = Path(__file__).parent / "golden"
PASSED, FAILED, NOT_ATTEMPTED, UNVERIFIABLE, ERROR = Outcome
_FOUND = {
    PASSED: ("logged_in", "Você entrou no Docker Hub", 2, "O login é de ana."),
    FAILED: ("pushed", "A imagem `latest` está lá & é <a sua>", 5, 'Use `docker push "ana/cool"`.'),
    NOT_ATTEMPTED: ("public", "A imagem é pública", 3, "Ainda não há nada ali."),
    UNVERIFIABLE: ("tag", "A tag v1 existe", 4, "O registry não respondeu.\x1b[0m Verifique de novo."),
    ERROR: ("size", "A imagem é pequena", 1, "O corretor tropeçou."),
}


def report(*outcomes: Outcome, unit: str = "push", title: str = "Envie a sua imagem") -> Report:
    found = [_FOUND[outcome] for outcome in outcomes]
    checks = tuple(
        Finding(rule, title, outcome, points, message, hint="Dica.", facts={"digest": "sha256:ff"})
        for outcome, (rule, title, points, message) in zip(outcomes, found, strict=True)
    )
    return Report(unit, title, "ana", checks, datetime(2026, 11, 23, 12, tzinfo=UTC))


DONE = report(PASSED, PASSED, unit="tag", title="O nome completo")
MIXED = report(PASSED, FAILED, NOT_ATTEMPTED)
OUTAGE = report(PASSED, UNVERIFIABLE)
FAULT = report(*Outcome)
EMPTY = report(unit="leitura", title="Só leitura")
ONE = {"done": DONE, "mixed": MIXED, "outage": OUTAGE, "fault": FAULT, "empty": EMPTY}
MANY = {"two": [DONE, MIXED], "two-outage": [DONE, OUTAGE]}


def render(name: str, case: str) -> str:
    found = FORMATS[name]
    return found.many(MANY[case]) if case in MANY else found.one(ONE[case])


def read(name: str, reports: Report | list[Report]) -> Any:
    def refuse(constant: str) -> NoReturn:
        raise AssertionError(constant)

    found = FORMATS[name]
    text = found.one(reports) if isinstance(reports, Report) else found.many(reports)
    return json.loads(text, parse_constant=refuse)


CASES = [
    (name, case) for name, found in FORMATS.items() for case in [*ONE, *(MANY if found.takes_many else ())]
]


@pytest.mark.parametrize(("name", "case"), CASES)
def test_it_is_what_the_golden_file_says(name: str, case: str) -> None:
    golden = GOLDEN / f"{name}.{case}.txt"
    assert f"{render(name, case)}\n" == golden.read_text(encoding="utf-8")


def test_every_golden_file_is_of_a_case() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.{case}.txt" for name, case in CASES}


def test_the_formats_of_the_contract_are_there() -> None:
    contract = {"text", "json", "junit", "gradescope", "exercism", "prairielearn", "github-classroom"}
    assert contract <= set(FORMATS)
    assert {name for name in FORMATS if FORMATS[name].takes_many} == {"json", "junit", "gradescope"}


def test_junit_counts_what_it_holds() -> None:
    root = ElementTree.fromstring(FORMATS["junit"].many([FAULT, MIXED]))  # noqa: S314 - our own text
    for suite in (root, *root.findall("testsuite")):
        assert int(suite.get("tests", "")) == len(suite.findall(".//testcase"))
        for count, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count, "")) == len(suite.findall(f".//{kind}"))
    inner = [case[0].tag if len(case) else "" for case in root[0]]
    assert inner == ["", "failure", "skipped", "skipped", "error"]
    assert all(found.get("message") for found in root.iter() if found.tag in ("failure", "error", "skipped"))


@pytest.mark.parametrize("reports", [DONE, MIXED, EMPTY, [DONE, MIXED]])
def test_gradescope_adds_up(reports: Report | list[Report]) -> None:
    found = read("gradescope", reports)
    graded = reports if isinstance(reports, list) else [reports]
    assert found["score"] == sum(test["score"] for test in found["tests"]) == sum(one.score for one in graded)
    assert sum(test["max_score"] for test in found["tests"]) == sum(one.max_score for one in graded)
    assert {test["status"] for test in found["tests"]} <= {"passed", "failed"}
    assert len({test["number"] for test in found["tests"]}) == len(found["tests"])


@pytest.mark.parametrize("reports", [OUTAGE, FAULT, [DONE, OUTAGE]])
def test_gradescope_gives_no_grade_that_an_outage_lowered(reports: Report | list[Report]) -> None:
    found = read("gradescope", reports)
    assert "score" not in found
    assert not any("score" in test for test in found["tests"])
    assert "não há nota" in found["output"]
    assert [test.get("status") for test in found["tests"] if "não foi possível" in test["output"]] == [None]


@pytest.mark.parametrize("one", [DONE, MIXED, EMPTY])
def test_prairielearn_scores_from_0_to_1(one: Report) -> None:
    found = read("prairielearn", one)
    assert found["gradable"] is True
    assert 0 <= found["score"] <= 1
    assert found["score"] == (one.score / one.max_score if one.max_score else 1)
    assert all(isinstance(test[key], int) for test in found["tests"] for key in ("points", "max_points"))


@pytest.mark.parametrize("one", [OUTAGE, FAULT])
def test_prairielearn_keeps_the_attempt_in_an_outage(one: Report) -> None:
    found = read("prairielearn", one)
    assert found["gradable"] is False
    assert "score" not in found
    assert found["format_errors"]


@pytest.mark.parametrize(
    ("one", "status"), [(DONE, "pass"), (MIXED, "fail"), (OUTAGE, "error"), (FAULT, "error")]
)
def test_exercism_and_classroom_know_three_words(one: Report, status: str) -> None:
    words = {PASSED: "pass", FAILED: "fail", NOT_ATTEMPTED: "fail", UNVERIFIABLE: "error", ERROR: "error"}
    for name in ("exercism", "github-classroom"):
        found = read(name, one)
        assert found["status"] == status
        assert [test["status"] for test in found["tests"]] == [words[check.outcome] for check in one.checks]


def test_exercism_has_a_message_exactly_when_it_must() -> None:
    assert read("exercism", OUTAGE)["message"]
    assert read("exercism", MIXED)["message"] is None
    assert {read("exercism", one)["version"] for one in ONE.values()} == {3}
    assert read("exercism", report(FAILED, UNVERIFIABLE))["status"] == "fail"


def classroom_points(*results: Any) -> tuple[float, float]:
    """As GitHub Classroom's reporter counts: a result without `max_score` is passed over."""
    counted = [result for result in results if result["max_score"]]
    points = sum(test["score"] for result in counted for test in result["tests"])
    return points, sum(result["max_score"] for result in counted)


def test_classroom_counts_points_and_no_outage() -> None:
    assert classroom_points(read("github-classroom", MIXED)) == (2, 10)
    outage = read("github-classroom", OUTAGE)
    assert classroom_points(read("github-classroom", DONE), outage) == (4, 4)
    assert classroom_points(outage) == (0, 0)
    assert all(type(test["score"]) is int for test in outage["tests"])


def test_a_sure_failure_with_an_outage_is_not_graded_either() -> None:
    both = report(FAILED, UNVERIFIABLE)
    assert read("github-classroom", both)["status"] == "error"
    assert read("prairielearn", both)["gradable"] is False
    assert "score" not in read("gradescope", both)
