"""What the checks see in a registry: a small one that behaves."""

from pathlib import Path
from typing import Any

import pytest

from checks.auth import Credential
from checks.errors import LoginRefused
from checks.image import Access, Image, Platform, PublicImage, RemoteImage
from checks.manifest import MANIFEST_TYPES
from checks.reference import parse
from checks.registry import Registry
from tests.checks.conftest import ANA, CONFIG, FakeHub, as_anyone, as_learner, with_registry

APP = parse("ana/app")
ARM: dict[str, Any] = {**CONFIG, "architecture": "arm64"}
INDEX, MANIFEST, DOCKER_LIST, DOCKER_MANIFEST = MANIFEST_TYPES
Seen = RemoteImage | PublicImage


@pytest.mark.parametrize("media_type", [MANIFEST, DOCKER_MANIFEST])
def test_a_pushed_image_is_found_with_its_content(hub: FakeHub, media_type: str) -> None:
    digest = hub.push("ana/app", hub.image(media_type=media_type))
    seen = as_learner(hub)
    assert (seen.reference, seen.access, seen.digest) == (APP, Access.FOUND, digest)
    assert seen.images == (Image.from_config(CONFIG),)


@pytest.mark.parametrize("media_type", [INDEX, DOCKER_LIST])
def test_an_index_holds_an_image_a_platform(hub: FakeHub, media_type: str) -> None:
    kind = MANIFEST if media_type == INDEX else DOCKER_MANIFEST
    entries = hub.image(CONFIG, kind), hub.image(ARM, kind)
    digest = hub.push("ana/app", hub.index(*entries, media_type=media_type))
    seen = as_learner(hub)
    assert seen.digest == digest
    assert [image.platform for image in seen.images] == [
        Platform("linux", "amd64"),
        Platform("linux", "arm64"),
    ]


def test_attestations_are_not_images_and_are_not_read(hub: FakeHub) -> None:
    attestation = hub.image({"os": "unknown", "architecture": "unknown"})
    unknown = {**attestation, "platform": {"os": "unknown", "architecture": "unknown"}}
    hub.push("ana/app", hub.index(hub.image(), unknown))
    assert as_learner(hub).images == (Image.from_config(CONFIG),)
    assert not any(attestation["digest"] in asked for asked in hub.asked)


def test_an_index_in_an_index_is_followed(hub: FakeHub) -> None:
    hub.push("ana/app", hub.index(hub.index(hub.image()), hub.image(ARM)))
    assert len(as_learner(hub).images) == 2


def test_a_platform_cleaned_away_does_not_hide_the_others(hub: FakeHub) -> None:
    gone = hub.image(ARM)
    hub.push("ana/app", hub.index(hub.image(), gone))
    hub.remove(gone["digest"])
    assert as_learner(hub).images == (Image.from_config(CONFIG),)


def test_a_digest_can_be_asked_for(hub: FakeHub) -> None:
    digest = hub.push("ana/app", hub.image())
    assert as_learner(hub, f"ana/app@{digest}").digest == digest


def test_another_artifact_is_found_and_is_no_image(hub: FakeHub) -> None:
    chart = hub.put({"name": "chart"}, "application/vnd.cncf.helm.config.v1+json")
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": chart, "layers": []}
    hub.push("ana/app", hub.put(manifest, MANIFEST))
    seen = as_learner(hub)
    assert (seen.access, seen.images) == (Access.FOUND, ())


@pytest.mark.parametrize("config", [{}, {"os": 3}, {"os": "linux", "architecture": "amd64", "rootfs": 1}])
def test_a_configuration_that_makes_no_sense_is_no_image(hub: FakeHub, config: dict[str, Any]) -> None:
    """The learner can push one; it must fail the check, not excuse it."""
    hub.push("ana/app", hub.image(config))
    seen = as_learner(hub)
    assert (seen.access, seen.images) == (Access.FOUND, ())


def test_a_missing_tag_is_missing(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    assert as_learner(hub, "ana/app:v2") == RemoteImage(parse("ana/app:v2"), Access.MISSING)


def test_a_private_image_is_seen_by_its_owner_alone(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    hub.private.add("ana/app")
    hub.passwords["bia"] = "outro"
    assert as_learner(hub).access is Access.FOUND
    assert as_anyone(hub) == PublicImage(APP, Access.DENIED)
    assert as_learner(hub, who=Credential("bia", "outro")).access is Access.DENIED


def test_a_public_image_needs_no_password_and_sends_none(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    assert as_anyone(hub).access is Access.FOUND
    assert not any(header.startswith("Basic") for header in hub.authorizations)


def test_nobody_logged_in_looks_as_anyone(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    assert as_learner(hub, who=None).access is Access.FOUND


def test_a_password_no_longer_accepted_is_not_the_learners_failure(hub: FakeHub) -> None:
    hub.push("ana/app", hub.image())
    with pytest.raises(LoginRefused):
        as_learner(hub, who=Credential("ana", "antiga"))


def test_one_token_serves_all_questions_of_a_repository(hub: FakeHub) -> None:
    hub.push("ana/app", hub.index(hub.image(), hub.image(ARM)))
    as_learner(hub)
    assert hub.asked.count("GET /token") == 1


def test_what_is_cached_is_not_read_again_but_always_asked_for(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.index(hub.image(), hub.image(ARM)))

    async def look(registry: Registry) -> Seen:
        return await registry.remote_image(APP, ANA)

    first = with_registry(hub.url, look, tmp_path)
    hub.asked.clear()
    assert with_registry(hub.url, look, tmp_path) == first
    assert [asked for asked in hub.asked if asked.startswith("GET /v2")] == []
    hub.private.add("ana/app")
    denied = with_registry(hub.url, lambda registry: registry.public_image(APP), tmp_path)
    assert denied == PublicImage(APP, Access.DENIED)


def test_a_damaged_cache_is_not_believed(hub: FakeHub, tmp_path: Path) -> None:
    hub.push("ana/app", hub.image())

    async def look(registry: Registry) -> Seen:
        return await registry.remote_image(APP, ANA)

    first = with_registry(hub.url, look, tmp_path)
    for file in tmp_path.iterdir():
        file.write_text("{}", encoding="utf-8")
    assert with_registry(hub.url, look, tmp_path) == first
