"""One layer is read whole, whatever it is packed with and whatever its headers say, and within bounds."""

import gzip
import hashlib
import io
import tarfile
import time
import tracemalloc
from collections.abc import Callable, Mapping

import pytest
import zstandard

from checks import unpack
from checks.leaks import Contents, Spot
from checks.secrets import Kind, Secret

TOKEN = b"dckr_pat_q7Rt2uYbN4mZxW8kLpVc3sHd6gJ"
DOCKERS, PASSWORD = Secret(Kind.DOCKER_TOKEN, "dckr_pat_"), Secret(Kind.PASSWORD)
MIB = 1024 * 1024


def tar(files: Mapping[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    body = io.BytesIO()
    with tarfile.open(fileobj=body, mode="w", format=kind) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return body.getvalue()


def digest_of(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def read(body: bytes, seconds: float = 60) -> Contents:
    return unpack.read(io.BytesIO(body), time.monotonic() + seconds)


def skippable(body: bytes) -> bytes:
    """As zstd:chunked has them, beside frames of data."""
    return b"\x50\x2a\x4d\x18" + len(body).to_bytes(4, "little") + body


LONG = "/".join(["pasta"] * 60) + "/token"
FILES = {
    "app/.env": b"DB_PASSWORD=q1w2e3\n",
    "./app/token": b"x" * 300_000 + TOKEN,
    LONG: TOKEN,
    "./.env": b"API_TOKEN=q1w2e3r4",
    "/root/token": TOKEN,
    "app/.wh.velho": b"",
    ".wh.raiz": b"",
    "lib/.wh..wh..opq": b"",
}
SPOTS = {
    (PASSWORD, "app/.env"),
    (DOCKERS, "app/token"),
    (DOCKERS, LONG),
    (PASSWORD, ".env"),
    (DOCKERS, "root/token"),
}


@pytest.mark.parametrize("kind", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize(
    "pack",
    [
        bytes,
        gzip.compress,
        zstandard.compress,
        lambda body: gzip.compress(body[:700]) + gzip.compress(body[700:]),
        lambda body: skippable(b"a") + zstandard.compress(body[:700]) + zstandard.compress(body[700:]),
    ],
    ids=["plain", "gzip", "zstd", "gzip members", "zstd frames"],
)  # fmt: skip
def test_a_layer_is_read_whatever_it_is_packed_with(pack: Callable[[bytes], bytes], kind: int) -> None:
    body = tar(FILES, kind)
    found = read(pack(body))
    assert found.diff_id == digest_of(body)
    assert {(spot.secret, spot.path) for spot in found.spots} == SPOTS
    assert set(found.removed) == {"app/velho", "raiz", "lib/"}


def header(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    """A tar header with whatever size, and a right checksum."""
    block = bytearray(name.ljust(100, b"\0") + b"\0" * 24 + size.ljust(12, b"\0") + b" " * 20 + kind)
    block = bytearray(bytes(block).ljust(512, b"\0"))
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


HOSTILE = {
    "empty": b"",
    "html": b"<html>" + TOKEN,
    "after the end": tar({"a": b"b"}) + TOKEN,
    "a size past the end": header(b"a", b"77777777777") + TOKEN,
    "a size of 2**88": header(b"a", b"\x80" + b"\xff" * 11) + TOKEN,
    "a negative size": header(b"a", b"\xff" * 12) + TOKEN,
    "a size that is none": header(b"a", b"zz") + TOKEN,
    "a wrong checksum": header(b"a", b"1")[:-1] + b"\x01" + TOKEN,
    "a name of 8 GB": header(b"a", b"77777777777", b"L") + TOKEN,
    "a name of 8 GB, in pax": header(b"a", b"77777777777", b"x") + TOKEN,
    "a symlink with a size": header(b"a", b"7777", b"2") + TOKEN,
    "half a header": header(b"a", b"1")[:300] + TOKEN,
    "pax without a path": header(b"p", b"7", b"x") + b"1 x=y\n".ljust(512, b"\0") + TOKEN,
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_whatever_the_headers_say_all_of_it_is_read(body: bytes) -> None:
    start = time.monotonic()
    for packed in (body, gzip.compress(body)):
        found = read(packed)
        assert found.diff_id == digest_of(body)
        assert {spot.secret for spot in found.spots} == ({DOCKERS} if TOKEN in body else set())
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(tar(FILES))[:-20],
        gzip.compress(tar(FILES))[:50],
        b"\x1f\x8b" + b"\0" * 50,
        gzip.compress(b"a") + b"lixo",
        b"\x28\xb5\x2f\xfd" + b"\xff" * 50,
    ],
    ids=["cut", "cut at the start", "no gzip", "something after", "no zstd"],
)
def test_a_damaged_layer_unpacks_to_nothing(body: bytes) -> None:
    assert read(body).diff_id is None


def test_a_bomb_is_left_before_it_fills_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "LARGEST", 24 * MIB)
    bombs = gzip.compress(b"abcdefgh" * (4 * MIB), 1), zstandard.compress(bytes(32 * MIB))
    tracemalloc.start()
    try:
        for packed in bombs:
            with pytest.raises(unpack.LayerTooLarge):
                read(packed)
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


def test_a_window_of_zstd_larger_than_the_memory_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=30, write_content_size=False)
    packed = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    assert read(packed.compress(b"abc" * 1000) + packed.flush()).diff_id is None


def test_a_million_empty_files_take_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "_NAMED", 20_000)  # a tenth, for a layer of a tenth
    start = time.process_time()
    found = read(header(b"a", b"0") * 100_000 + TOKEN)
    assert found.spots == (Spot(DOCKERS, ""),)
    assert time.process_time() - start < 3


def test_a_thousand_secrets_are_not_all_kept() -> None:
    assert 1 < len(read(tar({str(number): TOKEN for number in range(1000)})).spots) < 100


def test_time_is_up_when_it_is() -> None:
    with pytest.raises(unpack.OutOfTime):
        read(tar(FILES), seconds=-1)
