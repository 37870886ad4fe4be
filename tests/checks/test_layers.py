"""The layers in a registry are what their configuration says, each read once ever."""

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from checks import layer_notes
from checks.image import Access, RemoteImage, RemoteLeaks
from checks.leaks import Place
from checks.manifest import MANIFEST_TYPES
from checks.reference import parse
from checks.registry import Registry
from tests.checks.conftest import ANA, CONFIG, OCI_CONFIG, FakeHub, digest_of, with_registry
from tests.checks.test_unpack import TOKEN, tar

MANIFEST = MANIFEST_TYPES[1]
APP = parse("ana/app")


class Shop:
    """A registry with images made of layers, and one folder in which what is learned is kept."""

    def __init__(self, hub: FakeHub, folder: Path) -> None:
        self.hub, self.folder = hub, folder

    @property
    def notes(self) -> Path:
        return self.folder / "layers.txt"

    def push(
        self, *bodies: bytes, claims: list[str] | None = None, name: str = "ana/app", **more: Any
    ) -> None:
        """`claims`: the diff_ids of the configuration, when they are not those of the layers."""
        diff_ids = claims or [digest_of(unpacked(body)) for body in bodies]
        config = {**CONFIG, "rootfs": {"type": "layers", "diff_ids": diff_ids}, **more}
        described = [self.hub.blob(body) for body in bodies]
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": self.hub.put(config, OCI_CONFIG)}
        self.hub.push(name, self.hub.put({**manifest, "layers": described}, MANIFEST))

    def seen(self, name: str = "ana/app") -> RemoteImage:
        found: RemoteImage = self.ask(lambda registry: registry.remote_image(parse(name), ANA))
        return found

    def leaks(self, name: str = "ana/app") -> RemoteLeaks:
        found: RemoteLeaks = self.ask(lambda registry: registry.remote_leaks(parse(name), ANA))
        return found

    def ask(self, work: Callable[[Registry], Any]) -> Any:
        return with_registry(self.hub.url, work, self.folder)

    def reads(self, body: bytes) -> int:
        return sum(asked == f"GET /v2/ana/app/blobs/{digest_of(body)}" for asked in self.hub.asked)

    def serve(self, body: bytes, handler: Any) -> None:
        self.hub.faults[f"/blobs/{digest_of(body)}"] = handler


@pytest.fixture
def shop(hub: FakeHub, tmp_path: Path) -> Shop:
    return Shop(hub, tmp_path)


def unpacked(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


ONE, TWO = gzip.compress(tar({"a": b"um"})), gzip.compress(tar({"b": b"dois"}))
OTHER = gzip.compress(tar({"c": b"outra"}))
RIGHT = [digest_of(unpacked(ONE)), digest_of(unpacked(TWO))]


def test_right_layers_are_an_image(shop: Shop) -> None:
    shop.push(ONE, TWO)
    assert [image.diff_ids for image in shop.seen().images] == [tuple(RIGHT)]


@pytest.mark.parametrize(
    "bodies",
    [(ONE, OTHER), (TWO, ONE), (ONE, ONE), (ONE, TWO[:-9]), (ONE, b"lixo"), (ONE,)],
    ids=["another's", "swapped", "twice", "damaged", "no tar", "too few"],
)
def test_other_layers_under_the_right_configuration_are_no_image(
    shop: Shop, bodies: tuple[bytes, ...]
) -> None:
    shop.push(*bodies, claims=RIGHT)
    seen = shop.seen()
    assert (seen.access, seen.images) == (Access.FOUND, ())


def test_the_right_image_in_an_index_is_not_hidden_by_a_wrong_one(shop: Shop, hub: FakeHub) -> None:
    shop.push(ONE, OTHER, claims=RIGHT, name="ana/errada", architecture="arm64")
    shop.push(ONE, TWO)
    both = [
        {"digest": hub.push(name, {"digest": shop.seen(name).digest})} for name in ("ana/app", "ana/errada")
    ]
    hub.push("ana/app", hub.index(*both))
    assert [image.platform.architecture for image in shop.seen().images] == ["amd64"]


def test_a_layer_that_is_not_there_makes_no_image(shop: Shop, hub: FakeHub) -> None:
    shop.push(ONE, TWO)
    hub.remove(digest_of(TWO))
    assert shop.seen().images == ()


def test_an_uncompressed_layer_needs_no_reading(shop: Shop) -> None:
    plain = tar({"a": b"um"})
    shop.push(plain)
    assert shop.seen().images
    assert shop.reads(plain) == 0


def test_each_layer_is_read_once_ever(shop: Shop, hub: FakeHub) -> None:
    shop.push(ONE, TWO)
    assert shop.seen().images
    shop.push(ONE, TWO, name="ana/segunda", author="outra")
    assert shop.seen("ana/segunda").images == shop.seen().images
    assert shop.leaks().unread == 0
    assert sum("/blobs/" in asked and digest_of(ONE) in asked for asked in hub.asked) == 1


def test_a_class_over_one_base_reads_it_once(shop: Shop, hub: FakeHub) -> None:
    for number in range(20):
        shop.push(ONE, gzip.compress(tar({"n": b"%d" % number})), name=f"ana/app{number}")

    async def look(registry: Registry) -> list[RemoteImage]:
        names = (parse(f"ana/app{number}") for number in range(20))
        return await asyncio.gather(*(registry.remote_image(name, ANA) for name in names))

    assert all(len(seen.images) == 1 for seen in shop.ask(look))
    assert sum(digest_of(ONE) in asked for asked in hub.asked) == 1


def test_what_was_learned_is_bounded_and_damage_is_not_believed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layer_notes, "_MOST_BYTES", 2_000)
    for number in range(30):
        shop.push(gzip.compress(tar({"n": b"%d" % number})), name=f"ana/app{number}")
        assert shop.seen(f"ana/app{number}").images
    assert 0 < shop.notes.stat().st_size < 3_000
    shop.notes.write_text(shop.notes.read_text(encoding="utf-8").replace(": ", ":!"), encoding="utf-8")
    assert shop.seen("ana/app29").images
    shop.notes.write_bytes(b"\xff\n\n")
    assert shop.seen("ana/app29").images


