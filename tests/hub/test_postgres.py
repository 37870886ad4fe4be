"""The hub on PostgreSQL: the same stories, on a server of our own that nobody else can reach."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub.postgres import database_url, postgres

ROOT = Path(__file__).parents[2]
# Those that write, search, or bring what only PostgreSQL refuses; all of them would take a minute.
STORIES = {
    "test_inbox": ["odd_letters_are_kept_too", "a_letter_sent_by_smtp_is_kept", "an_odd_question_shows"],
    "test_spam": ["the_switch", "both_folders_tell_what_is_unread"],
    "test_upkeep": ["tidying_takes_what_is_old_and_nothing_else"],
    "test_accounts": [
        "a_learner_signs_up_confirms",
        "two_people_asking_for_the_same_name_at_once",
        "nothing_that_a_stranger_can_ask",
        "of_two_accounts_the_first_to_confirm",
    ],
    "test_mailbox_reader": ["an_address_that_two_have_typed"],
    "test_audit": ["a_long_list_comes_in_pages", "entries_live_for_a_time", "who_leaves_takes"],
    "test_passwords": ["guessing_is_stopped", "guesses_are_forgotten", "one_address_that_tries"],
    "test_two_factor": ["a_code_signs_in_once", "a_recovery_code_signs_in_once", "new_recovery_codes"],
    "repositories/test_repositories": ["search_looks_at", "one_row_for_each_repository"],
    "repositories/test_api": ["pages", "two_tags_of_one_image", "a_private_repository_is_for_its_owner"],
    "api/test_changes": ["what_is_deleted_meanwhile", "of_two_changes_at_once"],
    "api/test_costs": ["a_list_costs_the_same"],
    "api/test_limits": ["who_asks_too_much", "the_next_minute_begins", "old_counts_are_cleared"],
    "api/test_search": ["docker_search_has_the_official", "the_hubs_own_search", "a_strange_question"],
    "repositories/test_privacy": ["making_one_private_counts_too", "a_repository_asked_for_wrongly"],
    "tokens/test_api": ["a_token_is_made_and_shown_once", "a_token_asked_for_wrongly", "a_list_has_its"],
    "tokens/test_sign_in": ["a_token_of_somebody_else", "the_last_use_is_noted", "of_two_made_at_once"],
    "registry/test_second_step": ["a_code_and_a_recovery_code", "guessing_codes_is_stopped"],
    "registry/test_scopes": ["with_room_or", "a_push_that_would_make_a_second", "of_two_pushes_at_once"],
    "registry/test_token": ["several_scopes_in_one_request", "anyone_pulls_what_is_public"],
    "registry/test_notifications": ["the_latest_push_wins", "a_pull_delivered_twice", "a_late_push_tells"],
    "test_webhooks": ["a_push_is_told", "a_try_that_another", "a_repository_has_a_", "many_that_are_slow"],
    "repositories/test_mutability": ["which_tags_are_immutable", "what_is_archived_is_read_only"],
    "repositories/test_life": ["tags_are_protected_by_rules", "nothing_to_delete_leads_back"],
    "registry/test_turns": ["the_turn_is_kept", "the_turn_is_given_back"],
    "registry/test_removal": ["an_image_of_an_index_that_stays", "a_repository_goes_with_all"],
    "registry/test_loose": ["what_a_tag_left_behind", "what_gets_a_tag_again"],
    "registry/test_gate": ["an_immutable_tag_is_not_moved", "of_two_that_make_the_same_tag"],
    "registry/test_reconcile": ["what_is_gone", "a_lost_push", "what_a_learner_makes_up", "the_command_says"],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    with postgres() as folder:
        yield folder


@pytest.fixture(scope="module")
def environment(server: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("hub")
    (folder / "secret").write_text("segredo-do-teste", encoding="utf-8")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HUB_", "DJANGO_"))},
        "HUB_DATABASE_URL": database_url(server),
        "HUB_DATA_DIR": str(folder / "hub"),
        "HUB_SECRET_KEY_FILE": str(folder / "secret"),
    }


def run(environment: dict[str, str], *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], env=environment, input=typed, cwd=ROOT,
        capture_output=True, encoding="utf-8", timeout=600,
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
