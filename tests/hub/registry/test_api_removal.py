"""Deleting through the API, with a real registry behind it and with none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from hub.accounts.models import User
from hub.api.bearer import issue
from hub.audit.models import Entry
from hub.registry.client import RegistryClient
from hub.registry.reconcile import reconcile
from hub.registry.record import expect
from hub.repositories.models import Repository, Tag
from hub.repositories.names import RepositoryName
from hub.tokens.sign_in import SignedIn

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry, SmallImage

APP = "/v2/namespaces/ana2026/repositories/app"
OLD_APP = "/v2/repositories/ana2026/app"
PATH = "ana2026/app"


def deletes(owner: User, address: str) -> Any:
    """What the API answers to the owner."""
    return Client().delete(address, headers={"Authorization": f"Bearer {issue(SignedIn(owner))}"})


@pytest.mark.parametrize("start", [APP, f"{OLD_APP}/"])
def test_a_tag_and_then_the_repository_are_gone_from_the_registry(
    registry: Registry, small_image: SmallImage, write_token: Callable[[str], str], ana: User, start: str
) -> None:
    expect(RepositoryName("ana2026", "app"), private=False)
    for tag in ("v1", "v2"):
        assert registry.push(PATH, tag, small_image, write_token(PATH)).status == 201
    reconcile()
    assert deletes(ana, f"{start.rstrip('/')}/tags/v1").status_code == 204
    assert RegistryClient().tags(PATH) == ["v2"]
    assert deletes(ana, start).status_code == 202
    assert not RegistryClient().tags(PATH)
    reconcile()
    assert not Repository.objects.exists()
    written = Entry.objects.filter(person=ana, action__endswith="deleted").order_by("pk")
    assert [one.action for one in written] == ["tag_deleted", "repository_deleted"]


@pytest.mark.parametrize("address", [f"{APP}/tags/v1", APP])
def test_without_the_registry_nothing_is_deleted(ana: User, address: str) -> None:
    made = Repository.objects.create(namespace="ana2026", name="app", owner=ana)
    Tag.objects.create(repository=made, name="v1", digest=f"sha256:{1:064}")
    answer = deletes(ana, address)
    assert answer.status_code == 503
    assert "Tente de novo" in answer.json()["message"]
    assert Tag.objects.exists()
    assert not Entry.objects.filter(action__endswith="deleted").exists()