def test_a_disk_that_takes_nothing_only_costs_another_reading(shop: Shop) -> None:
    shop.folder = shop.folder / "arquivo"
    shop.folder.touch()
    shop.push(ONE)
    for _ in range(2):
        assert shop.seen().images
    assert shop.reads(ONE) == 2


def test_what_is_looked_for_changes_so_it_is_read_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.push(ONE)
    shop.seen()
    monkeypatch.setattr(layer_notes, "_edition", lambda: "outra")
    shop.seen()
    assert shop.reads(ONE) == 2


@pytest.mark.parametrize("layer", [3, {}, {"digest": "md5:1"}, {"digest": "sha256:../x", "size": "1"}])
def test_a_layer_described_without_sense_makes_no_image(shop: Shop, hub: FakeHub, layer: Any) -> None:
    config = hub.put({**CONFIG, "rootfs": {"diff_ids": RIGHT[:1]}}, OCI_CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
    hub.push("ana/app", hub.put(manifest, MANIFEST))
    assert shop.seen().images == ()
    assert shop.leaks().unread == 1


def test_the_leaks_of_an_image_are_those_of_all_its_layers(shop: Shop) -> None:
    secret, clean = gzip.compress(tar({"app/t": TOKEN})), zstandard.compress(tar({"app/.wh.t": b""}))
    steps = [{"created_by": "COPY t /app/"}, {"created_by": "RUN rm /app/t"}]
    claims = [digest_of(tar({"app/t": TOKEN})), digest_of(tar({"app/.wh.t": b""}))]
    shop.push(secret, clean, claims=claims, history=steps)
    (leak,) = shop.leaks().leaks
    assert (leak.place, leak.name, leak.layer, leak.step) == (Place.FILE, "app/t", 1, "COPY t /app/")
    assert leak.is_removed
    assert shop.leaks().image == shop.seen()


def test_leaks_are_asked_as_the_learner(shop: Shop, hub: FakeHub) -> None:
    shop.push(ONE)
    hub.private.add("ana/app")
    assert shop.leaks().image.access is Access.FOUND
    seen = shop.ask(lambda registry: registry.remote_leaks(APP, None))
    assert (seen.image.access, seen.leaks) == (Access.DENIED, ())


def test_nothing_that_is_kept_holds_the_secret(shop: Shop) -> None:
    shop.push(gzip.compress(tar({"app/t": TOKEN})))
    assert shop.leaks().leaks
    digest, _, noted = shop.notes.read_text(encoding="utf-8").partition(" ")
    assert digest.startswith("sha256:")
    assert json.loads(noted)["spots"] == [["docker_token", "dckr_pat_", "app/t"]]
    assert not any(TOKEN in file.read_bytes() for file in shop.folder.iterdir())
