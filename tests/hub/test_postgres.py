"""The hub on PostgreSQL: the same stories, on a server of our own that nobody else can reach."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Those that write, search, or bring what only PostgreSQL refuses; all of them would take a minute.
STORIES = {
    "test_inbox": ["odd_letters_are_kept_too", "a_letter_sent_by_smtp_is_kept", "an_odd_question_shows"],
    "test_spam": ["the_switch", "both_folders_tell_what_is_unread"],
    "test_upkeep": ["tidying_takes_what_is_old_and_nothing_else"],
    "test_accounts": ["a_learner_signs_up_confirms", "two_people_asking_for_the_same_name_at_once"],
    "repositories/test_repositories": ["search_looks_at", "one_row_for_each_repository"],
    "repositories/test_api": ["pages", "docker_search", "a_private_repository_is_for_its_owner"],
    "repositories/test_privacy": ["making_one_private_counts_too", "a_repository_asked_for_wrongly"],
    "tokens/test_api": ["a_token_is_made_and_shown_once", "a_token_asked_for_wrongly", "a_list_has_its"],
    "tokens/test_sign_in": ["a_token_of_somebody_else", "the_last_use_is_noted"],
    "registry/test_scopes": ["with_room_or_public_by_default", "a_push_that_would_make_a_second"],
    "registry/test_token": ["several_scopes_in_one_request", "anyone_pulls_what_is_public"],
    "registry/test_notifications": ["the_latest_push_wins", "a_pull_delivered_twice", "a_late_push_tells"],
    "registry/test_reconcile": ["what_is_gone", "a_lost_push", "what_a_learner_makes_up", "the_command_says"],
}


def program(name: str) -> str:
    """Debian keeps the server's programs out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    path = shutil.which(name) or next(map(str, found), None)
    if path is None:
        pytest.skip("o PostgreSQL não está instalado (apt-get install postgresql)")
    return path


def as_nobody(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: what to put before its commands, and a folder that is theirs."""
    if os.getuid() != 0:
        return []
    names = {person.pw_name for person in pwd.getpwall()}
    person = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, person.pw_uid, person.pw_gid)
    return ["setpriv", f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups", "--"]


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    """The folder of the socket, the only way in, closed to others; its path has to be short."""
    initdb, postgres = program("initdb"), program("postgres")
    with tempfile.TemporaryDirectory(prefix="hub-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        person = as_nobody(folder)
        data = str(folder / "data")
        made = [*person, initdb, "-D", data, "-U", "hub", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder)
        options = [f"{key}={value}" for key, value in settings(folder).items()]
        command = [*person, postgres, "-D", data, *(word for one in options for word in ("-c", one))]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
        try:
            wait_for(folder, process)
            yield folder
        finally:
            process.terminate()
            process.wait(20)


def settings(folder: Path) -> dict[str, str]:
    return {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}


def wait_for(folder: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while "ready to accept connections" not in (log := (folder / "log").read_text(errors="replace")):
        assert process.poll() is None, log
        assert time.monotonic() < end, log
        time.sleep(0.05)


@pytest.fixture(scope="module")
def environment(server: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("hub")
    (folder / "secret").write_text("segredo-do-teste", encoding="utf-8")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))},
        "HUB_DATABASE_URL": f"postgres:///postgres?host={server}&user=hub",
        "HUB_DATA_DIR": str(folder / "hub"),
        "HUB_SECRET_KEY_FILE": str(folder / "secret"),
    }


def run(environment: dict[str, str], *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], env=environment, input=typed, cwd=ROOT,
        capture_output=True, encoding="utf-8", timeout=120,
    )  # fmt: skip


def test_the_commands_work_on_postgres(environment: dict[str, str]) -> None:
    done = run(environment, "hub", "migrate", "--verbosity=0")
    assert (done.returncode, done.stderr) == (0, "")
    done = run(environment, "hub", "account", "ana", typed="barco-de-papel\n")
    assert done.stdout == "A conta ana está pronta.\n"
    again = run(environment, "hub", "account", "ana", typed="barco-de-papel\n")
    assert (again.returncode, "já tem dono" in again.stderr) == (2, True)


def test_the_stories_go_well_on_postgres(environment: dict[str, str]) -> None:
    """A run of pytest of its own: a run knows one database."""
    files = [f"tests/hub/{name}.py" for name in STORIES]
    names = [f"test_{story}" for stories in STORIES.values() for story in stories]
    told = ["-p", "no:cacheprovider", "-q", "-x", "-k", " or ".join(names)]
    done = run(environment, "pytest", *told, *files)
    assert done.returncode == 0, done.stdout + done.stderr
    count = re.search(r"(\d+) passed", done.stdout)
    assert count is not None
    assert int(count[1]) >= len(names)


def test_a_server_that_is_off_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    off = {"HUB_DATABASE_URL": f"postgres:///postgres?host={tmp_path}&user=hub"}
    done = run(environment | off, "hub", "serve")
    assert done.returncode == 1
    assert "Confira HUB_DATABASE_URL e se o servidor está no ar." in done.stderr
    assert "Traceback" not in done.stderr
