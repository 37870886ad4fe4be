"""Reconcile: the hub's rows become what the registry holds, whatever was lost in between."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command

from hub.accounts.models import User
from hub.registry import client as registry_client
from hub.registry.client import RegistryClient
from hub.registry.describe import Content, describe
from hub.registry.errors import RegistryFailing, RegistryUnavailable
from hub.registry.reconcile import reconcile
from hub.registry.record import expect, move_tag
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry, SmallImage

Token = Callable[[str], str]
APP = RepositoryName("ana", "app")

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return User.objects.create_confirmed("ana", "ana@exemplo.com", "senha-de-treino")


@pytest.fixture
def pushed(registry: Registry, small_image: SmallImage, write_token: Token) -> SmallImage:
    """ana/app has two tags of one image, and a namespace without a person has one."""
    for path, tag in (("ana/app", "latest"), ("ana/app", "v1"), ("ninguem/x", "1")):
        assert registry.push(path, tag, small_image, write_token(path)).status == 201
    return small_image


def tags() -> list[str]:
    return sorted(str(tag) for tag in Tag.objects.select_related("repository"))


def test_an_empty_hub_is_rebuilt(pushed: SmallImage, ana: User) -> None:
    outcome = reconcile()
    assert tags() == ["ana/app:latest", "ana/app:v1", "ninguem/x:1"]
    assert (outcome.repositories, outcome.tags, outcome.dropped) == (2, 3, 0)
    owners = {str(one): one.owner for one in Repository.objects.all()}
    assert owners == {"ana/app": ana, "ninguem/x": None}
    tag = Tag.objects.get(name="v1")
    assert (tag.digest, tag.size) == (pushed.digest, pushed.size)
    assert tag.platforms == ["linux/amd64"]


def test_what_was_not_pushed_in_this_database_comes_back_private(
    pushed: SmallImage, ana: User, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody knows whether it was private: a rebuild opens nothing, and says so."""
    reconcile()
    assert {str(one): one.is_private for one in Repository.objects.all()} == {
        "ana/app": True,
        "ninguem/x": True,
    }
    assert "ana/app está no registry, e o hub não sabe se era público" in caplog.text


def test_a_push_whose_notification_was_lost_is_what_its_owner_wanted(pushed: SmallImage, ana: User) -> None:
    expect(APP, private=False)
    reconcile()
    assert not Repository.objects.get(name="app").is_private


def test_a_rebuild_changes_nobodys_choice(pushed: SmallImage, ana: User) -> None:
    Repository.objects.create(namespace="ana", name="app", owner=ana, is_private=False)
    Repository.objects.create(namespace="ninguem", name="x", is_private=True)
    reconcile()
    assert {one.name: one.is_private for one in Repository.objects.all()} == {"app": False, "x": True}


def test_official_images_are_public(registry: Registry, small_image: SmallImage, write_token: Token) -> None:
    registry.push("library/alpine", "3", small_image, write_token("library/alpine"))
    reconcile()
    assert not Repository.objects.get().is_private


def test_a_second_time_changes_nothing(pushed: SmallImage, ana: User) -> None:
    reconcile()
    before = list(Tag.objects.values())
    reconcile()
    assert list(Tag.objects.values()) == before


def test_pages_of_the_registry_are_followed(
    pushed: SmallImage, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_client, "_PAGE", 1)
    reconcile()
    assert len(tags()) == 3


def test_what_is_gone_is_dropped(
    pushed: SmallImage, ana: User, registry: Registry, write_token: Token
) -> None:
    """Registry 2.8 then lists the repository with `"tags": null`."""
    reconcile()
    assert registry.delete("ana/app", pushed.digest, write_token("ana/app")).status == 202
    assert reconcile().dropped == 2
    assert tags() == ["ninguem/x:1"]
    assert Repository.objects.named(*APP).exists()


def test_a_registry_that_lost_everything_takes_the_tags_and_not_the_repositories(
    registry: Registry, ana: User
) -> None:
    move_tag(APP, "latest", Content("sha256:" + "a" * 64, ""), ana.date_joined, ana)
    assert reconcile().dropped == 1
    assert Repository.objects.count() == 1


def test_a_repository_whose_tags_are_all_gone_is_not_made(
    pushed: SmallImage, registry: Registry, write_token: Token
) -> None:
    registry.delete("ana/app", pushed.digest, write_token("ana/app"))
    reconcile()
    assert not Repository.objects.named(*APP).exists()


def test_missing_details_are_filled_and_who_pushed_is_kept(pushed: SmallImage, ana: User) -> None:
    """As after a notification that came while the registry could not be read."""
    move_tag(APP, "v1", Content(pushed.digest, ""), ana.date_joined, ana)
    reconcile()
    tag = Tag.objects.get(name="v1", repository__name="app")
    assert tag.size == pushed.size
    assert (tag.pushed_by, tag.pushed_at) == (ana, ana.date_joined)


def test_a_lost_push_moves_the_tag(
    pushed: SmallImage, ana: User, registry: Registry, other_image: SmallImage, write_token: Token
) -> None:
    reconcile()
    registry.push("ana/app", "v1", other_image, write_token("ana/app"))
    reconcile()
    assert Tag.objects.get(name="v1").digest == other_image.digest
    assert Tag.objects.get(name="latest").digest == pushed.digest


