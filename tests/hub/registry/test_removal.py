"""Deleting in the hub deletes in the registry, and nothing more than was asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from hub.accounts.models import User
from hub.registry.client import RegistryClient
from hub.registry.errors import RegistryUnavailable
from hub.registry.leads import MOST_TAGS_READ
from hub.registry.models import ExpectedRepository, SeenManifest
from hub.registry.reconcile import reconcile
from hub.registry.record import expect, see
from hub.registry.removal import delete_namespace, delete_repository, delete_tags
from hub.repositories.life import Archived, archive
from hub.repositories.models import Repository, Tag
from hub.repositories.mutability import ImmutableTag, set_mutability
from hub.repositories.names import RepositoryName

if TYPE_CHECKING:
    from tests.hub.conftest import Learner
    from tests.hub.registry.conftest import Registry, SmallImage

Token = Callable[[str], str]
APP, PATH = RepositoryName("ana", "app"), "ana/app"
PASSWORD = "senha-de-treino"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"

pytestmark = pytest.mark.django_db


@pytest.fixture
def app(
    registry: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> Repository:
    """Three tags: v1 and latest are one image, v2 is another."""
    User.objects.create_confirmed("ana", "ana@exemplo.com", PASSWORD)
    expect(APP, private=False)
    for tag, image in (("v1", small_image), ("latest", small_image), ("v2", other_image)):
        assert registry.push(PATH, tag, image, write_token(PATH)).status == 201
    reconcile()
    return Repository.objects.get()


def in_registry() -> list[str]:
    return sorted(RegistryClient().tags(PATH) or [])


def in_hub() -> list[str]:
    return sorted(Tag.objects.values_list("name", flat=True))


def test_a_tag_goes_and_the_other_of_the_same_image_stays(
    app: Repository, registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    delete_tags(app, ["latest"])
    assert in_registry() == in_hub() == ["v1", "v2"]
    assert registry.pull(PATH, "v1", write_token(PATH)).body == small_image.manifest
    assert registry.pull(PATH, "latest", write_token(PATH)).status == 404


def test_an_image_without_tags_goes_with_the_last(
    app: Repository, registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    delete_tags(app, ["latest", "v1"])
    assert in_registry() == in_hub() == ["v2"]
    assert registry.pull(PATH, small_image.digest, write_token(PATH)).status == 404
    reconcile()
    assert in_hub() == ["v2"]


def test_an_image_of_an_index_that_stays_is_not_touched(
    app: Repository,
    registry: Registry,
    small_image: SmallImage,
    index: Callable[..., bytes],
    write_token: Token,
) -> None:
    whole = index(small_image)
    assert registry.put(PATH, "todas", whole, OCI_INDEX, write_token(PATH)).status == 201
    delete_tags(app, ["latest", "v1"])
    assert registry.pull(PATH, "todas", write_token(PATH)).body == whole
    assert registry.pull(PATH, small_image.digest, write_token(PATH)).body == small_image.manifest
    delete_tags(app, ["todas"])
    assert registry.pull(PATH, small_image.digest, write_token(PATH)).status == 404
    assert in_registry() == ["v2"]


def test_a_tag_that_is_not_there_is_no_trouble(app: Repository) -> None:
    delete_tags(app, ["v3", "não é tag"])
    assert in_registry() == in_hub() == ["latest", "v1", "v2"]


def test_an_immutable_tag_stays_and_so_do_those_asked_for_with_it(app: Repository) -> None:
    set_mutability(app, True, ["^v[0-9]+$"])
    with pytest.raises(ImmutableTag, match="A tag v1 de ana/app é imutável"):
        delete_tags(app, ["latest", "v1"])
    assert in_registry() == in_hub() == ["latest", "v1", "v2"]
    delete_tags(app, ["latest"])
    assert in_registry() == ["v1", "v2"]


def test_the_tags_of_an_archived_repository_stay(app: Repository) -> None:
    archive(app)
    with pytest.raises(Archived, match="está arquivado"):
        delete_tags(app, ["v1"])
    assert in_registry() == ["latest", "v1", "v2"]


def test_a_repository_goes_with_all_its_tags(
    app: Repository,
    registry: Registry,
    small_image: SmallImage,
    index: Callable[..., bytes],
    write_token: Token,
) -> None:
    registry.put(PATH, "todas", index(small_image), OCI_INDEX, write_token(PATH))
    set_mutability(app, True, [])
    archive(app)
    delete_repository(app)
    assert in_registry() == []
    assert not Repository.objects.exists()
    assert not ExpectedRepository.objects.exists()
    for digest in (small_image.digest, "v1", "todas"):
        assert registry.pull(PATH, digest, write_token(PATH)).status == 404
    reconcile()
    assert not Repository.objects.exists()


def test_what_tags_left_behind_goes_with_the_repository(
    app: Repository,
    registry: Registry,
    small_image: SmallImage,
    other_image: SmallImage,
    index: Callable[..., bytes],
    write_token: Token,
    tools: Any,
) -> None:
    """Who knows a digest must not find it in a new, public repository of the same name."""
    token, third = write_token(PATH), type(small_image)(text="terceira")
    assert registry.put(PATH, "v1", index(small_image, other_image), OCI_INDEX, token).status == 201
    reconcile()
    whole = Tag.objects.get(name="v1").digest
    for tag in ("v1", "latest", "v2"):
        registry.push(PATH, tag, third, token)
    reconcile()
    delete_repository(app)
    assert not SeenManifest.objects.exists()
    for digest in (small_image.digest, other_image.digest, third.digest, whole):
        assert registry.pull(PATH, digest, token).status == 404
    for image in (small_image, third):
        assert tools.ask("GET", f"{registry.url}/v2/{PATH}/blobs/{image.layer_digest}", token).status == 404


def test_what_was_pushed_without_a_tag_goes_with_the_repository(
    app: Repository, registry: Registry, small_image: SmallImage, write_token: Token, client: Client
) -> None:
    """The registry tells of it, and nothing else does."""
    third = type(small_image)(text="terceira")
    registry.push(PATH, third.digest, third, write_token(PATH))
    target = {"mediaType": MANIFEST, "digest": third.digest, "repository": PATH}
    told = {"id": "1", "timestamp": "2026-11-23T12:00:00Z", "action": "push", "target": target}
    bearer = {"Authorization": "Bearer segredo-do-registry"}
    client.post("/registry/notifications", {"events": [told]}, "application/json", headers=bearer)
    delete_repository(app)
    assert registry.pull(PATH, third.digest, write_token(PATH)).status == 404


def test_a_namespace_goes_with_what_made_no_repository(
    app: Repository, registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    """Pushed without a tag, or so lately that nobody told the hub."""
    untagged, untold = RepositoryName("ana", "solto"), RepositoryName("ana", "novo")
    for name, reference in ((untagged, small_image.digest), (untold, "v1")):
        registry.push(str(name), reference, small_image, write_token(str(name)))
    see(untagged, small_image.digest)
    expect(untold, private=False)
    assert delete_namespace("ana") == 1
    for name in (APP, untagged, untold):
        assert registry.pull(str(name), small_image.digest, write_token(str(name))).status == 404
    for model in (Repository, ExpectedRepository, SeenManifest):
        assert not model.objects.exists()


class Counting(RegistryClient):
    """Counts what it asks the registry."""

    asked = 0

    def _ask(self, *words: Any, **names: Any) -> Any:
        self.asked += 1
        return super()._ask(*words, **names)


@pytest.fixture
def many(
    app: Repository, registry: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> Repository:
    """Some tags more than are read one by one, all of them of one image."""
    for number in range(MOST_TAGS_READ + 1):
        registry.put(PATH, f"t{number}", other_image.manifest, MANIFEST, write_token(PATH))
    reconcile()
    return app


def test_among_many_tags_few_are_read(
    many: Repository,
    registry: Registry,
    small_image: SmallImage,
    other_image: SmallImage,
    write_token: Token,
) -> None:
    client = Counting()
    delete_tags(many, ["v1", "latest", "v2"], client)
    assert client.asked < 30
    assert registry.pull(PATH, small_image.digest, write_token(PATH)).status == 404
    assert registry.pull(PATH, "t0", write_token(PATH)).body == other_image.manifest
    assert len(in_hub()) == len(in_registry()) == MOST_TAGS_READ + 1
    client = Counting()
    delete_repository(many, client)
    assert client.asked < 30
    assert in_registry() == []


def test_what_the_database_does_not_know_yet_is_not_lost(
    many: Repository, registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    Tag.objects.filter(name__startswith="t").delete()
    registry.put(PATH, "nova", small_image.manifest, MANIFEST, write_token(PATH))
    delete_tags(many, ["v1", "latest", "v2"])  # too many to read: nothing but the tags goes
    assert registry.pull(PATH, "nova", write_token(PATH)).body == small_image.manifest
    assert len(in_registry()) == MOST_TAGS_READ + 2


def test_a_tag_that_moved_without_notice_is_not_lost(
    app: Repository, registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    registry.put(PATH, "v2", small_image.manifest, MANIFEST, write_token(PATH))
    delete_tags(app, ["v1", "latest"])
    assert registry.pull(PATH, "v2", write_token(PATH)).body == small_image.manifest


def test_the_same_name_is_pushed_again(
    app: Repository, registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    delete_repository(app)
    assert registry.push(PATH, "v1", small_image, write_token(PATH)).status == 201
    expect(APP, private=False)
    reconcile()
    assert Repository.objects.get().is_private is False
    assert in_hub() == ["v1"]


def test_nothing_is_forgotten_while_the_registry_is_away(app: Repository, registry: Registry) -> None:
    registry.stop()
    with pytest.raises(RegistryUnavailable):
        delete_tags(app, ["v1"])
    with pytest.raises(RegistryUnavailable):
        delete_repository(app)
    assert in_hub() == ["latest", "v1", "v2"]


def test_on_the_pages(app: Repository, registry: Registry, learner: Learner) -> None:
    learner.signs_in("ana", PASSWORD)
    page = learner.sends("/repositories/ana/app/tags/apagar", tag="latest")
    assert page.says("A tag latest foi apagada.")
    assert in_registry() == in_hub() == ["v1", "v2"]
    page = learner.sends("/repositories/ana/app/apagar", name="app")
    assert (page.path.rstrip("/"), page.says("O repositório ana/app foi apagado")) == ("/repositories", True)
    assert in_registry() == in_hub() == []
    assert learner.opens("/repositories/ana/app").status == 404


def test_on_the_pages_while_the_registry_is_away(
    app: Repository, registry: Registry, learner: Learner
) -> None:
    registry.stop()
    learner.signs_in("ana", PASSWORD)
    for address, fields in (("apagar", {"name": "app"}), ("tags/apagar", {"tag": "v1"})):
        page = learner.sends(f"/repositories/ana/app/{address}", **fields)
        assert page.says("O registry não conseguiu apagar tudo.")
        assert all(f'value="{typed}"' in page.text for typed in fields.values())
    assert in_hub() == ["latest", "v1", "v2"]
