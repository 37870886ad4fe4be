"""`python -m hub roster | results | facts`: JSON in, JSON out, as the `lab` command line calls them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hub.classroom import intake
from hub.classroom.management.commands import roster
from tests.hub.classroom.klass import FAILED, PASSED, at, finding, person, report

ROOT = Path(__file__).parents[3]
PEOPLE = [
    person("a", "Ana Álvares", email="ana@escola.br", docker_id="ana2026"),
    person("b", "Silva, Bia", id_number="0017", section="A"),
    person("c", "Caio", docker_id="caio2026"),
]


@dataclass(frozen=True)
class Hub:
    """A hub's database of its own, and its command line."""

    environment: dict[str, str]

    def asks(self, *words: str, typed: str | bytes = b"") -> subprocess.CompletedProcess[bytes]:
        given = typed.encode() if isinstance(typed, str) else typed
        return subprocess.run(
            [sys.executable, "-m", "hub", *words],
            input=given, env=self.environment, cwd=ROOT, capture_output=True, timeout=60, check=False,
        )  # fmt: skip

    def told(self, *words: str, typed: str | bytes = b"") -> Any:
        done = self.asks(*words, typed=typed)
        assert (done.returncode, done.stderr) == (0, b""), done.stderr.decode()
        return json.loads(done.stdout)

    def refused(self, *words: str, typed: str | bytes = b"") -> str:
        done = self.asks(*words, typed=typed)
        assert (done.returncode, done.stdout) == (2, b"")
        return done.stderr.decode().strip()

    def results(self) -> dict[tuple[str, str], Any]:
        done = self.asks("results", "--dump")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {(line["key"], line["report"]["unit"]): line for line in lines}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables, which each test copies."""
    folder = tmp_path_factory.mktemp("hub")
    done = Hub(environment(folder)).asks("migrate", "--verbosity", "0")
    assert done.returncode == 0, done.stderr.decode()
    return folder / "db.sqlite3"


@pytest.fixture
def hub(empty: Path, tmp_path: Path) -> Hub:
    (tmp_path / "db.sqlite3").write_bytes(empty.read_bytes())
    return Hub(environment(tmp_path))


def environment(folder: Path) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))}
    nowhere = "http://127.0.0.1:9"  # nobody answers there
    return others | {"HUB_TESTING": "1", "HUB_DATA_DIR": str(folder), "HUB_REGISTRY_URL": nowhere}


@pytest.fixture
def klass(hub: Hub) -> Hub:
    hub.told("roster", "--load", typed=listing(*PEOPLE))
    return hub


def listing(*people: Any, **told: Any) -> str:
    return json.dumps({"schema": 1, "people": people, **told})


def line(report_: Any, **who: str) -> str:
    return json.dumps({**who, "report": report_ if isinstance(report_, dict) else report_.to_dict()}) + "\n"


# --- roster ----------------------------------------------------------------------------------------------


def test_a_roster_goes_in_and_comes_out_as_it_was(hub: Hub) -> None:
    told = hub.told("roster", "--load", typed=listing(*PEOPLE, "lixo"))
    assert (told["added"], told["changed"], told["same"], told["removed"]) == (3, 0, 0, 0)
    assert len(told["refused"]) == 1
    out = hub.told("roster", "--dump")
    assert [(one["key"], one["name"]) for one in out["people"]] == [
        ("a", "Ana Álvares"), ("b", "Silva, Bia"), ("c", "Caio"),
    ]  # fmt: skip
    assert hub.told("roster", "--load", typed=json.dumps(out))["same"] == 3
    assert hub.told("roster", "--load", typed=listing(PEOPLE[1], replace=True))["removed"] == 2


@pytest.mark.parametrize(
    "typed",
    [
        "", "lixo", "[]", "{}", '{"schema": 2, "people": []}', '{"schema": 1, "people": {}}',
        '{"schema": 1, "people": [], "replace": "sim"}', b"\xff\xfe", "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_roster_ends_with_2(hub: Hub, typed: str | bytes) -> None:
    assert hub.refused("roster", "--load", typed=typed) == roster.BAD


def test_a_person_is_erased_by_key_or_docker_id(klass: Hub) -> None:
    klass.told("results", "--load", typed=line(report(FAILED), key="a"))
    told = klass.told("roster", "--erase", "Ana2026")
    expected = {"key": "a", "name": "Ana Álvares", "docker_id": "ana2026", "results": 1, "attempts": 1}
    assert told.items() >= (expected | {"account": False, "activity": 0}).items()
    assert klass.told("roster", "--erase", "b")["name"] == "Silva, Bia"
    assert klass.results() == {}
    assert [one["key"] for one in klass.told("roster", "--dump")["people"]] == ["c"]
    assert klass.refused("roster", "--erase", "b") == roster.NOBODY.format("b")


def test_a_claim_is_released(klass: Hub) -> None:
    klass.told("results", "--load", typed=line(report(FAILED), key="a"))
    told = klass.told("roster", "--release", "a")
    assert told == {"schema": 1, "key": "a", "docker_id": "ana2026", "results": 1}
    assert klass.results() == {}
    assert klass.refused("roster", "--release", "a") == roster.UNCLAIMED.format("Ana Álvares")
    assert klass.refused("roster", "--release", "x") == roster.NOBODY.format("x")


@pytest.mark.parametrize("words", [["roster"], ["roster", "--dump", "--load"], ["results"]])
def test_one_thing_at_a_time(hub: Hub, words: list[str]) -> None:
    done = hub.asks(*words)
    assert (done.returncode, done.stdout) == (2, b"")


# --- results ---------------------------------------------------------------------------------------------


def test_results_go_in_and_come_out_and_in_again(klass: Hub) -> None:
    missing = finding(FAILED, "marked", facts={"digest": "sha256:1"})
    first = report(PASSED, missing, minutes=1, learner="ana2026")
    typed = line(first, docker_id="ANA2026") + "\n" + line(report(PASSED, unit="repositorio"), key="c")
    assert klass.told("results", "--load", typed=typed) == {"schema": 1, "kept": 2, "bad": 0}
    out = klass.results()
    told = out[("a", "push")]
    assert told["report"] == first.to_dict() | {"title": told["report"]["title"]}
    assert told["reached"] == [{"score": 5, "at": at(1).strftime("%Y-%m-%dT%H:%M:%SZ")}]
    again = "".join(json.dumps(one) + "\n" for one in out.values())
    assert klass.told("results", "--load", typed=again)["kept"] == 2
    assert klass.results() == out


def test_a_bad_line_is_told_and_the_others_go_on(klass: Hub) -> None:
    good = report(PASSED).to_dict()
    bad = {
        "lixo\n": intake.NOT_JSON,
        "[]\n": intake.NOT_JSON,
        '{"key": "a"}\n': intake.NOT_JSON,
        line(good): intake.NOT_JSON,
        line(good, key="x"): intake.NOBODY,
        line(good, docker_id="ninguem"): intake.NOBODY,
        line(good | {"learner": "caio2026"}, key="a"): intake.OTHER,
        line(good | {"schema": 2}, key="a"): intake.BAD_REPORT,
        line(good | {"checks": [{}]}, key="a"): intake.BAD_REPORT,
        line(good | {"checks": 5}, key="a"): intake.BAD_REPORT,
        line(good | {"checked_at": "ontem"}, key="a"): intake.BAD_REPORT,
        line(good | {"checked_at": "2026-11-02T12:00:00"}, key="a"): intake.BAD_REPORT,
        line(good | {"unit": "../.."}, key="a"): intake.BAD_REPORT,
        line(good | {"title": "x" * intake.LONGEST}, key="a"): intake.TOO_LONG,
        "[" * 100_000 + "\n": intake.NOT_JSON,
    }
    typed = line(good, key="a") + "".join(bad) + line(good, key="c")
    done = klass.asks("results", "--load", typed=typed)
    assert done.returncode == 0
    assert json.loads(done.stdout) == {"schema": 1, "kept": 2, "bad": len(bad)}
    said = done.stderr.decode().splitlines()
    assert said == [f"Linha {number}: {why}" for number, why in enumerate(bad.values(), start=2)]
    assert set(klass.results()) == {("a", "push"), ("c", "push")}


def test_bytes_that_are_no_text_harm_nobody(klass: Hub) -> None:
    done = klass.asks("results", "--load", typed=b"\xff\xfe\n" + line(report(PASSED), key="a").encode())
    assert (json.loads(done.stdout)["kept"], done.stderr.decode()) == (1, f"Linha 1: {intake.NOT_JSON}\n")


def test_what_came_is_kept_though_the_stream_never_ends(klass: Hub) -> None:
    """Whoever grades a class for an hour and is killed loses almost nothing."""
    process = subprocess.Popen(
        [sys.executable, "-m", "hub", "results", "--load"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=klass.environment, cwd=ROOT,
    )  # fmt: skip
    with process:
        assert process.stdin
        process.stdin.write((line(report(PASSED), key="a") + line(report(PASSED), key="c")).encode())
        process.stdin.flush()
        end = time.monotonic() + 20
        while len(klass.results()) < 2:
            assert time.monotonic() < end
        process.send_signal(signal.SIGKILL)
    assert set(klass.results()) == {("a", "push"), ("c", "push")}


def test_a_long_stream_is_kept_in_pieces(klass: Hub) -> None:
    typed = "".join(line(report(FAILED, minutes=minute), key="a") for minute in range(450))
    assert klass.told("results", "--load", typed=typed)["kept"] == 450
    assert klass.results()[("a", "push")]["report"]["checked_at"] == "2026-11-02T19:29:00Z"


# --- facts -----------------------------------------------------------------------------------------------


def test_facts_are_of_everybody_with_a_docker_id(klass: Hub) -> None:
    made = klass.asks("account", "ana2026", typed="barco-de-papel\n")
    assert made.returncode == 0
    assert klass.told("facts") == {
        "ana2026": {"exists": True, "confirmed": True, "repositories": []},
        "caio2026": {"exists": False, "confirmed": False, "repositories": []},
    }


# --- two at once, and settings ---------------------------------------------------------------------------


def test_two_who_load_at_once_lose_nothing_of_each_other(klass: Hub) -> None:
    """Each failure is of another image, so that each counts; the newest stays, whoever wrote it."""

    def lines(half: int) -> bytes:
        told = [
            line(report(finding(FAILED, facts={"digest": f"{minute}"}), minutes=minute), key=key)
            for minute in range(half, 300, 2)
            for key in ("a", "b", "c")
        ]
        return "".join(told).encode()

    command = [sys.executable, "-m", "hub", "results", "--load"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    both = [subprocess.Popen(command, env=klass.environment, cwd=ROOT, **pipes) for _ in range(2)]  # type: ignore[call-overload]
    threads = [
        threading.Thread(target=process.communicate, args=(lines(half),)) for half, process in enumerate(both)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [process.returncode for process in both] == [0, 0]
    newest = {told["report"]["checked_at"] for told in klass.results().values()}
    assert newest == {"2026-11-02T16:59:00Z"}
    assert len(klass.results()) == 3


def test_a_key_that_can_be_guessed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("curta", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "hub", "check"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        env=environment(tmp_path) | {"HUB_TEACHER_KEY_FILE": str(tmp_path / "key")},
    )  # fmt: skip
    assert done.returncode == 2
    assert "de HUB_TEACHER_KEY_FILE, precisa de pelo menos 20 letras." in done.stderr