def test_a_push_while_it_runs_is_kept(pushed: SmallImage, ana: User) -> None:
    """The list of tags was read before the push, so the new tag is not in it."""
    reconcile()

    class OldList(RegistryClient):
        def tags(self, path: str) -> list[str] | None:
            return []

    assert reconcile(OldList()).dropped == 0
    assert len(tags()) == 3


def test_a_tag_moved_by_a_push_while_it_runs_is_not_moved_back(
    pushed: SmallImage, ana: User, other_image: SmallImage
) -> None:
    move_tag(APP, "v1", Content("sha256:" + "0" * 64, ""), ana.date_joined, None)

    class PushInBetween(RegistryClient):
        def digest(self, path: str, reference: str) -> str | None:
            if reference == "v1":
                Tag.objects.filter(name="v1").update(digest=other_image.digest)
            return super().digest(path, reference)

    reconcile(PushInBetween())
    assert Tag.objects.get(name="v1").digest == other_image.digest


def test_an_index_lists_its_platforms(
    registry: Registry, small_image: SmallImage, index: Callable[..., bytes], write_token: Token
) -> None:
    token = write_token("ana/app")
    arm = type(small_image)(text="olá, arm", architecture="arm64")
    for image in (small_image, arm):
        registry.push("ana/app", image.digest, image, token)
    media_type = "application/vnd.oci.image.index.v1+json"
    assert registry.put("ana/app", "latest", index(small_image, arm), media_type, token).status == 201
    content = describe(RegistryClient(), "ana/app", "latest")
    assert content is not None
    assert content.media_type == media_type
    assert content.size == small_image.size
    platforms = [(image["platform"], image["size"]) for image in content.images]
    assert platforms[:2] == [("linux/amd64", small_image.size), ("linux/arm64", arm.size)]
    assert Tag(images=content.images).platforms == ["linux/amd64", "linux/arm64"]


def test_what_a_learner_makes_up_does_not_stop_the_hub(
    registry: Registry, small_image: SmallImage, write_token: Token, ana: User
) -> None:
    """Sizes that no database counts, a config that is no JSON, words with NUL: all of it can be pushed."""
    token = write_token("ana/app")
    registry.push("ana/app", "a", small_image, token)
    manifest = json.loads(small_image.manifest)
    manifest["layers"] = [manifest["layers"][0] | {"size": 2**62} for _ in range(4)]
    manifest["config"] = manifest["config"] | {"digest": manifest["layers"][0]["digest"]}
    media_type = manifest["mediaType"]
    assert registry.put("ana/app", "b", json.dumps(manifest).encode(), media_type, token).status == 201
    listed = {"mediaType": media_type, "digest": small_image.digest, "size": 1}
    odd = listed | {"platform": {"os": "a\0b", "architecture": "\ud800"}}
    index_type = "application/vnd.oci.image.index.v1+json"
    index = {"schemaVersion": 2, "mediaType": index_type, "manifests": [odd]}
    assert registry.put("ana/app", "c", json.dumps(index).encode(), index_type, token).status == 201
    assert reconcile().unread == 0
    assert Tag.objects.get(name="b").platforms == []
    assert Tag.objects.count() == 3


def broken(registry: Registry, folder: Path, path: str, tag: str) -> None:
    """As a disk that was full leaves it: the registry answers 500 to whoever asks for this tag."""
    port = registry.url.rpartition(":")[2]
    storage = folder / f"data-{port}" / "docker/registry/v2/repositories"
    (storage / path / "_manifests/tags" / tag / "current/link").write_text("", encoding="utf-8")


def test_a_broken_repository_does_not_keep_the_others_from_being_read(
    pushed: SmallImage, ana: User, registry: Registry, tmp_path: Path
) -> None:
    broken(registry, tmp_path, "ana/app", "latest")
    outcome = reconcile()
    assert outcome.unread == 1
    assert "ninguem/x:1" in tags()
    assert "não leu tudo (sem ler: 1;" in str(outcome)


def test_many_broken_ones_in_a_row_do_not_either(
    pushed: SmallImage,
    ana: User,
    registry: Registry,
    small_image: SmallImage,
    write_token: Token,
    tmp_path: Path,
) -> None:
    for name in "abcdefg":
        registry.push(f"ana/{name}", "1", small_image, write_token(f"ana/{name}"))
        broken(registry, tmp_path, f"ana/{name}", "1")
    assert reconcile().unread == 7
    assert "ninguem/x:1" in tags()


def test_a_registry_that_breaks_down_meanwhile_is_left_alone(pushed: SmallImage, ana: User) -> None:
    class BreaksDown(RegistryClient):
        asked = 0

        def tags(self, path: str) -> list[str] | None:
            self.asked += 1
            raise RegistryFailing("O registry respondeu 503.")

        def repositories(self) -> Iterator[str]:
            if self.asked:
                raise RegistryFailing("O registry respondeu 503.")
            return (f"ana/app{number}" for number in range(100))

    client = BreaksDown()
    with pytest.raises(RegistryFailing):
        reconcile(client)
    assert client.asked < 10


def test_a_registry_that_is_off_is_said_to_be_so(settings: object) -> None:
    with pytest.raises(RegistryUnavailable):
        reconcile()
    with pytest.raises(CommandError, match="Veja se ele está no ar") as error:
        call_command("reconcile")
    assert error.value.returncode == 3


def test_the_command_says_one_sentence(pushed: SmallImage, ana: User) -> None:
    out = StringIO()
    call_command("reconcile", stdout=out)
    assert out.getvalue() == (
        "O hub está em dia com o registry (repositórios: 2; tags: 3; tags retiradas: 0).\n"
    )
