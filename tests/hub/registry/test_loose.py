"""What no tag leads to any more: it stays a day, and then it goes, with nothing that something leads to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from hub.accounts.models import User
from hub.registry import describe
from hub.registry.client import RegistryClient
from hub.registry.loose import KEPT_FOR
from hub.registry.models import SeenManifest
from hub.registry.reconcile import reconcile
from hub.registry.record import expect, see
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry, SmallImage

Token = Callable[[str], str]
APP, PATH = RepositoryName("ana", "app"), "ana/app"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"

pytestmark = pytest.mark.django_db


@pytest.fixture
def pushed_again(
    registry: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> Registry:
    """latest was one image, and is another now."""
    User.objects.create_confirmed("ana", "ana@exemplo.com", "senha-de-treino")
    expect(APP, private=False)
    for image in (small_image, other_image):
        assert registry.push(PATH, "latest", image, write_token(PATH)).status == 201
        reconcile()
    return registry


def a_day_passes() -> None:
    SeenManifest.objects.filter(loose_since__isnull=False).update(
        loose_since=timezone.now() - KEPT_FOR - timedelta(minutes=1)
    )


def test_what_a_tag_left_behind_is_there_for_a_day(
    pushed_again: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> None:
    reconcile()
    assert pushed_again.pull(PATH, small_image.digest, write_token(PATH)).status == 200
    a_day_passes()
    reconcile()
    assert pushed_again.pull(PATH, small_image.digest, write_token(PATH)).status == 404
    assert pushed_again.pull(PATH, "latest", write_token(PATH)).body == other_image.manifest
    assert [one.digest for one in SeenManifest.objects.all()] == [other_image.digest]
    reconcile()


def test_what_gets_a_tag_again_stays(
    pushed_again: Registry, small_image: SmallImage, write_token: Token
) -> None:
    a_day_passes()
    pushed_again.push(PATH, "velha", small_image, write_token(PATH))
    reconcile()
    assert pushed_again.pull(PATH, "velha", write_token(PATH)).status == 200
    assert not SeenManifest.objects.get(digest=small_image.digest).loose_since


@pytest.mark.parametrize("most", [40, 1], ids=["known whole", "known in part"])
def test_an_image_of_an_index_that_has_a_tag_stays(
    pushed_again: Registry,
    small_image: SmallImage,
    other_image: SmallImage,
    index: Callable[..., bytes],
    write_token: Token,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
) -> None:
    for module in (describe, "hub.registry.leads"):
        target = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{target}.MOST_IMAGES", most)
    whole = index(other_image, small_image)
    assert pushed_again.put(PATH, "todas", whole, OCI_INDEX, write_token(PATH)).status == 201
    a_day_passes()
    reconcile()
    assert len(Tag.objects.get(name="todas").images) == min(most, 3)
    a_day_passes()
    reconcile()
    assert pushed_again.pull(PATH, small_image.digest, write_token(PATH)).body == small_image.manifest


def test_an_image_of_an_index_without_a_tag_stays_as_long_as_the_index(
    pushed_again: Registry, small_image: SmallImage, index: Callable[..., bytes], write_token: Token
) -> None:
    whole = index(small_image)
    assert pushed_again.put(PATH, "todas", whole, OCI_INDEX, write_token(PATH)).status == 201
    reconcile()
    digest = Tag.objects.get(name="todas").digest
    a_day_passes()
    # Somebody takes the tag away without the manifest, as a registry 3.x lets them; only this is news.
    SeenManifest.objects.filter(digest=small_image.digest).update(loose_since=timezone.now() - 2 * KEPT_FOR)
    pushed_again.push(PATH, "todas", type(small_image)(text="terceira"), write_token(PATH))
    reconcile()
    for reference in (digest, small_image.digest):
        assert pushed_again.pull(PATH, reference, write_token(PATH)).status == 200
    a_day_passes()
    reconcile()
    for reference in (digest, small_image.digest):
        assert pushed_again.pull(PATH, reference, write_token(PATH)).status == 404


def test_what_never_had_a_tag_goes_too(
    registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    registry.push(PATH, small_image.digest, small_image, write_token(PATH))
    see(APP, small_image.digest)
    reconcile()
    a_day_passes()
    reconcile()
    assert registry.pull(PATH, small_image.digest, write_token(PATH)).status == 404
    assert not SeenManifest.objects.exists()
    assert not Repository.objects.exists()


def test_an_index_that_a_learner_made_up_keeps_what_it_may_lead_to(
    pushed_again: Registry, small_image: SmallImage, write_token: Token
) -> None:
    """An index in an index: the database knows only the first."""
    descriptor = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": small_image.digest}
    inner = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [descriptor | {"size": 1}]})
    put = pushed_again.put(PATH, "dentro", inner.encode(), OCI_INDEX, write_token(PATH))
    part = {"mediaType": OCI_INDEX, "digest": put.headers["Docker-Content-Digest"], "size": len(inner)}
    outer = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [part]}).encode()
    assert pushed_again.put(PATH, "fora", outer, OCI_INDEX, write_token(PATH)).status == 201
    pushed_again.push(PATH, "dentro", type(small_image)(text="terceira"), write_token(PATH))
    for _ in range(2):
        reconcile()
        a_day_passes()
    assert pushed_again.pull(PATH, small_image.digest, write_token(PATH)).status == 200
    assert RegistryClient().manifest(PATH, "fora") is not None
