"""Notifications: whatever the order and however often they come, the hub ends up right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from hub.accounts.models import User
from hub.audit.actions import Action
from hub.audit.models import Entry
from hub.registry import INTERNAL_SUBJECT
from hub.registry.describe import Content
from hub.registry.models import CountedPull
from hub.registry.notifications import forget_counted_pulls
from hub.registry.record import expect, move_tag
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry, SmallImage

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.oci.image.index.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DIGESTS = ["sha256:" + letter * 64 for letter in "abc"]

pytestmark = pytest.mark.django_db


def event(action: str, minute: int = 0, **changed: Any) -> dict[str, Any]:
    """An event as registry 2.8 writes it; `None` takes a field of the target out."""
    target = {"mediaType": MANIFEST, "digest": DIGESTS[0], "repository": "ana/app", "tag": "latest"}
    target |= {
        key: value for key, value in changed.items() if key in ("mediaType", "digest", "repository", "tag")
    }
    return {
        "id": changed.get("id", f"{action}-{minute}"),
        "timestamp": (NOON + timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%M:%S.123456789Z"),
        "action": action,
        "target": {key: value for key, value in target.items() if value is not None},
        "request": {"id": "1", "method": changed.get("method", "PUT" if action == "push" else "GET")},
        "actor": {"name": changed.get("actor", "ana")},
        "source": {"addr": "registry:443"},
    }


@pytest.fixture
def ana() -> User:
    return User.objects.create_confirmed("ana", "ana@exemplo.com", "senha-de-treino")


@pytest.fixture
def notify(client: Client, ana: User) -> Callable[..., int]:
    def send(*events: object, bearer: str = "segredo-do-registry") -> int:
        answer = client.post(
            "/registry/notifications",
            {"events": list(events)},
            content_type="application/json",
            headers={"Authorization": f"Bearer {bearer}"},
        )
        return answer.status_code

    return send


Notify = Callable[..., int]


def test_a_push_makes_the_repository_and_its_tag(notify: Notify, ana: User) -> None:
    """Nobody answers at the registry's address: what the event says is kept, the details come later."""
    expect(RepositoryName("ana", "app"), private=False)
    assert notify(event("push")) == 202
    tag = Tag.objects.get()
    assert (str(tag), tag.digest, tag.pushed_by) == ("ana/app:latest", DIGESTS[0], ana)
    assert tag.repository.owner == ana
    assert not tag.repository.is_private
    assert tag.repository.last_updated >= tag.pushed_at


@pytest.mark.parametrize("wanted", [True, None], ids=["private by default", "never allowed here"])
def test_a_push_makes_a_private_repository_unless_public_was_wanted(
    notify: Notify, wanted: bool | None
) -> None:
    """What this hub did not allow was pushed in another database's life, and may have been private there."""
    if wanted is not None:
        expect(RepositoryName("ana", "app"), private=wanted)
    notify(event("push"))
    assert Repository.objects.get().is_private


def test_details_are_read_from_the_registry(
    notify: Notify, registry: Registry, small_image: SmallImage, write_token: Callable[[str], str]
) -> None:
    assert registry.push("ana/app", "latest", small_image, write_token("ana/app")).status == 201
    notify(event("push", digest=small_image.digest))
    tag = Tag.objects.get()
    assert (tag.digest, tag.size) == (small_image.digest, small_image.size)
    assert tag.images == [
        {"platform": "linux/amd64", "digest": small_image.digest, "size": small_image.size},
    ]


def test_a_push_of_a_tag_that_is_gone_is_not_written(notify: Notify, registry: Registry) -> None:
    """The delete came first, as its notification may."""
    notify(event("push"))
    assert not Tag.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        event("push", mediaType=LAYER, tag=None),
        event("push", tag=None),
        event("mount", mediaType=LAYER, tag=None),
        event("pull", method="HEAD"),
        event("push", tag="não é tag"),
        event("push", repository="app"),
        event("push", repository="../etc"),
        event("push") | {"timestamp": "ontem"},
        event("push") | {"target": None},
        event("push", digest="sha256:" + "a" * 200),
        event("push", id="x" * 65),
        "nada disso",
        {},
    ],
)
def test_what_is_no_push_of_a_tag_makes_nothing(notify: Notify, other: object) -> None:
    assert notify(other) == 202
    assert not Repository.objects.exists()


def test_one_strange_event_does_not_hold_back_the_others(notify: Notify) -> None:
    assert notify("estranho", event("push")) == 202
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("order", [(1, 2), (2, 1), (1, 2, 1), (2, 2, 1)])
def test_the_latest_push_wins_in_any_order(notify: Notify, order: tuple[int, ...]) -> None:
    for minute in order:
        notify(event("push", minute, digest=DIGESTS[minute]))
    tag = Tag.objects.get()
    assert tag.digest == DIGESTS[2]
    assert tag.pushed_at.minute == 2


def test_writing_an_old_push_over_a_newer_one_changes_nothing(ana: User) -> None:
    """Two notifications may be handled at the same moment: the look before the read is not enough."""
    for minute in (2, 1):
        content = Content(DIGESTS[minute], MANIFEST)
        move_tag(RepositoryName("ana", "app"), "latest", content, NOON + timedelta(minutes=minute), ana)
    assert Tag.objects.get().digest == DIGESTS[2]


