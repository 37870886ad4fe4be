"""What the hub offers under library/: pushed once, put back when lost, never from nonsense."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.registry.client import RegistryClient
from hub.registry.official import offer
from hub.registry.reconcile import reconcile
from hub.repositories.models import Repository
from lab import official

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry

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


@pytest.mark.parametrize(
    "index", [None, "{", "[]", '{"manifests": [1]}', '{"manifests": [{"annotations": {}}]}']
)
def test_a_folder_of_nonsense_offers_nothing(registry: Registry, tmp_path: Path, index: str | None) -> None:
    if index is not None:
        (tmp_path / "index.json").write_text(index, encoding="utf-8")
    assert offer(tmp_path, RegistryClient()) == 0
    assert offer(None, RegistryClient()) == 0
