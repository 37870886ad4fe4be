"""Which tags a round asks about: those that may have moved, and each of the others once a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from hub.accounts.models import User
from hub.registry import attention
from hub.registry.attention import needs_a_look, note_push
from hub.registry.client import RegistryClient
from hub.registry.reconcile import reconcile
from hub.repositories.models import Repository, Tag

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry, SmallImage

PATH = "ana2026/app"
LONG_AGO = timezone.now() - timedelta(days=300)
ROUND = timedelta(minutes=3)
Token = Callable[[str], str]


class Watching(RegistryClient):
    """Writes down which tags are asked about."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def digest(self, path: str, reference: str) -> str | None:
        self.asked.append(reference)
        return super().digest(path, reference)


@pytest.fixture
def app(
    ana: User,
    registry: Registry,
    small_image: SmallImage,
    write_token: Token,
    monkeypatch: pytest.MonkeyPatch,
) -> Repository:
    """Two tags that the hub knows, of long ago; its turn of the day is not now."""
    monkeypatch.setattr(attention, "_has_its_turn", lambda *_: False)
    for tag in ("latest", "v1"):
        assert registry.push(PATH, tag, small_image, write_token(PATH)).status == 201
    assert reconcile().tags == 2
    Repository.objects.update(created_at=LONG_AGO)
    return Repository.objects.get()


def a_round() -> list[str]:
    client = Watching()
    reconcile(client, timezone.now() - ROUND)
    return sorted(client.asked)


def test_a_quiet_round_asks_for_names_alone(app: Repository) -> None:
    before = list(Tag.objects.values())
    assert a_round() == []
    assert list(Tag.objects.values()) == before


def test_the_first_round_asks_about_everything(app: Repository) -> None:
    client = Watching()
    reconcile(client)
    assert sorted(client.asked) == ["latest", "v1"]


def test_in_its_turn_all_of_a_repository_is_read(app: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "_has_its_turn", lambda *_: True)
    assert a_round() == ["latest", "v1"]


def test_a_push_that_was_allowed_and_never_told_moves_the_tag(
    app: Repository, registry: Registry, other_image: SmallImage, write_token: Token
) -> None:
    note_push(app)
    registry.push(PATH, "v1", other_image, write_token(PATH))
    assert a_round() == ["latest", "v1"]
    assert Tag.objects.get(name="v1").digest == other_image.digest


def test_of_what_nobody_was_allowed_new_tags_are_read_and_lost_ones_dropped(
    app: Repository, registry: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> None:
    registry.push(PATH, "v2", other_image, write_token(PATH))
    assert a_round() == ["v2"]
    registry.delete(PATH, small_image.digest, write_token(PATH))
    assert a_round() == ["latest", "v1"], "both are asked about once more before they are dropped"
    assert Tag.objects.get().name == "v2"


def test_a_tag_of_which_too_little_is_known_is_read(app: Repository) -> None:
    Tag.objects.filter(name="v1").update(images=[])
    assert a_round() == ["v1"]
    assert Tag.objects.get(name="v1").images


@pytest.mark.parametrize(
    ("minutes_ago", "looked_at"), [(0, True), (5, True), (8, True), (10, False), (600, False)]
)
def test_a_repository_is_watched_until_the_token_of_a_push_has_ended(
    minutes_ago: int, looked_at: bool
) -> None:
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)
    app = Repository(pk=1, created_at=LONG_AGO, push_allowed_at=now - timedelta(minutes=minutes_ago))
    assert needs_a_look(app, now - ROUND, now) is looked_at


@pytest.mark.parametrize("pk", [1, 2, 3, 1_000, 123_456_789])
def test_each_of_the_others_has_its_turn_once_a_day(pk: int) -> None:
    app = Repository(pk=pk, created_at=LONG_AGO)
    begins = [datetime(2026, 11, 29, tzinfo=UTC) + ROUND * number for number in range(481)]
    turns = [needs_a_look(app, since, now) for since, now in pairwise(begins)]
    assert turns.count(True) == 1


def test_after_a_day_without_a_round_everything_has_its_turn() -> None:
    now = timezone.now()
    assert all(
        needs_a_look(Repository(pk=pk, created_at=LONG_AGO), now - timedelta(days=1), now) for pk in range(99)
    )


def test_the_token_service_notes_a_push_and_no_pull(client: Client, ana: User, password: str) -> None:
    app = Repository.objects.create(namespace="ana2026", name="app", owner=ana)

    def asks(actions: str) -> None:
        form = {"grant_type": "password", "username": "ana2026", "password": password}
        scope = {"service": "registry.docker.io", "scope": f"repository:{PATH}:{actions}"}
        assert client.post("/token", form | scope).status_code == 200
        app.refresh_from_db()

    asks("pull")
    assert app.push_allowed_at is None
    asks("pull,push")
    noted = app.push_allowed_at
    assert noted is not None
    asks("pull,push")
    assert app.push_allowed_at == noted, "not again within the minute"
