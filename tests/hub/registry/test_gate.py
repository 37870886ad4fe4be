"""The registry's door, in front of a real one: what must not be written is refused, all else passes."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from hub.accounts.models import User
from hub.registry.gate import standing
from hub.registry.models import ExpectedRepository
from hub.registry.record import expect
from hub.registry.removal import delete_repository
from hub.registry.tokens import LASTS, REFUSED, Access, mint
from hub.repositories.life import activate, archive
from hub.repositories.models import Repository
from hub.repositories.mutability import set_mutability
from hub.repositories.names import RepositoryName
from hub.repositories.privacy import create

if TYPE_CHECKING:
    from tests.hub.registry.conftest import Registry, Reply, SmallImage

PATH = "ana2026/app"
APP, OTHER = RepositoryName("ana2026", "app"), RepositoryName("ana2026", "app-2")
OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
Token = Callable[[str], str]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gate(registry: Registry, settings: Settings, tools: Any, ana: User) -> Iterator[Registry]:
    """The same registry, through its door, where a push to PATH was allowed."""
    expect(APP, private=False)
    port = tools.free_port()
    settings.HUB_GATE_BINDS, settings.HUB_GATE_CERT = [f"127.0.0.1:{port}"], None
    loop, stop = asyncio.new_event_loop(), asyncio.Event()

    async def stand() -> None:
        async with standing():
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(stand()))
    thread.start()
    door = replace(registry, url=f"http://127.0.0.1:{port}")
    tools.wait_for(lambda: tools.ask("GET", f"{door.url}/v2/").status == 401, "a porta responder")
    yield door
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.fixture
def app(ana: User, gate: Registry, small_image: SmallImage, write_token: Token) -> Repository:
    """v1 and latest are there, and what begins with v is immutable."""
    made = create(ana, "app")
    set_mutability(made, True, ["^v"])
    for tag in ("v1", "latest"):
        assert gate.push(PATH, tag, small_image, write_token(PATH)).status == 201
    return made


def refusal(reply: Reply) -> str:
    (error,) = reply.json()["errors"]
    assert (reply.status, error["code"]) == (403, "DENIED")
    message: str = error["message"]
    return message


def test_what_goes_through_is_the_same_to_the_byte(
    gate: Registry, registry: Registry, tools: Any, write_token: Token
) -> None:
    token = write_token(PATH)
    blob = bytes(range(256)) * 40_000  # some pieces
    begun = tools.ask("POST", f"{gate.url}/v2/{PATH}/blobs/uploads/", token, b"")
    assert begun.headers["Location"].startswith(gate.url)
    octets = "application/octet-stream"
    sent = tools.ask("PATCH", begun.headers["Location"], token, blob, Content_Type=octets)
    place = sent.headers["Location"]
    digest = "sha256:" + hashlib.sha256(blob).hexdigest()
    assert tools.ask("PUT", f"{place}&digest={digest}", token, b"").status == 201
    through, direct = (
        tools.ask("GET", f"{one.url}/v2/{PATH}/blobs/{digest}", token) for one in (gate, registry)
    )
    assert through.body == direct.body == blob
    for name in ("Docker-Content-Digest", "Content-Type", "Content-Length", "Etag"):
        assert through.headers[name] == direct.headers[name]
    part = tools.ask("GET", f"{gate.url}/v2/{PATH}/blobs/{digest}", token, Range="bytes=10-19")
    assert (part.status, part.body) == (206, blob[10:20])
    asked = tools.ask("GET", f"{gate.url}/v2/")
    assert (asked.status, asked.headers["WWW-Authenticate"][:7]) == (401, "Bearer ")


def test_an_immutable_tag_is_not_moved_and_all_else_is_pushed(
    app: Repository, gate: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> None:
    token = write_token(PATH)
    assert refusal(gate.push(PATH, "v1", other_image, token)).startswith(
        "tag is immutable: A tag v1 de ana2026/app é imutável"
    )
    assert gate.pull(PATH, "v1", token).body == small_image.manifest
    assert gate.push(PATH, "v1", small_image, token).status == 201  # the same again
    assert gate.push(PATH, "v2", other_image, token).status == 201  # a new one
    assert gate.push(PATH, "latest", other_image, token).status == 201  # no rule holds it
    assert gate.push(PATH, other_image.digest, other_image, token).status == 201
    set_mutability(app, False, [])
    assert gate.push(PATH, "v1", other_image, token).status == 201


@pytest.mark.parametrize("spelling", ["{}/manifests/%76%31", "{}/%6danifests/v1", "{}/manifests/v%31"])
def test_another_spelling_goes_no_other_way(
    app: Repository, gate: Registry, tools: Any, other_image: SmallImage, write_token: Token, spelling: str
) -> None:
    gate.push(PATH, "novo", other_image, write_token(PATH))
    address = f"{gate.url}/v2/" + spelling.format(PATH)
    media_type = "application/vnd.oci.image.manifest.v1+json"
    reply = tools.ask("PUT", address, write_token(PATH), other_image.manifest, Content_Type=media_type)
    assert "imutável" in refusal(reply)


def test_what_an_immutable_tag_leads_to_is_not_deleted(
    app: Repository,
    gate: Registry,
    small_image: SmallImage,
    other_image: SmallImage,
    index: Callable[..., bytes],
    write_token: Token,
) -> None:
    token = write_token(PATH)
    gate.push(PATH, "outra", other_image, token)
    assert gate.put(PATH, "v3", index(other_image), OCI_INDEX, token).status == 201
    for digest in (small_image.digest, other_image.digest):  # v1's own, and a part of v3's index
        assert "imutável" in refusal(gate.delete(PATH, digest, token))
    set_mutability(app, True, ["^v1"])
    assert gate.delete(PATH, other_image.digest, token).status == 202


def test_an_archived_repository_takes_nothing_from_tokens_of_before(
    app: Repository, gate: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> None:
    archive(app)
    token = write_token(PATH)
    said = refusal(gate.push(PATH, "latest", other_image, token))
    assert said.startswith("repository is archived: O repositório ana2026/app está arquivado")
    media_type = "application/vnd.oci.image.manifest.v1+json"
    assert "arquivado" in refusal(gate.put(PATH, "latest", small_image.manifest, media_type, token))
    assert "arquivado" in refusal(gate.delete(PATH, small_image.digest, token))
    assert gate.pull(PATH, "latest", token).body == small_image.manifest


def test_no_layer_is_taken_from_an_immutable_tag_or_an_archived_repository(
    app: Repository, gate: Registry, tools: Any, small_image: SmallImage, write_token: Token
) -> None:
    token, layer = write_token(PATH), f"{gate.url}/v2/{PATH}/blobs/{small_image.layer_digest}"
    said = refusal(tools.ask("DELETE", layer, token))
    assert said.startswith("tag is immutable: O repositório ana2026/app tem tags imutáveis")
    set_mutability(app, False, [])
    archive(app)
    assert "está arquivado" in refusal(tools.ask("DELETE", layer, token))
    assert tools.ask("GET", layer, token).body == small_image.layer
    expect(OTHER, private=False)
    begun = tools.ask("POST", f"{gate.url}/v2/{PATH}-2/blobs/uploads/", write_token(f"{PATH}-2"), b"")
    cancelled = tools.ask("DELETE", begun.headers["Location"], write_token(f"{PATH}-2"))
    assert cancelled.status == 204  # an upload that is given up is no layer
    activate(app)
    assert tools.ask("DELETE", layer, token).status == 202


def test_a_layer_in_one_piece_may_be_larger_than_any_manifest(
    gate: Registry, tools: Any, write_token: Token
) -> None:
    blob = bytes(6_000_000)
    digest = "sha256:" + hashlib.sha256(blob).hexdigest()
    begun = tools.ask("POST", f"{gate.url}/v2/{PATH}/blobs/uploads/", write_token(PATH), blob)
    assert begun.status == 202  # 2.8 does not take it so, and goes on as with any upload
    place = begun.headers["Location"] + f"&digest={digest}"
    octets = "application/octet-stream"
    assert tools.ask("PUT", place, write_token(PATH), blob, Content_Type=octets).status == 201
    too_large = gate.put(PATH, "v1", blob, OCI_INDEX, write_token(PATH))
    assert (too_large.status, too_large.json()["errors"][0]["code"]) == (413, "MANIFEST_INVALID")
    assert too_large.json()["errors"][0]["message"].endswith("são no máximo 4194304 bytes.")


def test_who_may_not_write_learns_nothing(
    app: Repository, gate: Registry, other_image: SmallImage, write_token: Token
) -> None:
    archive(app)
    reader = mint("bia2026", [Access(type="repository", name=PATH, actions=["pull"])]).text
    for token in ("", "x.y.z", write_token("ana2026/outro"), reader):
        reply = gate.put(PATH, "v1", other_image.manifest, OCI_INDEX, token)
        assert (reply.status, reply.json()["errors"][0]["code"]) == (401, "UNAUTHORIZED")


@pytest.mark.parametrize("reads", [["pull"], []])
def test_what_the_token_service_left_to_tell_is_told_where_a_push_begins(
    app: Repository, gate: Registry, tools: Any, other_image: SmallImage, write_token: Token, reads: list[str]
) -> None:
    """Nothing is written, with the gate or past it; and whoever may not look finds nothing, not a 401."""
    gate.push(PATH, "latest", other_image, write_token(PATH))
    sentence = "private repository limit reached: já há um privado."
    told = Access(type=REFUSED, name=PATH, actions=[sentence])
    token = mint("ana2026", [told, Access(type="repository", name=PATH, actions=reads)]).text
    assert refusal(gate.push(PATH, "v7", other_image, token)) == sentence
    assert refusal(gate.put(PATH, "v7", other_image.manifest, OCI_INDEX, token)) == sentence
    assert gate.delete(PATH, other_image.digest, token).status == 401
    blob = f"{gate.url}/v2/{PATH}/blobs/{other_image.layer_digest}"
    assert tools.ask("HEAD", blob, token).status == (200 if reads else 404)
    assert tools.ask("HEAD", blob.replace(PATH, "ana2026/outro"), token).status == 401
    assert tools.ask("GET", blob, token).status == (200 if reads else 401)


def test_past_the_gate_such_a_token_writes_nothing(
    registry: Registry, other_image: SmallImage, ana: User
) -> None:
    told = Access(type=REFUSED, name=PATH, actions=["não pode"])
    assert registry.push(PATH, "v7", other_image, mint("ana2026", [told]).text).status == 401


@pytest.mark.parametrize(("reads_it", "status"), [(True, 201), (False, 202)])
def test_a_mount_from_where_one_may_not_read_is_an_upload(
    gate: Registry,
    registry: Registry,
    tools: Any,
    small_image: SmallImage,
    write_token: Token,
    reads_it: bool,
    status: int,
) -> None:
    """The registry alone answers 401, and containerd then gives up the push."""
    registry.push("bia2026/segredo", "v1", small_image, write_token("bia2026/segredo"))
    granted = [Access(type="repository", name=PATH, actions=["pull", "push"])]
    if reads_it:
        granted.append(Access(type="repository", name="bia2026/segredo", actions=["pull"]))
    query = f"mount={small_image.layer_digest}&from=bia2026%2Fsegredo"
    address = f"{gate.url}/v2/{PATH}/blobs/uploads/?{query}"
    assert tools.ask("POST", address, mint("ana2026", granted).text, b"").status == status


def test_a_token_of_before_its_repository_was_deleted_pushes_nothing(
    app: Repository, gate: Registry, small_image: SmallImage, write_token: Token
) -> None:
    """Or as many private ones could be made as one likes: what the hub does not expect is born private."""
    token = write_token(PATH)
    delete_repository(app)
    said = refusal(gate.push(PATH, "latest", small_image, token))
    assert said.startswith("O repositório ana2026/app foi apagado")
    assert said.endswith("espere 5 minutos.")
    assert "foi apagado" in refusal(gate.put(PATH, "latest", small_image.manifest, OCI_MANIFEST, token))
    expect(APP, private=False)  # as when a new token is asked for
    assert gate.push(PATH, "latest", small_image, token).status == 201
    ExpectedRepository.objects.update(allowed_at=timezone.now() - LASTS)  # of a push long ago
    assert "foi apagado" in refusal(gate.push(PATH, "latest", small_image, token))


@pytest.mark.parametrize("is_erased", [True, False])
def test_a_token_of_an_account_that_is_no_more_pushes_nothing(
    app: Repository, gate: Registry, ana: User, small_image: SmallImage, write_token: Token, is_erased: bool
) -> None:
    """Neither to a new repository nor to one that is still to be deleted."""
    expect(OTHER, private=False)
    if is_erased:
        ana.delete()
    else:
        User.objects.update(is_active=False)
    for path in (PATH, str(OTHER)):
        said = refusal(gate.push(path, "latest", small_image, write_token(path)))
        assert said == f"A conta ana2026 não existe mais, e nada se envia para {path}."
        assert "não existe mais" in refusal(
            gate.put(path, "latest", small_image.manifest, OCI_MANIFEST, write_token(path))
        )


def test_of_two_that_make_the_same_tag_at_once_one_is_refused(
    app: Repository, gate: Registry, small_image: SmallImage, other_image: SmallImage, write_token: Token
) -> None:
    token = write_token(PATH)
    gate.push(PATH, "outra", other_image, token)
    images = [small_image, other_image] * 4
    with ThreadPoolExecutor(len(images)) as pool:
        media_type = "application/vnd.oci.image.manifest.v1+json"
        replies = list(pool.map(lambda one: gate.put(PATH, "v9", one.manifest, media_type, token), images))
    kept = gate.pull(PATH, "v9", token).body
    made = [image.manifest for image, reply in zip(images, replies, strict=True) if reply.status == 201]
    assert made == [kept] * 4
    assert {reply.status for reply in replies} == {201, 403}


def test_a_registry_that_is_away_is_told(
    app: Repository, gate: Registry, registry: Registry, small_image: SmallImage, write_token: Token
) -> None:
    registry.stop()
    for reply in (
        gate.pull(PATH, "v1", write_token(PATH)),
        gate.put(PATH, "v1", b"{}", OCI_INDEX, write_token(PATH)),
    ):
        assert (reply.status, reply.json()["errors"][0]["code"]) == (503, "UNAVAILABLE")
