"""What the hub offers under library/: pushed once, put back when lost, never from nonsense."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hub.registry.client import RegistryClient
from hub.registry.official import offer
from hub.registry.reconcile import reconcile
from hub.repositories.models import Repository, Tag
from lab import official

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry, SmallImage

OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_INDEX = "application/vnd.oci.image.index.v1+json"

pytestmark = pytest.mark.django_db


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    official.prepare(tmp_path)
    return tmp_path


def test_a_layout_is_offered_once_to_everybody(registry: Registry, layout: Path) -> None:
    client = RegistryClient()
    assert offer(layout, client) >= 4
    assert offer(layout, client) == 0
    reconcile(client)
    busybox = Repository.objects.visible_to(None).get(namespace="library", name="busybox")
    assert busybox.description == "Ferramentas do Unix num programa só, bem pequeno."
    assert {"latest"} < set(busybox.tags.values_list("name", flat=True))
    assert all(tag.size > 500_000 and tag.platforms for tag in busybox.tags.all())


def test_what_somebody_put_in_its_place_is_put_back(registry: Registry, layout: Path) -> None:
    client = RegistryClient()
    offer(layout, client)
    before = client.digest("library/hello-world", "latest")
    assert before is not None
    client.delete("library/hello-world", before)
    assert client.digest("library/hello-world", "latest") is None
    assert offer(layout, client) == 1
    assert client.digest("library/hello-world", "latest") == before


def test_what_is_not_whole_does_not_keep_the_others_from_being_offered(
    registry: Registry, layout: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = layout / "index.json"
    index = json.loads(file.read_text(encoding="utf-8"))
    gone = "sha256:" + "0" * 64
    names = {"annotations": {"org.opencontainers.image.ref.name": "aaa:1"}, "mediaType": OCI_MANIFEST}
    strange = [{**names, "digest": gone}, 3, {**names, "digest": "sha256:../../index.json"}]
    index["manifests"] = [*strange, *index["manifests"]]
    file.write_text(json.dumps(index), encoding="utf-8")
    assert offer(layout, RegistryClient()) >= 4
    assert caplog.text.count("não pôde ser oferecida") == 3


def test_an_image_of_several_platforms_is_offered_whole(
    registry: Registry, tmp_path: Path, small_image: SmallImage, index: Callable[..., bytes]
) -> None:
    arm = type(small_image)(text="olá, arm", architecture="arm64")
    whole = index(small_image, arm)
    blobs = tmp_path / "blobs/sha256"
    blobs.mkdir(parents=True)
    for image in (small_image, arm):
        for content in (image.layer, image.config, image.manifest):
            (blobs / hashlib.sha256(content).hexdigest()).write_bytes(content)
    (blobs / hashlib.sha256(whole).hexdigest()).write_bytes(whole)
    entry: dict[str, Any] = {"mediaType": OCI_INDEX, "digest": f"sha256:{hashlib.sha256(whole).hexdigest()}"}
    entry["annotations"] = {"org.opencontainers.image.ref.name": "duas:1"}
    (tmp_path / "index.json").write_text(json.dumps({"manifests": [entry]}), encoding="utf-8")
    client = RegistryClient()
    assert offer(tmp_path, client) == 1
    assert offer(tmp_path, client) == 0
    reconcile(client)
    assert Tag.objects.get().platforms == ["linux/amd64", "linux/arm64"]


@pytest.mark.parametrize(
    "index", [None, "{", "[]", '{"manifests": [1]}', '{"manifests": [{"annotations": {}}]}']
)
def test_a_folder_of_nonsense_offers_nothing(registry: Registry, tmp_path: Path, index: str | None) -> None:
    if index is not None:
        (tmp_path / "index.json").write_text(index, encoding="utf-8")
    assert offer(tmp_path, RegistryClient()) == 0
    assert offer(None, RegistryClient()) == 0