def test_a_late_push_tells_who_pushed_what_reconcile_found(notify: Notify, ana: User) -> None:
    """The hub was off, or was reading the registry in the very moment of the push."""
    found = Repository.objects.create(namespace="ana", name="app", owner=ana)
    Tag.objects.create(
        repository=found, name="latest", digest=DIGESTS[0], pushed_at=NOON + timedelta(hours=1)
    )
    notify(event("push"))
    tag = Tag.objects.get()
    assert tag.pushed_by == ana
    assert tag.pushed_at < NOON + timedelta(minutes=1)


def test_a_late_push_of_something_else_leaves_what_reconcile_found(notify: Notify, ana: User) -> None:
    found = Repository.objects.create(namespace="ana", name="app", owner=ana)
    Tag.objects.create(
        repository=found, name="latest", digest=DIGESTS[1], pushed_at=NOON + timedelta(hours=1)
    )
    notify(event("push"))
    assert Tag.objects.get().digest == DIGESTS[1]


def test_a_push_that_comes_late_does_not_age_the_repository(notify: Notify) -> None:
    Repository.objects.create(namespace="ana", name="app", last_updated=NOON + timedelta(hours=1))
    notify(event("push"))
    assert Repository.objects.get().last_updated == NOON + timedelta(hours=1)


def test_a_push_to_a_namespace_without_a_person_has_no_owner(notify: Notify) -> None:
    notify(event("push", repository="library/alpine"))
    assert Repository.objects.get().owner is None


def test_a_push_gives_the_repository_back_its_owner(notify: Notify, ana: User) -> None:
    Repository.objects.create(namespace="ana", name="app")
    notify(event("push"))
    assert Repository.objects.get().owner == ana


def test_a_pull_delivered_twice_counts_once(notify: Notify) -> None:
    Repository.objects.create(namespace="ana", name="app")
    for _ in range(2):
        notify(event("pull", id="um", tag=None), event("pull", id="dois"))
    assert Repository.objects.get().pull_count == 2


@pytest.mark.parametrize(
    "changed",
    [{"method": "HEAD"}, {"mediaType": LAYER}, {"mediaType": INDEX}, {"actor": INTERNAL_SUBJECT}],
)
def test_what_is_no_pull_of_an_image_counts_nothing(notify: Notify, changed: dict[str, Any]) -> None:
    """An index is followed by the image of the platform, and that one counts."""
    Repository.objects.create(namespace="ana", name="app")
    notify(event("pull", **changed))
    assert Repository.objects.get().pull_count == 0


def test_ids_of_pulls_are_forgotten_after_a_day(notify: Notify) -> None:
    old = CountedPull.objects.create(event_id="antigo")
    CountedPull.objects.filter(pk=old.pk).update(counted_at=timezone.now() - timedelta(days=2))
    notify(event("pull", id="novo"))
    forget_counted_pulls()
    assert [one.event_id for one in CountedPull.objects.all()] == ["novo"]


@pytest.mark.parametrize("target", [{"tag": None}, {"digest": None}])
def test_a_delete_takes_the_tag_and_leaves_the_repository(notify: Notify, target: dict[str, None]) -> None:
    notify(event("push"), event("delete", 1, mediaType=None, **target))
    assert not Tag.objects.exists()
    assert Repository.objects.count() == 1


def test_a_delete_that_comes_late_leaves_what_was_pushed_after_it(notify: Notify) -> None:
    notify(event("push", 2), event("delete", 1, tag=None))
    assert Tag.objects.count() == 1


def test_a_delete_leaves_other_tags_alone(notify: Notify) -> None:
    notify(event("push", tag="v1", digest=DIGESTS[1]), event("push"), event("delete", 1, tag=None))
    assert [tag.name for tag in Tag.objects.all()] == ["v1"]


@pytest.mark.parametrize("secret", ["", "outro", "segredo-do-registr\u00f3"])
def test_only_the_registry_is_heard(notify: Notify, secret: str) -> None:
    assert notify(event("push"), bearer=secret) == 403
    assert not Repository.objects.exists()


def test_who_did_it_reads_of_it_once(notify: Notify, ana: User) -> None:
    """The registry tells at least once; the hub's own deeds are written down where they are asked for."""
    told = [
        event("push"),
        event("push", 1, tag=None),  # a part of an index
        event("push", 2, actor="ninguem"),
        event("delete", 3),
        event("delete", 4, tag=None),
        event("delete", 5, actor=INTERNAL_SUBJECT),
    ]
    for _ in range(2):
        notify(*told)
    entries = Entry.objects.order_by("pk").values_list("person", "action", "subject")
    assert list(entries) == [
        (ana.pk, Action.PUSHED, "ana/app:latest"),
        (ana.pk, Action.TAG_DELETED, "ana/app:latest"),
        (ana.pk, Action.CONTENT_DELETED, f"ana/app@{DIGESTS[0]}"),
    ]


@pytest.mark.parametrize("header", ["Bearer ", "Bearer", ""])
def test_without_a_secret_nobody_is_heard(client: Client, settings: Settings, header: str) -> None:
    settings.HUB_NOTIFICATIONS_SECRET = ""
    told = {"events": [event("push")]}
    headers = {"Authorization": header}
    answer = client.post("/registry/notifications", told, "application/json", headers=headers)
    assert answer.status_code == 403
    assert not Repository.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{}", "não é json", '{"events": 3}'])
def test_a_body_that_is_no_envelope_is_refused(client: Client, body: str) -> None:
    header = {"Authorization": "Bearer segredo-do-registry"}
    answer = client.post("/registry/notifications", body, content_type="application/json", headers=header)
    assert answer.status_code == 400
